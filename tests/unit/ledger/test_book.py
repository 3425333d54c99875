from __future__ import annotations

import multiprocessing
from collections import deque
from contextlib import suppress

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import DBAPIError

from presgen.errors import BadInput, IllegalTransition
from presgen.ledger import Ledger, SectionOutcome, open_ledger
from presgen.ledger.transitions import ALLOWED, BAD_ENDS, CANCELLED, has_reached
from presgen.model.base import Seconds
from presgen.model.learner import Quarantined
from presgen.model.lesson import LessonStatus
from presgen.model.publication import Publication, PublishedAsset
from presgen.model.quality import Finding, FixRecord, Remedy, Severity

S = LessonStatus


def walk(ledger: Ledger, to: LessonStatus, lesson_id: str = "lesson-1") -> None:
    """Take the lesson to that status by the shortest way that is allowed."""
    ways = deque([(S.PENDING,)])
    while ways[0][-1] is not to:
        way = ways.popleft()
        ways.extend((*way, step) for step in ALLOWED[way[-1]] if step not in way)
    for step in ways[0][1:]:
        ledger.advance(lesson_id, step, run_id="run-1")


@pytest.fixture(scope="module")
def roomy_ledger(tmp_path_factory: pytest.TempPathFactory) -> Ledger:
    """A ledger for many tests that each enter a lesson of their own."""
    ledger = open_ledger(f"sqlite:///{tmp_path_factory.mktemp('roomy') / 'ledger.sqlite'}")
    ledger.begin_run("run-1")
    return ledger


@pytest.mark.parametrize("status", list(S))
def test_a_lesson_can_get_everywhere(ledger, status):
    walk(ledger, status)

    assert ledger.lesson("lesson-1").status is status


@pytest.mark.parametrize("status", list(S))
def test_every_database_lets_a_status_move_along_allowed_edges_only(ledger, status):
    taken = []
    for to in S:
        lesson = f"lesson-{status}-{to}"
        ledger.enter_lesson("run-1", lesson, pseudonym="p", certification="c", record="r")
        with ledger.together():
            walk(ledger, status, lesson)
        with suppress(IllegalTransition):
            if ledger.advance(lesson, to, run_id="run-1").status is to is not status:
                taken.append(to)

    assert set(taken) == set(ALLOWED[status]) - {to for to in S if has_reached(status, to)}


def race(ledger_url: str, to: LessonStatus, started, results) -> None:
    ledger = open_ledger(ledger_url)
    started.wait(60)
    try:
        results.put(ledger.end("lesson-1", to, run_id="run-1", cause=to.value, reason="").status)
    except IllegalTransition:
        results.put(None)


@pytest.mark.parametrize("rivals", [(S.NOT_NEEDED, S.FAILED), (S.FAILED, S.NOT_NEEDED)])
def test_of_two_processes_that_race_to_different_ends_one_wins(ledger, ledger_url, rivals):
    context = multiprocessing.get_context("fork")
    started, results = context.Barrier(len(rivals)), context.Queue()
    processes = [context.Process(target=race, args=(ledger_url, to, started, results)) for to in rivals]
    for process in processes:
        process.start()
    found = [results.get(timeout=60) for _ in processes]
    for process in processes:
        process.join(60)

    [winner] = [status for status in found if status is not None]
    assert ledger.lesson("lesson-1").status is winner
    assert ledger.lesson("lesson-1").cause == winner.value
    assert [event.facts["to"] for event in ledger.events() if event.name == "status"] == [winner.value]


@pytest.mark.parametrize("to", list(S))
@pytest.mark.parametrize("status", list(S))
def test_a_status_moves_along_allowed_edges_only(roomy_ledger, status, to):
    lesson = f"lesson-{status}-{to}"
    roomy_ledger.enter_lesson("run-1", lesson, pseudonym="p", certification="c", record="r")
    walk(roomy_ledger, status, lesson)
    if to in ALLOWED[status] or has_reached(status, to):
        expected = status if has_reached(status, to) else to
        assert roomy_ledger.advance(lesson, to, run_id="run-1").status is expected
        return

    with pytest.raises(IllegalTransition) as refused:
        roomy_ledger.advance(lesson, to, run_id="run-1")

    assert f"is {status}" in str(refused.value)
    assert f"become {to}" in str(refused.value)
    assert all(allowed in str(refused.value) for allowed in ALLOWED[status])
    assert roomy_ledger.lesson(lesson).status is status


