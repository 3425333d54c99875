from __future__ import annotations

import json

import pytest

from presgen.api.problems import problem_of
from presgen.errors import (
    BadInput,
    BadRecord,
    DeliveryBlocked,
    IllegalTransition,
    PresGenError,
    QualityRejected,
    StoreUnavailable,
    UnknownName,
)
from tests.desks import make_desk, send


@pytest.mark.parametrize(
    ("error", "status", "kind"),
    [
        (BadInput("no"), 422, "bad-input"),
        (BadRecord("answers[3].options", "null", "give some."), 422, "bad-record"),
        (UnknownName("format", "x", ("square",)), 422, "unknown-name"),
        (IllegalTransition("no"), 409, "illegal-transition"),
        (QualityRejected("lesson-1", ("loud",)), 409, "quality-rejected"),
        (DeliveryBlocked("full.", "make room."), 409, "delivery-blocked"),
        (StoreUnavailable("sqlite:////srv/ledger.sqlite is locked"), 503, "store-unavailable"),
        (PresGenError("what?"), 500, "unexpected"),
    ],
)
def test_every_error_of_ours_is_an_answer_with_a_kind_of_its_own(error, status, kind):
    answer = problem_of(error).response()

    problem = json.loads(bytes(answer.body))
    assert (answer.status_code, problem["status"]) == (status, status)
    assert problem["type"] == f"urn:presgen:problem:{kind}"
    assert problem["detail"]
    assert problem.get("retry_helps", False) is (status == 503)


def test_an_answer_names_no_file_of_the_server():
    told = problem_of(BadInput("The source '/srv/data/records.jsonl' cannot be read.")).details.detail

    assert told == "The source '…' cannot be read."


def test_what_is_away_is_not_named_and_may_be_asked_again():
    refusal = problem_of(StoreUnavailable("The ledger at postgresql://presgen@db/x cannot be opened"))

    assert "postgresql" not in refusal.details.model_dump_json()
    assert refusal.headers["Retry-After"]


def test_a_place_in_a_record_becomes_a_pointer():
    [fault] = problem_of(BadRecord("answers[3].options", "null", "give some.")).details.errors

    assert fault.pointer == "#/record/answers/3/options"


def test_what_is_not_there_and_what_is_not_taken_are_problems_too(tmp_path):
    desk = make_desk(tmp_path)

    missing, wrong = send(desk, "GET", "/nothing"), send(desk, "DELETE", "/create-video")

    assert (missing.status_code, wrong.status_code) == (404, 405)
    assert wrong.headers["allow"] == "POST"
    for answer in (missing, wrong):
        assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.logs_errors
def test_a_fault_of_ours_is_logged_and_not_told(tmp_path, monkeypatch):
    desk = make_desk(tmp_path)

    def fails(*_: object, **__: object) -> None:
        raise RuntimeError("secret: hunter2")

    monkeypatch.setattr("presgen.api.routes.orders._record_of", fails)
    answer = send(desk, "POST", "/create-video", json={})

    assert answer.status_code == 500
    assert "hunter2" not in answer.text
    assert answer.json()["type"] == "urn:presgen:problem:unexpected"
