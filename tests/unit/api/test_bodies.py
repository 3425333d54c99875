from __future__ import annotations

import asyncio
import json

import httpx
import pytest

from presgen.client.calls import PREFIX
from tests.desks import make_desk, send, transport_of

OBJECTIVES = {"objectives": ["ports"]}


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    return make_desk(tmp_path_factory.mktemp("desk"))


def post(desk, content, kind="application/json", who="owner"):
    return send(desk, "POST", "/generate-script", who, content=content, headers={"Content-Type": kind})


def nested(levels):
    return "[" * levels + "]" * levels


@pytest.mark.parametrize(
    ("content", "status", "told"),
    [
        (b"", 400, "empty"),
        (b"{", 400, "broken JSON"),
        (b"\xff{}", 400, "not UTF-8"),
        (nested(100_000), 400, "nested too deeply"),
        ('{"objectives": ' + nested(40) + "}", 422, "more than 32 levels"),
        ('{"objectives": ["a"], "objectives": ["b"]}', 422, "more than once"),
        ('{"seconds": NaN}', 422, "NaN"),
        ('{"seconds": 1e999}', 422, "1.8e308"),
        ('{"seconds": "120"}', 422, "valid number"),
        (json.dumps({"objectives": ["x" * 4097]}), 422, "4,097 characters"),
        (json.dumps({"objectives": ["a\0b"]}), 422, "U+0000"),
        (json.dumps({"objectives": ["a\u202eb"]}), 422, "U+202E"),
        (json.dumps({"objectives": ["a\ud800b"]}), 422, "U+D800"),
        (json.dumps({"objectives": ["a"], "b\u2066c": 1}), 422, "a name that is none"),
        (json.dumps({"objectives": ["a"], "more": 1}), 422, "Extra inputs"),
        ("[]", 422, "object"),
    ],
)
def test_what_no_request_may_hold_is_refused(desk, content, status, told):
    answer = post(desk, content)

    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert told in problem["detail"] + json.dumps(problem.get("errors", []))


def test_a_fault_has_a_pointer_to_its_place(desk):
    answer = post(desk, json.dumps({"objectives": ["fine", {"skill_id": "a"}]}))

    pointers = [each["pointer"] for each in answer.json()["errors"]]
    assert all(pointer.startswith("#/objectives/") for pointer in pointers)


def test_what_was_sent_is_not_repeated(desk):
    answer = post(desk, json.dumps({"objectives": [{"skill_id": "Ada Example"}], "seconds": "Ada Example"}))

    assert answer.status_code == 422
    assert "Ada" not in answer.text


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", ""])
def test_nothing_but_json_is_taken(desk, kind):
    answer = post(desk, json.dumps(OBJECTIVES), kind)

    assert answer.status_code == 415
    assert "application/json" in answer.json()["remedy"]


def test_a_body_that_says_it_is_too_large_is_not_read(desk):
    assert post(desk, b" " * (256 * 1024 + 1)).status_code == 413


def test_a_body_that_turns_out_too_large_is_read_no_further(desk):
    sent = 0

    async def endless():
        nonlocal sent
        while sent < 10_000_000:
            sent += 65_536
            yield b" " * 65_536

    async def ask():
        async with httpx.AsyncClient(transport=transport_of(desk), base_url="http://airflow") as client:
            headers = {"Authorization": "Bearer owner", "Content-Type": "application/json"}
            return await client.post(f"{PREFIX}/generate-script", headers=headers, content=endless())

    answer = asyncio.run(ask())

    assert answer.status_code == 413
    assert sent < 1_000_000


def test_a_stranger_s_body_is_not_even_looked_at(desk):
    assert post(desk, b"{", "text/plain", who="").status_code == 401