def test_a_published_lesson_leaves_by_a_reset_or_where_nothing_can_be_delivered_any_more(ledger):
    assert ALLOWED[S.PUBLISHED] == (S.PENDING, S.DELIVERY_BLOCKED)
    walk(ledger, S.PUBLISHED)

    ledger.end("lesson-1", S.DELIVERY_BLOCKED, run_id="run-1", cause="DeliveryBlocked", reason="gone")

    assert ledger.lesson("lesson-1").status is S.DELIVERY_BLOCKED
    assert ledger.lesson("lesson-1").reason == "gone"


def test_repeating_a_step_changes_nothing(ledger):
    first = ledger.advance("lesson-1", S.SCRIPT_GENERATED, run_id="run-1", making={"script": "s"})
    events = ledger.events()

    again = ledger.advance("lesson-1", S.SCRIPT_GENERATED, run_id="run-1", making={"script": "s"})

    assert again == first
    assert ledger.events() == events


def test_a_step_that_lies_behind_is_a_repetition(ledger):
    walk(ledger, S.PUBLISHED)

    assert ledger.advance("lesson-1", S.AVATAR_RENDERING, run_id="run-1").status is S.PUBLISHED


def test_a_step_repeated_with_another_result_is_refused(ledger):
    ledger.advance("lesson-1", S.SCRIPT_GENERATED, run_id="run-1", making={"script": "aaa"})

    with pytest.raises(IllegalTransition, match=r"script aaa.*script bbb"):
        ledger.advance("lesson-1", S.SCRIPT_GENERATED, run_id="run-1", making={"script": "bbb"})


def test_a_step_for_a_lesson_that_has_changed_is_refused(ledger):
    ledger.advance("lesson-1", S.SCRIPT_GENERATED, run_id="run-1", making={"script": "new"})

    with pytest.raises(IllegalTransition, match="script new"):
        ledger.advance("lesson-1", S.AVATAR_RENDERING, run_id="run-1", having={"script": "old"})


def test_what_was_seen_of_a_lesson_is_believed_only_while_it_is_so(ledger):
    seen = ledger.lesson("lesson-1")
    taken = ledger.advance("lesson-1", S.SCRIPT_GENERATED, run_id="run-1", making={"script": "s"}, seen=seen)
    assert (taken.status, taken.revision) == (S.SCRIPT_GENERATED, 1)

    again = ledger.advance("lesson-1", S.SCRIPT_GENERATED, run_id="run-2", making={"script": "s"}, seen=seen)
    assert again == taken
    with pytest.raises(IllegalTransition):
        ledger.advance("lesson-1", S.SCRIPT_GENERATED, run_id="run-2", making={"script": "t"}, seen=seen)

    ledger.reset("lesson-1", run_id="run-2", why="tried")
    with pytest.raises(IllegalTransition):
        ledger.advance("lesson-1", S.AVATAR_RENDERING, run_id="run-1", seen=taken)
    with pytest.raises(IllegalTransition):
        ledger.advance("lesson-1", S.SCRIPT_GENERATED, run_id="run-1", having={"record": "other"}, seen=seen)
    assert ledger.lesson("lesson-1").status is S.PENDING


def test_a_reset_forgets_what_was_made(ledger):
    ledger.advance("lesson-1", S.SCRIPT_GENERATED, run_id="run-1", making={"script": "s"})

    entry = ledger.reset("lesson-1", run_id="run-1", why="asked for anew")

    assert (entry.status, entry.script, entry.record) == (S.PENDING, "", "r" * 64)
    assert ledger.events()[-1].facts == {"from": "script_generated", "to": "pending", "why": "asked for anew"}


