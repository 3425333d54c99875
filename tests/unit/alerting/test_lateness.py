from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from presgen.alerting import Awaited, Notice, NoticeKind, Topic, late_notice
from presgen.model.lesson import LessonStatus
from tests.unit.alerting.conftest import NIGHT

NOW = datetime.now(UTC)
HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)


def late(book: Any, *, now: datetime | None = None, due: datetime | None = NOW - MINUTE, **more: Any):
    awaited = Awaited(run_id=NIGHT, since=NOW - 4 * HOUR, due=due)
    return late_notice(book.ledger, awaited, now or datetime.now(UTC), **more)


def found(notice: Notice | None) -> Notice:
    assert notice is not None
    return notice


def test_a_night_before_its_deadline_tells_nothing(book):
    book.lesson(LessonStatus.PENDING)

    assert late(book, due=datetime.now(UTC) + HOUR) is None


def test_a_night_without_a_deadline_tells_nothing(book):
    book.lesson(LessonStatus.PENDING)

    assert late(book, due=None, now=NOW + 1000 * HOUR) is None


def test_a_night_past_its_deadline_tells_how_many_are_late_and_where_they_are(book):
    book.lessons(3, LessonStatus.PUBLISHED)
    book.lessons(2, LessonStatus.AVATAR_RENDERING)
    book.lesson(LessonStatus.SCRIPT_GENERATED)
    book.lesson(LessonStatus.NOT_NEEDED)
    book.lesson(LessonStatus.FAILED, cause="CorruptMedia")

    notice = found(late(book))

    assert (notice.kind, notice.topic) == (NoticeKind.DEADLINE_MISSED, Topic.LATENESS)
    assert notice.title == "The night is late: 3 of 7 lessons not done"
    assert (notice.affected, notice.of) == (3, 7)
    facts = dict(notice.facts)
    assert facts["Delivered"] == "3 of 7 lessons"
    assert facts["Failed"] == "1 lesson"
    assert facts["Not done"].endswith("2 being rendered")
    assert {group.cause: group.count for group in notice.groups} == {
        "avatar_rendering": 2,
        "script_generated": 1,
    }


def test_it_ended_well_in_time_and_nothing_is_told_however_late_somebody_asks(book):
    book.lesson(LessonStatus.PUBLISHED)
    book.ledger.end_run(NIGHT, passed=True)

    assert late(book, due=datetime.now(UTC) + MINUTE, now=datetime.now(UTC) + HOUR) is None


def test_a_night_that_ended_late_is_told_as_over(book):
    book.lesson(LessonStatus.PUBLISHED)
    book.ledger.end_run(NIGHT, passed=True)

    notice = found(late(book, due=datetime.now(UTC) - 2 * HOUR))

    assert notice.title == "The night ended 2 h after its deadline"
    assert notice.affected == 0
    assert notice.todo[0] == "Nothing has to be done tonight."


@pytest.mark.parametrize("topic", ["run", "lessons", "delivery"])
def test_after_a_failure_that_was_told_lateness_is_not(book, topic):
    book.lesson(LessonStatus.PENDING)
    book.ledger.alerts.reserve(NIGHT, topic, "mail", "run_failed")
    assert late(book) is not None  # nobody has it yet

    book.ledger.alerts.note_sent(NIGHT, topic, "mail")

    assert late(book) is None


def test_a_night_that_never_read_its_source_says_so(book):
    notice = found(late(book))

    assert notice.title == "The night is late: no lesson has been begun"
    assert "`load_learners` has not ended" in notice.likely_cause


def test_the_slowest_stage_is_the_one_that_took_most_of_the_time(book):
    book.lesson(LessonStatus.AVATAR_RENDERING)
    for _ in range(3):
        book.stage("avatar_render", 100.0)
    book.stage("tts_synthesize", 250.0)

    facts = dict(found(late(book)).facts)

    assert facts["Slowest stage"] == "avatar_render: 5 min in 3 times, the longest 1 min 40 s"


