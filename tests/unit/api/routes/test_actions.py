from __future__ import annotations

import asyncio
from typing import Any

import pytest

from presgen import pipeline
from presgen.api.runs import Question
from presgen.api.views import VideoRequest
from presgen.client import Conflict, NotAllowed, NotFound
from presgen.ledger import OrderState, SectionOutcome
from presgen.model.lesson import LessonStatus
from presgen.night import Night
from tests.desks import TestDesk, client_of, make_desk, send
from tests.nights import make_learner_record, write_records

NIGHT = "scheduled__2026-11-22T02:00:00+00:00"
KEY = "4f" * 32


@pytest.fixture
def desk(tmp_path) -> TestDesk:
    return make_desk(tmp_path)


def do(desk: TestDesk, action: str, *names: Any, who: str = "owner", **more: Any) -> Any:
    async def once() -> Any:
        async with client_of(desk, who) as client:
            return await getattr(client, action)(*names, **more)

    return asyncio.run(once())


@pytest.fixture
def ordered(desk: TestDesk) -> str:
    """A video of owner's whose run is under way."""
    taken = do(desk, "create_video", VideoRequest(record=make_learner_record()))
    desk.runs.states = dict.fromkeys(desk.runs.states, "running")
    return taken.video_id


@pytest.fixture
def nightly(desk: TestDesk, tmp_path) -> str:
    """A lesson of a night that is under way, planned."""
    desk.runs.states[NIGHT] = "running"
    night = Night(NIGHT, desk.settings, desk.workspace, desk.ledger)
    [learner] = pipeline.load_learners(night, write_records(tmp_path, [make_learner_record()]))
    pipeline.plan_sections(night, [learner])
    return learner.lesson_id


def test_an_order_is_cancelled_with_its_whole_run(desk, ordered):
    do(desk, "cancel", ordered)

    assert desk.runs.calls[-1] == ("stop", f"order__{ordered}", None)
    assert desk.ledger.orders.order(ordered).state is OrderState.CANCELLED


def test_a_lesson_of_a_night_is_cancelled_alone_and_ends_in_the_ledger(desk, nightly):
    do(desk, "cancel", nightly, who="operator")

    lesson = desk.ledger.lesson(nightly)
    assert desk.runs.calls[-1] == ("stop", NIGHT, lesson.pseudonym)
    assert (lesson.status, lesson.cause) == (LessonStatus.FAILED, "Cancelled")
    with pytest.raises(Conflict, match="nothing to stop"):
        do(desk, "cancel", nightly, who="operator")


def test_a_video_that_is_being_made_is_not_made_again_beside_itself(desk, ordered):
    with pytest.raises(Conflict, match="being made"):
        do(desk, "retry", ordered)


def test_a_cancelled_order_is_made_again_when_it_is_retried(desk, ordered):
    do(desk, "cancel", ordered)
    desk.runs.states[f"order__{ordered}"] = "failed"

    do(desk, "retry", ordered)

    assert desk.runs.calls[-1] == ("repeat", f"order__{ordered}", None, ())
    assert desk.ledger.orders.order(ordered).state is OrderState.STARTED


def test_a_video_that_is_made_again_no_longer_says_how_it_ended(desk, nightly):
    desk.ledger.end(nightly, LessonStatus.FAILED, run_id=NIGHT, cause="BadScript", reason="too long")
    desk.runs.states[NIGHT] = "failed"

    do(desk, "retry", nightly, who="operator")

    assert desk.ledger.lesson(nightly).status is LessonStatus.PENDING


def test_a_video_that_may_not_be_made_again_stays_as_it_ended(desk, nightly):
    desk.ledger.end(nightly, LessonStatus.FAILED, run_id=NIGHT, cause="BadScript", reason="too long")
    desk.runs.states[NIGHT] = "failed"
    desk.runs.forbids = True

    with pytest.raises(NotAllowed):
        do(desk, "retry", nightly, who="operator")

    lesson = desk.ledger.lesson(nightly)
    assert (lesson.status, lesson.cause) == (LessonStatus.FAILED, "BadScript")


def test_a_section_is_made_again_with_its_video_alone(desk, nightly):
    desk.ledger.end(nightly, LessonStatus.FAILED, run_id=NIGHT, cause="X", reason="")
    desk.runs.states[NIGHT] = "failed"
    content = desk.ledger.contents.of(nightly)
    [key] = [part.key for part in content.parts if part.kind == "deep_dive"]
    desk.ledger.set_approval(NIGHT, key, approved=False, by="somebody")

    do(desk, "retry", nightly, section=key, who="operator")

    lesson = desk.ledger.lesson(nightly)
    assert desk.runs.calls[-1] == ("repeat", NIGHT, lesson.pseudonym, (key,))
    assert lesson.status is LessonStatus.PENDING
    assert desk.ledger.approval(key) is None


def test_a_section_of_another_video_is_not_there(desk, nightly):
    with pytest.raises(NotFound):
        do(desk, "retry", nightly, section=KEY, who="operator")


@pytest.mark.parametrize("action", ["cancel", "retry"])
def test_nobody_acts_on_what_is_somebody_else_s(desk, ordered, nightly, action):
    with pytest.raises(NotFound):
        do(desk, action, ordered, who="other")
    with pytest.raises(NotFound):
        do(desk, action, ordered, who="viewer")
    with pytest.raises(NotAllowed):
        do(desk, action, nightly)
    with pytest.raises(NotFound):
        do(desk, action, "video-0123456789abcdef01234567")