def test_an_ended_lesson_says_why_until_it_moves_on(ledger):
    ledger.advance("lesson-1", S.SCRIPT_GENERATED, run_id="run-1", making={"script": "s"})
    ended = ledger.end("lesson-1", S.FAILED, run_id="run-1", cause="BadScript", reason="It is too long.")
    assert (ended.cause, ended.reason) == ("BadScript", "It is too long.")

    entry = ledger.advance("lesson-1", S.AVATAR_RENDERING, run_id="run-1", having={"script": "s"})

    assert (entry.status, entry.cause, entry.reason) == (S.AVATAR_RENDERING, "", "")


@pytest.mark.parametrize("to", sorted(BAD_ENDS))
def test_a_lesson_that_ends_once_more_says_what_it_has_ended_of_last(ledger, to):
    walk(ledger, next(status for status in ALLOWED if to in ALLOWED[status] and status not in BAD_ENDS))
    ledger.end("lesson-1", to, run_id="run-1", cause="DeliveryBlocked", reason="No room.")

    ended = ledger.end("lesson-1", to, run_id="run-2", cause="DeliveryBlocked", reason="No right.")

    assert ended == ledger.lesson("lesson-1")
    assert (ended.status, ended.reason) == (to, "No right.")
    told = ledger.events("run-2")
    assert [event.facts for event in told] == [
        {"from": to.value, "to": to.value, "cause": "DeliveryBlocked", "reason": "No right."}
    ]

    # Told twice, as by whoever gives up after it: nothing more.
    again = ledger.end("lesson-1", to, run_id="run-2", cause="DeliveryBlocked", reason="No right.")

    assert again == ended
    assert ledger.events("run-2") == told


def test_a_cancelled_lesson_stays_so_whatever_its_steps_fail_of_when_they_are_stopped(ledger):
    ended = ledger.end("lesson-1", S.FAILED, run_id="run-1", cause=CANCELLED, reason="Somebody did.")

    ledger.end("lesson-1", S.FAILED, run_id="run-1", cause="AirflowTaskTerminated", reason="Stopped.")

    assert ledger.lesson("lesson-1") == ended


def test_a_published_lesson_cannot_fail_any_more(ledger):
    walk(ledger, S.PUBLISHED)

    with pytest.raises(IllegalTransition):
        ledger.end("lesson-1", S.FAILED, run_id="run-1", cause="Late", reason="Too late.")


def test_an_unknown_lesson_is_named(ledger):
    with pytest.raises(BadInput, match="lesson-9"):
        ledger.lesson("lesson-9")


def test_a_second_run_finds_what_the_first_has_done(ledger):
    walk(ledger, S.PUBLISHED)
    ledger.begin_run("run-2")

    entry = ledger.enter_lesson("run-2", "lesson-1", pseudonym="p", certification="c", record="r" * 64)

    assert entry.status is S.PUBLISHED
    assert [lesson.lesson_id for lesson in ledger.lessons("run-2")] == ["lesson-1"]


@pytest.mark.parametrize(("record", "anew"), [("changed", False), ("r" * 64, True)])
def test_a_changed_record_or_a_wish_starts_a_lesson_anew(ledger, record, anew):
    walk(ledger, S.PUBLISHED)

    entry = ledger.enter_lesson(
        "run-1", "lesson-1", pseudonym="p", certification="c", record=record, anew=anew
    )

    assert (entry.status, entry.record) == (S.PENDING, record)


def make_publication(sha256: str = "v") -> Publication:
    assets = [
        PublishedAsset(role=role, asset_id=f"a/{role}", url=f"file:///a/{role}", sha256=sha256, bytes=7)
        for role in ("video", "report")
    ]
    return Publication(
        lesson_id="lesson-1", publisher="folder", assets=tuple(assets), duration=Seconds(3), unchanged=False
    )


