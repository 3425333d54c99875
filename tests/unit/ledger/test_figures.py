"""A night's figures: counted once when it ends, right whatever happens after."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import delete, event, func, insert, select

from presgen.ledger import Ledger, SectionOutcome, figures, open_ledger, schema
from presgen.ledger.contents import Content, Part
from presgen.ledger.transactions import now
from presgen.model.learner import Quarantined
from presgen.model.lesson import LessonStatus

S = LessonStatus
KEYS = ("a" * 64, "b" * 64)
STAGE = {"outcome": "ok", "attempt": 1}


def enter(
    ledger: Ledger, run_id: str, *lessons: str, first: SectionOutcome = SectionOutcome.RENDERED
) -> None:
    """Begin a run of lessons of two sections each, the second of which is found."""
    ledger.begin_run(run_id)
    for lesson_id in lessons:
        ledger.enter_lesson(run_id, lesson_id, pseudonym=lesson_id, certification="c", record="r" * 64)
    ledger.contents.note(content(lesson_id) for lesson_id in lessons)
    for key, outcome in zip(KEYS, (first, SectionOutcome.REUSED), strict=True):
        ledger.note_section(run_id, key, outcome, slug=key[0], kind="remedy", seconds=10.0)


def content(lesson_id: str) -> Content:
    parts = tuple(
        Part(edition=0, number=number, format="stamp", key=key, slug=key[0], kind="remedy", title=key[0])
        for number, key in enumerate(KEYS)
    )
    return Content(lesson_id=lesson_id, title="T", persona="p", locale="en", planned=20.0, parts=parts)


def publish(ledger: Ledger, run_id: str, lesson_id: str, seconds: float = 20.0) -> None:
    for to, making in (
        (S.SCRIPT_GENERATED, {}),
        (S.AVATAR_RENDERING, {}),
        (S.AVATAR_VIDEOS_GENERATED, {"duration": seconds}),
        (S.QA_PASSED, {}),
        (S.PUBLISHED, {}),
    ):
        ledger.advance(lesson_id, to, run_id=run_id, making=making)


def fail(ledger: Ledger, run_id: str, lesson_id: str, cause: str = "BadScript") -> None:
    ledger.end(lesson_id, S.FAILED, run_id=run_id, cause=cause, reason="It has no end.")


def inspect(ledger: Ledger) -> None:
    ledger.note_event("run-2", "qa_inspect", "lesson-a", {**STAGE, "latency": 9.0, "cpu": 4.0})


@pytest.fixture
def night(ledger: Ledger) -> Ledger:
    """A ledger with ``run-2`` of three lessons, all about it told, and not ended."""
    enter(ledger, "run-2", "lesson-a", "lesson-b", "lesson-c")
    publish(ledger, "run-2", "lesson-a", 61.5)
    fail(ledger, "run-2", "lesson-b")
    ledger.note_event("run-2", "tts_synthesize", KEYS[0], {**STAGE, "latency": 8.0, "cpu": 7.25})
    ledger.note_event("run-2", "avatar_render", KEYS[0], {**STAGE, "latency": 10.0, "cpu": 1.5})
    ledger.note_event("run-2", "qa_inspect", "lesson-a", {**STAGE, "latency": 3.0})  # of an old release
    refused = Quarantined(pseudonym=None, where="4", field="learner.id", value="", reason="It is missing.")
    ledger.set_quarantined("run-2", [refused])
    return ledger


def kept_runs(ledger: Ledger) -> set[str]:
    """Return the runs of which something is kept, good or not."""
    with ledger._engine.connect() as connection:
        return set(connection.execute(select(schema.run_figures.c.run_id)).scalars())


@contextmanager
def statements(ledger: Ledger) -> Iterator[list[str]]:
    """Note what the database is asked in the block."""
    told: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        told.append(statement)

    event.listen(ledger._engine, "before_cursor_execute", note)
    yield told
    event.remove(ledger._engine, "before_cursor_execute", note)


def test_a_run_is_counted(night: Ledger):
    found = night.figures.night("run-2")

    assert found is not None
    assert found.lessons == {"failed": 1, "pending": 1, "published": 1}
    assert (found.total, found.needed, found.published, found.failed, found.over) == (3, 3, 1, 1, 2)
    assert found.failures == {"BadScript": 1}
    assert (found.film, found.set_aside, found.ordered) == (61.5, 1, False)
    assert (found.rendered, found.found, found.places, found.reused) == (1, 1, 6, 5)
    assert (found.success_ratio, found.reuse_ratio) == (0.3333, 0.8333)
    assert (found.duration, found.spare, found.run.ended) == (None, None, None)
    assert night.figures.night("run-3") is None


def test_stages_inside_others_are_added_up_once(night: Ledger):
    # By the clock the rendering has the speech in it: 10 of 8 + 10 + 3 seconds, were they added up.
    assert night.figures.night("run-2").cpu == 8.75
    assert {each.stage: each.cpu for each in figures.spent_on(night.events("run-2"))} == {
        "avatar_render": 1.5,
        "qa_inspect": 0.0,
        "tts_synthesize": 7.25,
    }


def test_what_is_kept_of_a_run_is_what_counting_it_gives(night: Ledger):
    before = night.figures.night("run-2")
    night.end_run("run-2", passed=False)

    kept, counted = night.figures.night("run-2"), night.figures.night("run-2", anew=True)

    assert kept_runs(night) == {"run-2"}
    assert kept == counted
    assert kept.model_copy(update={"run": before.run}) == before
    assert kept.duration > 0
    assert night.figures.nights(1) == (kept,)


def test_what_is_kept_answers_without_counting(night: Ledger):
    night.end_run("run-2", passed=False)

    with statements(night) as asked:
        night.figures.night("run-2")

    assert not [one for one in asked if "run_lessons" in one or "parts" in one or "facts" in one]


@pytest.mark.parametrize(
    "go_on",
    [
        lambda ledger: publish(ledger, "run-2", "lesson-c"),
        lambda ledger: fail(ledger, "run-2", "lesson-c", "SectionFailed"),
        lambda ledger: ledger.note_event(
            "run-2", "qa_inspect", "lesson-a", {**STAGE, "latency": 9, "cpu": 4}
        ),
        lambda ledger: ledger.reset("lesson-a", run_id="run-2", why="asked for anew"),
        lambda ledger: ledger.set_quarantined("run-2", []),
    ],
)
def test_a_run_that_goes_on_after_its_end_is_counted_again(night: Ledger, go_on: Callable[[Ledger], None]):
    night.end_run("run-2", passed=False)
    before = night.figures.night("run-2")

    go_on(night)

    meanwhile = night.figures.night("run-2")
    assert meanwhile != before
    assert meanwhile == night.figures.night("run-2", anew=True)
    night.end_run("run-2", passed=True)
    kept = night.figures.night("run-2")
    assert kept.model_copy(update={"run": meanwhile.run}) == meanwhile
    assert kept == night.figures.night("run-2", anew=True)


def test_what_waits_for_a_transaction_when_the_run_ends_is_not_lost(night: Ledger):
    with night.deferring_events():
        inspect(night)
        night.end_run("run-2", passed=False)

    assert night.figures.night("run-2").cpu == 12.75


def test_what_is_on_its_way_when_a_run_is_counted_is_not_lost(night: Ledger):
    values = {"at": now(), "run_id": "run-2", "name": "qa_inspect", "subject": "lesson-a"}
    late = insert(schema.events).values(**values, facts='{"latency":9,"cpu":4}')
    ender = threading.Thread(target=lambda: night.end_run("run-2", passed=False))
    with night._engine.connect().execution_options(writes=True) as connection, connection.begin():
        connection.execute(late)
        if connection.dialect.name == "postgresql":
            # It has its number, and a greater one is seen before it.
            night.note_event("run-2", "approval", "lesson-a", {})
        ender.start()
        ender.join(0.3)
        meanwhile = night.figures.night("run-2")
    ender.join()

    assert meanwhile.cpu == 8.75
    assert night.figures.night("run-2").cpu == 12.75
    assert night.figures.night("run-2", anew=True).cpu == 12.75


def test_what_a_later_run_makes_of_a_lesson_is_not_told_of_the_earlier_one(night: Ledger):
    night.end_run("run-2", passed=False)
    before = night.figures.night("run-2")

    enter(night, "run-3", "lesson-a", "lesson-b")
    night.reset("lesson-b", run_id="run-3", why="asked for anew")
    publish(night, "run-3", "lesson-b")
    night.end_run("run-3", passed=True)

    assert night.figures.night("run-2") == before
    assert night.figures.night("run-3").lessons == {"published": 2}


def test_whoever_is_erased_stays_counted_and_an_order_stays_one(night: Ledger):
    night.orders.reserve(
        video_id="video-1",
        by="u-1",
        key=None,
        body="b" * 64,
        pseudonym="lesson-a",
        lesson_id="lesson-a",
        run_id="run-2",
    )
    night.end_run("run-2", passed=False)
    before = night.figures.night("run-2")

    night.erasures.remove("lesson-a", night.erasures.begin("lesson-a", ["lesson-a"]))

    assert before.ordered
    assert night.orders.of_run("run-2") == ()
    assert night.figures.night("run-2") == before
    assert [each.run.run_id for each in night.figures.nights()] == ["run-1"]
    assert [each.run.run_id for each in night.figures.nights(ordered=True)] == ["run-2", "run-1"]


def test_runs_from_before_anything_was_kept_are_counted_a_few_at_a_time(night: Ledger, monkeypatch):
    for run_id in ("run-3", "run-4", "run-5"):
        enter(night, run_id, "lesson-a")
        night.end_run(run_id, passed=True)
    with night._engine.begin() as connection:
        connection.execute(delete(schema.run_figures))
    monkeypatch.setattr(figures, "AT_ONCE", 2)

    kept = []
    for run_id in ("run-2", "run-1"):
        night.end_run(run_id, passed=True)
        kept.append(len(kept_runs(night)))

    assert kept == [3, 5]
    assert all(each == night.figures.night(each.run.run_id, anew=True) for each in night.figures.nights())


def test_of_a_run_that_has_not_ended_nothing_is_kept(night: Ledger):
    night.figures.keep("run-2")
    night.figures.keep("run-9")

    assert kept_runs(night) == set()


def test_the_newest_runs_come_first_and_no_more_than_wanted(night: Ledger):
    for run_id in ("run-3", "run-4"):
        enter(night, run_id, "lesson-a")

    assert [each.run.run_id for each in night.figures.nights(2)] == ["run-4", "run-3"]


def test_a_deadline_is_held_against_the_end(night: Ledger):
    due = datetime(2126, 1, 1, 6, tzinfo=UTC)
    night.figures.note_due("run-2", due)
    assert night.run("run-2").due == "2126-01-01T06:00:00.000000Z"
    assert night.figures.night("run-2").spare is None

    night.end_run("run-2", passed=True)
    early = night.figures.night("run-2")
    ended = datetime.fromisoformat(early.run.ended)
    night.figures.note_due("run-2", ended - timedelta(minutes=7))

    assert early.spare == (due - ended).total_seconds()
    assert night.figures.night("run-2").spare == -420
    night.figures.note_due("run-2", None)
    assert night.figures.night("run-2").spare is None


@pytest.fixture(scope="module")
def pasts(tmp_path_factory: pytest.TempPathFactory) -> list[Ledger]:
    """Ledgers after eight nights, after eight of a hundred times as many events, and after eighty."""
    folder = tmp_path_factory.mktemp("pasts")
    return [
        past(open_ledger(f"sqlite:///{folder / f'{nights}-{events}.sqlite'}"), nights, events)
        for nights, events in ((8, 4), (8, 400), (80, 4))
    ]


def past(ledger: Ledger, nights: int, events: int) -> Ledger:
    """Enter nights that have ended, all of the same lessons and sections; the first one made a section."""
    for number in range(nights):
        run_id = f"night-{number:04d}"
        first = SectionOutcome.REUSED if number else SectionOutcome.RENDERED
        with ledger.together():
            enter(ledger, run_id, "lesson-1", "lesson-2", "lesson-3", first=first)
            for each in range(events):
                name = "section_reuse" if number or each else "avatar_render"
                ledger.note_event(run_id, name, KEYS[each % 2], {**STAGE, "latency": 1.0, "cpu": 0.5})
        ledger.end_run(run_id, passed=True)
    return ledger


def steps(ledger: Ledger, ask: Callable[[], object]) -> int:
    """Return how many steps SQLite takes to answer: each row that is read is some of them."""
    count = 0

    def step() -> int:
        nonlocal count
        count += 1
        return 0

    ask()
    with ledger._engine.connect() as connection:
        connection.connection.driver_connection.set_progress_handler(step, 1)
    ask()  # by the connection that came back
    with ledger._engine.connect() as connection:
        connection.connection.driver_connection.set_progress_handler(None, 1)
    return count


@pytest.mark.parametrize(
    "ask",
    [
        lambda ledger: ledger.figures.nights(5),
        lambda ledger: ledger.figures.night("night-0000"),
        lambda ledger: ledger.overview.sections(),
        lambda ledger: ledger.overview.sections(sort="newest"),
        lambda ledger: ledger.overview.saved(),
    ],
)
def test_an_answer_takes_as_long_whatever_happened_in_old_nights_and_however_many_there_are(
    pasts: list[Ledger], ask: Callable[[Ledger], object]
):
    asked, taken = [], []
    for ledger in pasts:
        with statements(ledger) as told:
            taken.append(steps(ledger, lambda ledger=ledger: ask(ledger)))
        asked.append(len(told))

    assert asked == asked[:1] * 3
    assert taken[0] > 50
    assert max(taken) < 1.2 * taken[0]


def test_a_night_that_has_not_ended_is_counted_in_as_few_questions(night: Ledger):
    with statements(night) as one:
        night.figures.nights()
    for number in range(3, 9):
        enter(night, f"run-{number}", "lesson-a")

    with statements(night) as many:
        night.figures.nights()

    assert len(many) == len(one)
    with night._engine.connect() as connection:
        assert connection.execute(select(func.count()).select_from(schema.run_figures)).scalar() == 0