def test_a_night_in_which_nothing_moves_is_told_from_one_that_works(book):
    book.lesson(LessonStatus.AVATAR_RENDERING)

    still = found(late(book, now=datetime.now(UTC) + 2 * HOUR))

    assert still.likely_cause.startswith("Nothing has happened for 2 h")
    assert any("Nothing moves" in step for step in still.todo)
    assert any("It moves" in step for step in found(late(book)).todo)


def test_a_night_in_which_no_stage_ends_any_more_says_what_is_under_way(book):
    book.lesson(LessonStatus.AVATAR_RENDERING)
    book.stage("avatar_render", 10.0)
    now = datetime.now(UTC) + 10 * MINUTE
    awaited = Awaited(run_id=NIGHT, since=now - 30 * MINUTE, due=now - MINUTE)

    cause = found(late_notice(book.ledger, awaited, now)).likely_cause

    assert cause.startswith("No stage has ended for 10 min")
    assert cause.endswith("(1 being rendered).")


def test_waiting_for_a_worker_is_told_and_is_no_work(book):
    book.lesson(LessonStatus.AVATAR_RENDERING)
    book.stage("avatar_render", 10.0)
    book.stage("render_wait", 7200.0)

    facts = dict(found(late(book)).facts)

    assert facts["Slowest stage"].startswith("avatar_render: 10 s")
    assert facts["Longest wait for a worker"] == "2 h"


def test_a_stage_that_fails_again_and_again_is_the_likely_cause(book):
    book.lesson(LessonStatus.AVATAR_RENDERING)
    for _ in range(3):
        book.stage("avatar_render", 10.0, outcome="failed", cause="StoreUnavailable")
    book.stage("avatar_render", 10.0)

    assert found(late(book)).likely_cause == (
        "`avatar_render` fails and is tried again: 3 of 4 times, mostly StoreUnavailable."
    )


def test_a_stage_slower_than_in_earlier_nights_is_the_likely_cause(book):
    for night in ("night-a", "night-b"):
        book.ledger.begin_run(night)
        book.stage("avatar_render", 10.0, run_id=night)
        book.ledger.end_run(night, passed=True)
    book.lesson(LessonStatus.AVATAR_RENDERING)
    book.stage("avatar_render", 31.0)

    assert "takes 31 s a time, 3.1 times as long as in earlier nights" in found(late(book)).likely_cause


def test_a_night_with_too_much_to_do_says_when_it_will_be_done(book):
    book.lessons(4, LessonStatus.PUBLISHED)
    book.lessons(2, LessonStatus.SCRIPT_GENERATED)

    cause = found(late(book)).likely_cause

    assert cause.startswith("More to do than the time allows: 4 lessons done in 4 h")
    assert "the rest takes 2 h" in cause


def test_single_lessons_that_took_too_long_are_told_when_the_night_was_in_time(book):
    book.lessons(2, LessonStatus.PUBLISHED)
    book.ledger.end_run(NIGHT, passed=True)
    due = datetime.now(UTC) + HOUR

    assert late(book, due=due, lesson_deadline=HOUR) is None
    notice = found(late(book, due=due, lesson_deadline=timedelta(microseconds=1)))

    assert (notice.kind, notice.topic) == (NoticeKind.LESSONS_SLOW, Topic.LATENESS)
    assert notice.affected == 2


def test_while_it_runs_slow_lessons_are_part_of_the_one_digest(book):
    book.lesson(LessonStatus.AVATAR_RENDERING)

    assert late(book, due=None, lesson_deadline=timedelta(microseconds=1)) is None
    notice = found(late(book, lesson_deadline=timedelta(microseconds=1)))

    assert notice.kind is NoticeKind.DEADLINE_MISSED
    assert dict(notice.facts)["Slow lessons"] == "1 took longer than 0 s"