def test_a_delivery_notes_its_assets_and_moves_no_lesson(ledger):
    walk(ledger, S.QA_PASSED)

    ledger.note_delivery(make_publication(), run_id="run-1", editions="")

    assert ledger.lesson("lesson-1").status is S.QA_PASSED
    assert [asset.role for asset in ledger.assets("lesson-1", "folder")] == ["report", "video"]
    assert set(ledger.assets("lesson-1", "folder")) == set(make_publication().assets)


@pytest.mark.parametrize(("status", "editions"), [(S.AVATAR_VIDEOS_GENERATED, ""), (S.QA_PASSED, "others")])
def test_what_has_not_passed_or_is_no_longer_wanted_was_never_delivered(ledger, status, editions):
    walk(ledger, status)

    with pytest.raises(IllegalTransition):
        ledger.note_delivery(make_publication(), run_id="run-1", editions=editions)

    assert ledger.assets("lesson-1", "folder") == ()
    assert ledger.last_delivery("lesson-1", "folder") is None


def test_each_publishers_delivery_is_noted_beside_the_others(ledger):
    walk(ledger, S.QA_PASSED)
    elsewhere = make_publication("w").model_copy(update={"publisher": "drive"})

    for publication in (make_publication(), elsewhere):
        ledger.note_delivery(publication, run_id="run-1", editions="")

    assert {asset.sha256 for asset in ledger.assets("lesson-1", "folder")} == {"v"}
    assert {asset.sha256 for asset in ledger.assets("lesson-1", "drive")} == {"w"}


def test_a_delivery_that_changed_nothing_keeps_its_moment(ledger):
    walk(ledger, S.QA_PASSED)
    ledger.note_delivery(make_publication(), run_id="run-1", editions="")
    moment = ledger.last_delivery("lesson-1", "folder")

    ledger.note_delivery(make_publication(), run_id="run-1", editions="")
    assert ledger.last_delivery("lesson-1", "folder") == moment

    ledger.note_delivery(make_publication("w"), run_id="run-1", editions="")
    assert ledger.last_delivery("lesson-1", "folder") > moment


def test_a_delivery_counts_for_the_lessons_that_lie_beside_it_and_for_no_other(ledger):
    walk(ledger, S.QA_PASSED)
    ledger.note_delivery(make_publication(), run_id="run-1", editions="")
    before = ledger.last_delivery("lesson-1", "folder")
    for lesson, learner, certification in (
        ("beside", "learner-1", "networking"),
        ("another-course", "learner-1", "security"),
        ("another-learner", "learner-2", "networking"),
    ):
        ledger.enter_lesson("run-1", lesson, pseudonym=learner, certification=certification, record="r")
        walk(ledger, S.QA_PASSED, lesson)
    assert ledger.last_delivery("beside", "folder") == before

    for lesson in ("beside", "another-course", "another-learner"):
        publication = make_publication().model_copy(update={"lesson_id": lesson})
        ledger.note_delivery(publication, run_id="run-1", editions="")

    moments = {
        lesson.lesson_id: ledger.last_delivery(lesson.lesson_id, "folder") for lesson in ledger.lessons()
    }
    assert before < moments["lesson-1"] == moments["beside"] < moments["another-course"]
    assert moments["another-course"] < moments["another-learner"]
    assert ledger.last_delivery("beside", "drive") is None


def test_the_first_id_reserved_for_a_place_is_everybodys(ledger):
    ledger.reserve("drive", {"a": "1"})

    found = ledger.reserve("drive", {"a": "2", "b": "3"})

    assert {place: each.asset_id for place, each in found.items()} == {"a": "1", "b": "3"}
    assert ledger.reservations("drive", ["a", "b", "c"]) == found
    assert ledger.reservations("folder", ["a"]) == {}


def test_a_session_belongs_to_an_id_and_a_content_and_is_shown_to_nobody(ledger):
    ledger.reserve("drive", {"a": "1"})

    ledger.note_session("drive", "a", "1", "https://upload.example/secret", "s" * 64)
    ledger.note_session("drive", "a", "2", "https://upload.example/other", "t" * 64)

    found = ledger.reservations("drive", ["a"])["a"]
    assert (found.session, found.sha256) == ("https://upload.example/secret", "s" * 64)
    assert "secret" not in repr(found)
    ledger.note_session("drive", "a", "1", "", "")
    assert ledger.reservations("drive", ["a"])["a"].sha256 == ""


