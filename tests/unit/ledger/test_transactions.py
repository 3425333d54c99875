from __future__ import annotations

import multiprocessing
import threading

import pytest
from sqlalchemy import event, text

from presgen.errors import BadInput, IllegalTransition, StoreUnavailable
from presgen.ledger import Ledger, SectionOutcome
from presgen.ledger.trail import Fact
from presgen.model.lesson import LessonStatus

S = LessonStatus


def note(ledger: Ledger, name: str) -> None:
    ledger.note_event("run-1", name, "lesson-1", {})


def told(ledger: Ledger) -> list[str]:
    return [each.name for each in ledger.events() if each.name != "status"]


def advance(ledger: Ledger, to: LessonStatus = S.SCRIPT_GENERATED) -> None:
    ledger.advance("lesson-1", to, run_id="run-1")


@pytest.fixture
def commits(ledger: Ledger) -> list[object]:
    """What was committed, as it is: one entry each, also of those that only read."""
    seen: list[object] = []
    event.listen(ledger._engine, "commit", seen.append)
    return seen


def test_calls_that_belong_together_are_one_transaction(ledger, commits):
    with ledger.together():
        ledger.trail.record("run-1", "scripted", [Fact("plan", "lesson-1", lesson="lesson-1")], pseudonym="p")
        advance(ledger)
        note(ledger, "written")

    assert len(commits) == 1
    assert ledger.lesson("lesson-1").status is S.SCRIPT_GENERATED
    assert ledger.trail.of_lesson("lesson-1", "plan")
    assert told(ledger) == ["written"]


def test_what_is_written_within_a_transaction_is_read_in_it(ledger):
    with ledger.together():
        advance(ledger)
        assert ledger.lesson("lesson-1").status is S.SCRIPT_GENERATED


def test_of_calls_that_belong_together_all_count_or_none(ledger):
    with pytest.raises(IllegalTransition), ledger.together():  # noqa: PT012
        ledger.trail.record("run-1", "scripted", [Fact("plan", "lesson-1", lesson="lesson-1")], pseudonym="p")
        note(ledger, "written")
        advance(ledger, S.PUBLISHED)

    assert ledger.trail.verify().events == 0
    assert told(ledger) == []
    assert ledger.lesson("lesson-1").status is S.PENDING


def test_who_goes_on_after_a_failed_call_writes_nothing(ledger):
    with pytest.raises(RuntimeError, match="failed in the middle"), ledger.together():  # noqa: PT012
        advance(ledger)
        with pytest.raises(BadInput):
            ledger.lesson("nobody's")

    assert ledger.lesson("lesson-1").status is S.PENDING


def test_a_transaction_within_a_transaction_ends_with_the_outer_one(ledger):
    with pytest.raises(ZeroDivisionError), ledger.together():  # noqa: PT012
        with ledger.together():
            advance(ledger)
        raise ZeroDivisionError

    assert ledger.lesson("lesson-1").status is S.PENDING


def test_another_threads_calls_are_not_part_of_it(ledger):
    found: list[LessonStatus] = []
    with ledger.together():
        advance(ledger)
        reader = threading.Thread(target=lambda: found.append(ledger.lesson("lesson-1").status))
        reader.start()
        reader.join()

    assert found == [S.PENDING]


def test_deferred_events_come_with_the_next_transaction_and_in_order(ledger, commits):
    with ledger.deferring_events():
        note(ledger, "first")
        note(ledger, "second")
        assert not commits
        advance(ledger)

        assert [each.name for each in ledger.events()] == ["first", "second", "status"]