def ask(subject: str) -> Question:
    return Question(task="lesson.qa", index=0, subject=subject, body="", asked="2026-11-22T02:00:00Z")


def test_what_waits_for_a_word_gets_it(desk, ordered):
    desk.runs.asked = (ask("Warnings on the lesson of learner-a"), ask("New section: deep-dive-ports"))

    answer = send(
        desk,
        "POST",
        f"/videos/{ordered}/approval",
        json={"approved": True, "subject": "New section: deep-dive-ports"},
    )

    assert answer.status_code == 200
    assert desk.runs.calls[-1] == ("answer", f"order__{ordered}", "New section: deep-dive-ports", True)
    assert len([call for call in desk.runs.calls if call[0] == "answer"]) == 1


def test_of_a_night_only_the_lesson_s_own_questions_are_answered(desk, nightly):
    pseudonym = desk.ledger.lesson(nightly).pseudonym
    desk.runs.asked = (ask("Warnings on the lesson of learner-bbbbbbbbbbbb"), ask(f"Warnings on {pseudonym}"))

    send(desk, "POST", f"/videos/{nightly}/approval", "operator", json={"approved": False})

    assert [call[2:] for call in desk.runs.calls] == [(f"Warnings on {pseudonym}", False)]


def test_nothing_is_answered_where_nothing_is_asked(desk, ordered):
    assert send(desk, "POST", f"/videos/{ordered}/approval", json={"approved": True}).status_code == 409


def note_section(desk: TestDesk, kind: str = "deep_dive") -> None:
    desk.ledger.begin_run(NIGHT)
    desk.ledger.note_section(NIGHT, KEY, SectionOutcome.RENDERED, slug="deep-dive-ports", kind=kind)


def test_a_retired_section_is_refused_for_everybody(desk):
    note_section(desk)

    answer = send(desk, "POST", f"/sections/{KEY}/retire")

    assert answer.json() == {"key": KEY, "slug": "deep-dive-ports", "approved": False}
    decided = desk.ledger.approval(KEY)
    assert (decided.approved, decided.by) == (False, "owner by name")


def test_only_what_lies_in_the_store_is_approved(desk):
    note_section(desk)

    assert send(desk, "POST", f"/sections/{KEY}/approve").status_code == 409


@pytest.mark.parametrize("action", ["approve", "retire"])
def test_sections_of_one_learner_and_unknown_ones_are_nobody_s_to_decide(desk, action):
    note_section(desk, kind="opening")

    assert send(desk, "POST", f"/sections/{KEY}/{action}").status_code == 404
    assert send(desk, "POST", f"/sections/{'a' * 64}/{action}").status_code == 404
    assert send(desk, "POST", f"/sections/{KEY}/{action}", "viewer").status_code == 403


def test_what_is_cancelled_twice_stays_cancelled(desk, ordered):
    do(desk, "cancel", ordered)
    do(desk, "cancel", ordered)

    assert desk.ledger.orders.order(ordered).state is OrderState.CANCELLED


def test_an_order_that_came_to_nothing_is_not_cancelled_afterwards(desk, ordered):
    desk.runs.states[f"order__{ordered}"] = "failed"

    with pytest.raises(Conflict, match="nothing to stop"):
        do(desk, "cancel", ordered)

    assert desk.ledger.orders.order(ordered).state is OrderState.STARTED


def test_an_order_whose_run_may_not_be_stopped_is_not_cancelled(desk, ordered):
    desk.runs.forbids = True

    with pytest.raises(NotAllowed):
        do(desk, "cancel", ordered)

    assert desk.ledger.orders.order(ordered).state is OrderState.STARTED


def test_a_cancelled_order_that_may_not_be_made_again_stays_cancelled(desk, ordered):
    do(desk, "cancel", ordered)
    desk.runs.forbids = True

    with pytest.raises(NotAllowed):
        do(desk, "retry", ordered)

    assert desk.ledger.orders.order(ordered).state is OrderState.CANCELLED


def test_whoever_retries_what_somebody_cancels_at_that_moment_is_told(desk, ordered, monkeypatch):
    desk.runs.states[f"order__{ordered}"] = "failed"

    async def repeat(request, run_id, learner=None, sections=()):
        desk.runs.states[run_id] = "running"
        async with client_of(desk) as somebody:
            await somebody.cancel(ordered)

    monkeypatch.setattr(desk.runs, "repeat", repeat)

    with pytest.raises(Conflict, match="cancelled the video meanwhile"):
        do(desk, "retry", ordered)

    assert desk.ledger.orders.order(ordered).state is OrderState.CANCELLED
    assert desk.runs.states[f"order__{ordered}"] == "failed"


def test_a_lesson_that_was_entered_while_its_order_was_being_cancelled_is_told_as_cancelled(desk, ordered):
    do(desk, "cancel", ordered)
    order = desk.ledger.orders.order(ordered)
    desk.ledger.begin_run(order.run_id)
    entered = {"pseudonym": order.pseudonym, "certification": "c", "record": "r"}
    desk.ledger.enter_lesson(order.run_id, order.lesson_id, **entered)

    told = send(desk, "GET", f"/videos/{ordered}").json()

    assert (told["status"], told["over"], told["error"]["type"]) == ("cancelled", True, "Cancelled")