def test_an_id_that_was_given_up_can_be_given_up_only_once(ledger):
    ledger.reserve("drive", {"a": "1"})
    ledger.release("drive", "a", "1")
    ledger.reserve("drive", {"a": "2"})

    ledger.release("drive", "a", "1")

    assert ledger.reservations("drive", ["a"])["a"].asset_id == "2"


def note(ledger: Ledger, outcome: SectionOutcome, **facts: object) -> None:
    ledger.note_section("run-1", "k1", outcome, slug="remedy-q1-b", kind="remedy", **facts)


def test_what_a_run_rendered_counts_as_rendered_however_often_it_is_used(ledger):
    note(ledger, SectionOutcome.RENDERED, seconds=3.5, bytes=10)
    note(ledger, SectionOutcome.REUSED, seconds=3.5, bytes=10)

    [section] = ledger.sections("run-1")

    assert (section.outcome, section.seconds, section.slug) == (SectionOutcome.RENDERED, 3.5, "remedy-q1-b")


def test_a_section_that_failed_and_then_succeeded_has_succeeded(ledger):
    note(ledger, SectionOutcome.FAILED, cause="KeyError", reason="It failed.")
    note(ledger, SectionOutcome.RENDERED, seconds=1.0, bytes=10)

    section = ledger.section("run-1", "k1")

    assert section is not None
    assert (section.outcome, section.cause) == (SectionOutcome.RENDERED, "")
    assert ledger.section("run-1", "k2") is None


def test_a_failure_does_not_forget_how_long_the_section_was(ledger):
    note(ledger, SectionOutcome.RENDERED, seconds=3.5, bytes=10)
    ledger.begin_run("run-2")

    ledger.note_section("run-2", "k1", SectionOutcome.FAILED, slug="remedy-q1-b", kind="remedy")

    assert ledger.known_sections()["k1"].seconds == 3.5


def test_findings_of_a_second_look_replace_those_of_the_first(ledger):
    first = Finding(
        check="narration-is-audible", severity=Severity.REJECT, message="Too quiet.", at=Seconds(2)
    )
    second = Finding(check="film-is-seen", severity=Severity.NOTE, message="Fine.")
    ledger.set_findings("run-1", "lesson-1", [first, second])
    assert ledger.findings("run-1", "lesson-1") == (first, second)

    ledger.set_findings("run-1", "lesson-1", [second])

    assert ledger.findings("run-1", "lesson-1") == (second,)


def test_quarantined_records_come_back_as_they_were(ledger):
    records = [
        Quarantined(
            pseudonym=None, where="a.jsonl:3", field="learner.id", value="absent", reason="It is needed."
        ),
        Quarantined(
            pseudonym="learner-x", where="a.jsonl:4", field="answers", value="a string", reason="A list."
        ),
    ]

    ledger.set_quarantined("run-1", records)
    ledger.set_quarantined("run-1", records)

    assert list(ledger.quarantined("run-1")) == records


def test_findings_come_back_whole(ledger):
    found = [
        Finding(
            check="narration-is-at-level",
            severity=Severity.REJECT,
            message="too quiet",
            at=Seconds(0.0),
            until=Seconds(2.5),
            measured=measured,
            limit=limit,
            remedy=Remedy.REMIX_LOUDNESS,
        )
        for measured, limit in ((-30.5, -16), ("last", "first"), (3, None))
    ]

    ledger.set_findings("run-1", "lesson-1", found)

    assert list(ledger.findings("run-1", "lesson-1")) == found


