from __future__ import annotations

import httpx
import pytest

from presgen.api.guards import TokenBuckets
from tests.desks import make_desk, send


@pytest.fixture
def desk(tmp_path):
    return make_desk(tmp_path)


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_a_bucket_is_full_at_first_and_fills_evenly():
    clock = Clock()
    buckets = TokenBuckets(burst=2, a_minute=60, clock=clock)

    taken = [buckets.take("ada") for _ in range(3)]
    clock.now += 1.0
    later = buckets.take("ada")

    assert [each.allowed for each in taken] == [True, True, False]
    assert taken[2].wait == pytest.approx(1.0)
    assert later.allowed


def test_a_bucket_never_holds_more_than_at_first():
    clock = Clock()
    buckets = TokenBuckets(burst=2, a_minute=60, clock=clock)
    buckets.take("ada")

    clock.now += 3_600

    assert [buckets.take("ada").allowed for _ in range(3)] == [True, True, False]


def test_everybody_has_a_bucket_of_their_own():
    buckets = TokenBuckets(burst=1, a_minute=1, clock=Clock())

    assert buckets.take("ada").allowed
    assert buckets.take("bo").allowed


def test_whoever_changes_things_too_often_is_told_when_to_come_back(desk):
    import asyncio

    from tests.desks import transport_of

    async def ask() -> list[httpx.Response]:
        headers = {"Authorization": "Bearer owner"}
        async with httpx.AsyncClient(transport=transport_of(desk), base_url="http://airflow") as client:
            return [
                await client.post("/api/v1/avatar/generate-script", headers=headers, json={})
                for _ in range(45)
            ]

    answers = asyncio.run(ask())

    assert {answer.status_code for answer in answers} == {422, 429}
    last = answers[-1]
    assert int(last.headers["retry-after"]) >= 1
    assert last.headers["ratelimit"].startswith('"changing";r=0')
    assert last.json()["retry_helps"] is True


@pytest.mark.parametrize("path", ["/videos?q=%00", "/videos?run_id=a%00b", "/sections?q=%00"])
def test_a_query_holds_nothing_that_a_database_would_choke_on(desk, path):
    answer = send(desk, "GET", path)

    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "query")


def test_a_cookie_alone_changes_nothing(desk):
    by_cookie = {"headers": {"Cookie": "_token=owner"}, "json": {}}

    refused = send(desk, "POST", "/generate-script", "", **by_cookie)

    assert (refused.status_code, refused.json()["type"]) == (403, "urn:presgen:problem:not-intended")


def test_a_cookie_and_a_header_of_our_own_do(desk):
    headers = {"Cookie": "_token=owner", "X-PresGen-Request": "1"}

    assert send(desk, "POST", "/generate-script", "", headers=headers, json={}).status_code == 422