def test_that_a_section_is_in_the_store_comes_with_the_next_transaction_and_a_failure_at_once(
    ledger, commits
):
    section = {"slug": "tcp", "kind": "opening"}
    with ledger.deferring_events():
        note(ledger, "before")
        ledger.note_section("run-1", "a", SectionOutcome.RENDERED, seconds=4.0, **section)
        assert not commits
        advance(ledger)
        assert ledger.section("run-1", "a").seconds == 4.0

        ledger.note_section("run-1", "b", SectionOutcome.REUSED, **section)
        ledger.note_section("run-1", "c", SectionOutcome.FAILED, cause="X", reason="x", **section)
        assert [each.key for each in ledger.sections("run-1")] == ["a", "b", "c"]

    ledger.note_section("run-1", "d", SectionOutcome.RENDERED, **section)
    assert ledger.section("run-1", "d") is not None
    assert told(ledger) == ["before"]


def test_events_that_no_transaction_took_are_written_at_the_end(ledger):
    with ledger.deferring_events():
        with ledger.deferring_events():
            note(ledger, "inner")
        note(ledger, "outer")

    assert told(ledger) == ["inner", "outer"]


def test_deferred_events_outlive_a_transaction_that_fails_and_an_error(ledger):
    with pytest.raises(IllegalTransition), ledger.deferring_events():  # noqa: PT012
        note(ledger, "before")
        advance(ledger, S.PUBLISHED)

    assert told(ledger) == ["before"]

    with pytest.raises(ZeroDivisionError), ledger.deferring_events():  # noqa: PT012
        note(ledger, "again")
        with ledger.together():
            advance(ledger)
            raise ZeroDivisionError

    assert told(ledger) == ["before", "again"]
    assert ledger.lesson("lesson-1").status is S.PENDING


def test_an_event_after_the_block_is_written_at_once(ledger):
    with ledger.deferring_events():
        pass

    note(ledger, "later")

    assert told(ledger) == ["later"]


@pytest.mark.filterwarnings("ignore:.*multi-threaded.*fork:DeprecationWarning")
def test_a_forked_process_does_not_tell_what_its_parent_will(ledger):
    with ledger.deferring_events():
        note(ledger, "parent's")
        child = multiprocessing.get_context("fork").Process(target=note, args=(ledger, "child's"))
        child.start()
        child.join(60)
        assert child.exitcode == 0
        assert told(ledger) == []
        # The child's own waited, too, for an end that it never came to.
    assert told(ledger) == ["parent's"]


def test_a_repeated_step_writes_nothing(ledger):
    advance(ledger)
    ledger.note_section("run-1", "k" * 64, SectionOutcome.REUSED, slug="s", kind="remedy")
    events = ledger.events()
    writes: list[str] = []
    event.listen(
        ledger._engine, "before_cursor_execute", lambda *told: writes.append(told[2].split(maxsplit=1)[0])
    )

    advance(ledger)
    ledger.note_section("run-1", "k" * 64, SectionOutcome.REUSED, slug="s", kind="remedy")
    ledger.set_findings("run-1", "lesson-1", [])

    assert "INSERT" not in writes
    assert "UPDATE" not in writes
    assert "DELETE" not in writes
    assert ledger.events() == events


def test_one_look_at_the_ledger_is_one_transaction_however_much_is_asked(ledger, commits):
    with ledger.looking():
        ledger.lesson("lesson-1")
        with ledger.looking():
            ledger.overview.newest_event(["lesson-1"])
        ledger.orders.all()

    assert len(commits) == 1


def test_what_is_written_during_a_look_is_there_after_it(ledger):
    with ledger.looking():
        ledger.lesson("lesson-1")
        advance(ledger)

    assert ledger.lesson("lesson-1").status is S.SCRIPT_GENERATED


@pytest.mark.parametrize(
    "change",
    [
        "ALTER TABLE events RENAME COLUMN facts TO others",
        "ALTER TABLE events RENAME TO old_events",
    ],
)
def test_who_meets_the_tables_of_another_release_is_told_so(ledger, change):
    note(ledger, "written")
    with ledger._engine.begin() as connection:
        connection.execute(text(change))

    for use in (lambda: note(ledger, "more"), ledger.events):
        with pytest.raises(StoreUnavailable, match="of the same release") as refused:
            use()
        assert "\n" not in str(refused.value)