def test_fixes_come_back_whole_and_in_order(ledger):
    finding = Finding(check="film-starts-at-once", severity=Severity.REJECT, message="the index is last")
    fixes = [
        FixRecord(round=1, fix="remux", findings=(finding,), left=("film-starts-at-once",)),
        FixRecord(round=2, fix="render_again", findings=(finding,), before={"bytes": 7}, after={"bytes": 9}),
    ]

    ledger.set_fixes("run-1", "k" * 64, fixes)
    ledger.set_fixes("run-1", "k" * 64, fixes)

    assert list(ledger.fixes("run-1", "k" * 64)) == fixes
    assert ledger.fixes("run-2", "k" * 64) == ()


def test_every_attempt_at_a_section_is_kept_and_taking_it_from_the_store_is_none(ledger):
    def note(outcome, reason=""):
        ledger.note_section("run-1", "k" * 64, outcome, slug="s", kind="remedy", reason=reason)

    note(SectionOutcome.REJECTED, "too quiet")
    note(SectionOutcome.RENDERED)
    note(SectionOutcome.REUSED)

    history = [(attempt.outcome, attempt.reason) for attempt in ledger.attempts("k" * 64)]
    assert history == [(SectionOutcome.REJECTED, "too quiet"), (SectionOutcome.RENDERED, "")]
    assert ledger.section("run-1", "k" * 64).outcome is SectionOutcome.RENDERED


def test_a_decision_holds_in_every_run_until_it_is_changed_or_withdrawn(ledger):
    assert ledger.approval("k" * 64) is None

    ledger.set_approval("run-1", "k" * 64, approved=False, by="owner")
    ledger.set_approval("run-2", "k" * 64, approved=True, by="owner")
    assert (ledger.approval("k" * 64).approved, ledger.approval("k" * 64).by) == (True, "owner")

    ledger.withdraw_approval("run-3", "k" * 64)
    ledger.withdraw_approval("run-3", "k" * 64)

    assert ledger.approval("k" * 64) is None
    told = [(event.run_id, event.name) for event in ledger.events(subject="k" * 64)]
    assert told == [("run-1", "approval"), ("run-2", "approval"), ("run-3", "approval_withdrawn")]


def test_a_run_is_begun_once_and_ends_with_a_verdict(ledger):
    started = ledger.run("run-1").started
    ledger.begin_run("run-1")
    ledger.begin_run("run-1", "folder:tonight")

    ledger.end_run("run-1", passed=True)

    run = ledger.run("run-1")
    assert (run.started, run.source, run.passed) == (started, "folder:tonight", True)
    assert run.ended is not None
    assert ledger.runs() == (run,)


def test_events_come_back_in_order_by_run_and_by_subject(ledger):
    ledger.note_event("run-1", "video_publish", "lesson-1", {"bytes": 7})
    ledger.note_event("run-2", "qa_inspect", "lesson-1", {"passed": True})
    ledger.note_event("run-2", "qa_inspect", "lesson-2", {"passed": False})

    assert [event.name for event in ledger.events(subject="lesson-1")] == ["video_publish", "qa_inspect"]
    assert [event.facts for event in ledger.events(run_id="run-2")] == [{"passed": True}, {"passed": False}]


@pytest.mark.parametrize("change", ["UPDATE events SET facts = '{}'", "DELETE FROM events"])
def test_nobody_can_change_an_event(ledger, ledger_url, change):
    ledger.note_event("run-1", "video_publish", "lesson-1", {"bytes": 7})
    engine = create_engine(ledger_url)

    with pytest.raises(DBAPIError, match="append-only"), engine.begin() as connection:
        connection.execute(text(change))

    engine.dispose()
    assert ledger.events()[-1].facts == {"bytes": 7}


def test_what_is_reserved_is_found_by_a_part_of_its_place(ledger):
    ledger.reserve("drive", {"a/lesson-1/.mp4": "1", "b/lesson-1/.vtt": "2", "a/lesson-2/.mp4": "3"})
    ledger.reserve("other", {"a/lesson-1/.mp4": "4"})

    found = ledger.reserved_for("drive", "/lesson-1/")

    assert {place: each.asset_id for place, each in found.items()} == {
        "a/lesson-1/.mp4": "1",
        "b/lesson-1/.vtt": "2",
    }
    assert ledger.reserved_for("drive", "/lesson_1/") == {}
