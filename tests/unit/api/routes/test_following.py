"""A video is watched while it is really being made."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import httpx
import pytest

from presgen import pipeline
from presgen.api.views import VideoStatus
from presgen.client.calls import PREFIX
from presgen.ledger import Ledger
from presgen.model.lesson import LessonStatus
from presgen.night import Night
from tests.desks import RIGHTS, TestDesk, client_of, make_desk, transport_of
from tests.nights import make_learner_record, write_records

NIGHT = "scheduled__2026-11-22T02:00:00+00:00"


@pytest.fixture
def desk(tmp_path) -> TestDesk:
    return make_desk(tmp_path)


@pytest.fixture
def source(tmp_path) -> str:
    return write_records(tmp_path, [make_learner_record()])


@pytest.fixture
def lesson_id(desk: TestDesk, source: str) -> str:
    """A lesson that nothing is made of yet."""
    [learner] = pipeline.load_learners(night_of(desk), source)
    return learner.lesson_id


def night_of(desk: TestDesk) -> Night:
    return Night(NIGHT, desk.settings, desk.workspace, desk.ledger)


def web(desk: TestDesk) -> httpx.AsyncClient:
    headers = {"Authorization": "Bearer viewer"}
    return httpx.AsyncClient(
        transport=transport_of(desk), base_url=f"http://airflow{PREFIX}", headers=headers
    )


@pytest.mark.slow
def test_whoever_waits_or_follows_or_asks_again_sees_a_lesson_being_made(desk, lesson_id, source):
    async def poll(client: httpx.AsyncClient) -> list[VideoStatus]:
        """Ask for news until it is over, as often as it takes."""
        told: list[VideoStatus] = []
        etag = ""
        while not told or not told[-1].over:
            answer = await client.get(
                f"/videos/{lesson_id}/status?wait=60", headers={"If-None-Match": etag} if etag else {}
            )
            assert (answer.status_code, answer.headers["ETag"] != etag) == (200, True)
            etag = answer.headers["ETag"]
            told.append(VideoStatus.model_validate_json(answer.content))
        return told

    async def follow(client: httpx.AsyncClient) -> list[VideoStatus]:
        answer = await client.get(f"/videos/{lesson_id}/events")
        blocks = [block for block in answer.text.split("\n\n") if block.startswith("event: status")]
        return [VideoStatus.model_validate_json(block.split("\ndata: ")[1]) for block in blocks]

    async def once() -> Any:
        async with web(desk) as client, client_of(desk, "viewer") as ours:
            waiting = [poll(client), follow(client), ours.wait(lesson_id, at_most=120)]
            tasks = [asyncio.create_task(each) for each in waiting]
            await asyncio.sleep(0.5)
            assert not any(task.done() for task in tasks)
            await asyncio.to_thread(pipeline.produce, night_of(desk), source)
            return await asyncio.gather(*tasks)

    polled, followed, last = asyncio.run(once())

    for told in (polled, followed):
        assert (told[0].status, told[0].percent) == ("pending", 0)
        assert (told[-1].status, told[-1].percent) == ("published", 100)
        assert [each.percent for each in told] == sorted(each.percent for each in told)
    assert last == polled[-1].model_copy(update={"assets": last.assets, "captions": last.captions})


def test_news_reaches_whoever_waits_at_once(desk, lesson_id):
    async def once() -> tuple[httpx.Response, VideoStatus]:
        async with web(desk) as client:
            first = await client.get(f"/videos/{lesson_id}/status")
            question = client.get(
                f"/videos/{lesson_id}/status?wait=60", headers={"If-None-Match": first.headers["ETag"]}
            )
            waiting = asyncio.create_task(question)
            await asyncio.sleep(0.2)
            await asyncio.to_thread(fail, desk.ledger, lesson_id)
            return first, VideoStatus.model_validate_json((await asyncio.wait_for(waiting, 30)).content)

    first, told = asyncio.run(once())

    assert json.loads(first.content)["status"] == "pending"
    assert (told.status, told.over) == ("failed", True)
    assert told.error is not None
    assert told.error.detail == "too long"


def test_nobody_looks_for_news_for_whoever_has_gone(desk, lesson_id):
    async def once() -> list[Any]:
        transport = transport_of(desk)
        async with web(desk) as client:
            etag = (await client.get(f"/videos/{lesson_id}/status")).headers["ETag"]
        sent: list[Any] = []
        scope = {
            "type": "http",
            "method": "GET",
            "path": f"{PREFIX}/videos/{lesson_id}/status",
            "query_string": b"wait=60",
            "headers": [(b"authorization", b"Bearer viewer"), (b"if-none-match", etag.encode())],
        }

        async def gone() -> dict[str, str]:
            return {"type": "http.disconnect"}

        async def send(message: Any) -> None:
            sent.append(message)

        await asyncio.wait_for(transport.app(scope, gone, send), 30)
        return sent

    assert asyncio.run(once())[0]["status"] == 304


def test_a_stream_ends_when_its_video_is_erased(desk, lesson_id, monkeypatch):
    async def once() -> httpx.Response:
        async with web(desk) as client:
            following = asyncio.create_task(client.get(f"/videos/{lesson_id}/events"))
            await asyncio.sleep(0.3)
            # What an erasure leaves: nobody's lesson.
            monkeypatch.setattr(type(desk.ledger.overview), "is_seen_by", lambda *_: False)
            return await asyncio.wait_for(following, 30)

    assert asyncio.run(once()).text.count("event: status") == 1


def test_a_stream_ends_when_whoever_follows_loses_the_role(desk, lesson_id, monkeypatch):
    """Whatever was found out about them before is remembered with the request, as Airflow does."""
    before = desk.who

    async def who(request):
        if not hasattr(request.state, "known"):
            request.state.known = await before(request)
        return request.state.known

    desk.who = who

    async def once() -> tuple[httpx.Response, httpx.Response]:
        async with web(desk) as client:
            first = await client.get(f"/videos/{lesson_id}/status")
            following = asyncio.create_task(client.get(f"/videos/{lesson_id}/events"))
            waiting = asyncio.create_task(
                client.get(
                    f"/videos/{lesson_id}/status?wait=60", headers={"If-None-Match": first.headers["ETag"]}
                )
            )
            await asyncio.sleep(0.3)
            assert not following.done()
            monkeypatch.setitem(RIGHTS, "viewer", frozenset())
            return await asyncio.wait_for(following, 30), await asyncio.wait_for(waiting, 30)

    followed, waited = asyncio.run(once())

    assert followed.text.count("event: status") == 1
    assert waited.status_code == 403


def fail(ledger: Ledger, lesson_id: str) -> None:
    ledger.end(lesson_id, LessonStatus.FAILED, run_id=NIGHT, cause="BadScript", reason="too long")
