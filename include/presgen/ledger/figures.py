"""What runs came to, by a few questions to the database, however many runs there were before.

What a run came to is counted when it ends, and kept. Whatever happens in a run leaves an event. So what is
kept is good for as long as no event of the run is younger than those that were there when it was counted;
else it is counted for whoever asks, as for a run that has not ended, until the run ends again. What other
runs make of its lessons later is told of those; and who is erased later stays counted, as in every sum.
"""

from __future__ import annotations

import json
import math
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple, Protocol

from pydantic import Field
from sqlalchemy import (
    JSON,
    ColumnElement,
    Connection,
    Engine,
    Select,
    Table,
    case,
    cast,
    exists,
    func,
    select,
    text,
    type_coerce,
    update,
)

from presgen.ledger import schema
from presgen.ledger.entries import RunEntry, SectionOutcome
from presgen.ledger.statements import put, replace
from presgen.ledger.transactions import as_written, reading, writing
from presgen.ledger.transitions import BAD_ENDS, ENDS
from presgen.model.base import Model, Seconds
from presgen.model.lesson import LessonStatus

MADE = (SectionOutcome.RENDERED.value, SectionOutcome.REUSED.value)
RECENT = 100
"""Runs in which `Figures.keep` looks for others that have to be counted."""
AT_ONCE = 10
"""Of those, how many it counts: after an upgrade there may be many, and somebody waits."""


class NightFigures(Model):
    """What one run came to, in numbers."""

    run: RunEntry
    ordered: bool
    """Whether it makes one ordered video; else a whole source."""
    lessons: dict[str, int]
    """By status."""
    failures: dict[str, int]
    """Lessons that ended badly, by the kind of error."""
    film: Seconds
    """Of published lessons, each counted once, whatever its editions."""
    set_aside: int
    """Records that make no sense."""
    rendered: int
    """Sections, each once a format."""
    found: int
    """Sections that were in the store, each once a format."""
    places: int
    """Of sections in the editions of lessons that have come to rendering."""
    cpu: Seconds
    """CPU seconds of all stages."""

    @property
    def total(self) -> int:
        """How many lessons it has."""
        return sum(self.lessons.values())

    @property
    def needed(self) -> int:
        """Lessons that somebody needs."""
        return self.total - self.lessons.get(LessonStatus.NOT_NEEDED.value, 0)

    @property
    def published(self) -> int:
        """Lessons that are out."""
        return self.lessons.get(LessonStatus.PUBLISHED.value, 0)

    @property
    def failed(self) -> int:
        """Lessons that ended badly."""
        return sum(self.lessons.get(status.value, 0) for status in BAD_ENDS)

    @property
    def over(self) -> int:
        """Lessons that are not on their way any more."""
        return sum(self.lessons.get(status.value, 0) for status in ENDS)

    @property
    def success_ratio(self) -> float | None:
        """Published lessons of those that are needed; None: nobody needs one."""
        return round(self.published / self.needed, 4) if self.needed else None

    @property
    def reused(self) -> int:
        """Places that cost no rendering: the section was there, or shared."""
        return max(self.places - self.rendered, 0)

    @property
    def reuse_ratio(self) -> float | None:
        """Those of all places; None: no lesson has come to rendering."""
        return round(self.reused / self.places, 4) if self.places else None

    @property
    def duration(self) -> Seconds | None:
        """How long it took; None: it runs."""
        if self.run.ended is None:
            return None
        lasted = datetime.fromisoformat(self.run.ended) - datetime.fromisoformat(self.run.started)
        return Seconds(round(lasted.total_seconds(), 3))

    @property
    def spare(self) -> Seconds | None:
        """How long before its deadline it ended; negative: after it. None: it runs, or has none."""
        if self.run.ended is None or self.run.due is None:
            return None
        left = datetime.fromisoformat(self.run.due) - datetime.fromisoformat(self.run.ended)
        return Seconds(left.total_seconds())


class StageEvent(NamedTuple):
    """A stage that has ended."""

    number: int
    """Of its event: later ones have greater ones."""
    name: str
    subject: str
    facts: Mapping[str, Any]


class Told(Protocol):
    """Whatever tells what happened: a `StageEvent`, or an event as the ledger has it."""

    @property
    def name(self) -> str:
        """What happened."""

    @property
    def facts(self) -> Mapping[str, Any]:
        """What is known of it."""


class StageFigures(Model):
    """Where time went: one stage."""

    stage: str
    times: int
    failed: int
    causes: dict[str, int] = Field(default_factory=dict)
    """Of those that failed, the most frequent first."""
    cpu: Seconds
    """CPU seconds, without those of stages inside this one."""
    total: Seconds
    """Sum of the latencies. Stages run side by side, and inside one another."""
    usual: Seconds
    """The median of one."""
    slow: Seconds
    """The 95th percentile."""
    longest: Seconds

    @property
    def mean(self) -> Seconds:
        """How long one took on average."""
        return Seconds(round(self.total / self.times, 3))


class Counts(NamedTuple):
    """How many there are in the ledger, and how long they are."""

    lessons: Mapping[str, int]
    """By status."""
    sections: Mapping[str, int]
    """By outcome, each once a run."""
    film: Mapping[str, float]
    """Seconds of those sections."""
    set_aside: int
    runs: Mapping[str, int]
    """Those that have ended, by ``passed`` or ``failed``."""
    open_runs: int


class Figures:
    """What runs came to. All methods raise StoreUnavailable as the ledger's do."""

    def __init__(self, engine: Engine) -> None:
        """Take a database whose tables are up to date."""
        self._engine = engine

    # Of runs

    def nights(self, limit: int | None = None, *, ordered: bool = False) -> tuple[NightFigures, ...]:
        """Return what the newest runs came to, the newest first; orders' runs only where asked for."""
        table, orders, kept = schema.runs, schema.orders, schema.run_figures
        statement = select(table).order_by(table.c.started.desc(), table.c.run_id.desc()).limit(limit)
        if not ordered:
            # An order is forgotten with its learner, and what its run was stays known.
            statement = statement.where(
                ~exists().where(orders.c.run_id == table.c.run_id),
                ~exists().where(kept.c.run_id == table.c.run_id, kept.c.ordered),
            )
        return self._figures(statement)

    def night(self, run_id: str, *, anew: bool = False) -> NightFigures | None:
        """Return what a run came to, or has come to by now if ``anew``; None: there was none."""
        statement = select(schema.runs).where(schema.runs.c.run_id == run_id)
        return next(iter(self._figures(statement, anew=anew)), None)

    def keep(self, run_id: str) -> None:
        """Count what a run that has ended came to, and keep it. To be called in no transaction.

        Others of the newest runs are counted, too, where they ended before anything was kept, or have gone
        on since.
        """
        self._keep(run_id)
        with reading(self._engine) as connection:
            others = connection.execute(_outdated()).scalars().all()
        for other in others:
            self._keep(other)

    def note_due(self, run_id: str, due: datetime | None) -> None:
        """Note by when a run should have ended; None: it may last as long as it likes."""
        table = schema.runs
        moment = None if due is None else as_written(due)
        with writing(self._engine) as connection:
            connection.execute(update(table).where(table.c.run_id == run_id).values(due=moment))

    def newest_ended(self) -> RunEntry | None:
        """Return the run that ended last; None: none has."""
        table = schema.runs
        statement = select(table).where(table.c.ended.is_not(None)).order_by(table.c.ended.desc()).limit(1)
        with reading(self._engine) as connection:
            row = connection.execute(statement).mappings().first()
        return None if row is None else RunEntry.model_validate(dict(row))

    def _figures(self, statement: Select[Any], *, anew: bool = False) -> tuple[NightFigures, ...]:
        with reading(self._engine) as connection:
            runs = _runs(connection, statement)
            ids = [run.run_id for run in runs]
            counted = {} if anew else _kept(connection, ids)
            counted |= _counted(connection, [run_id for run_id in ids if run_id not in counted])
            refused = pairs(connection, _by_run(schema.quarantined, func.count(), ids))
            return tuple(
                NightFigures(run=run, set_aside=refused.get(run.run_id, 0), **counted[run.run_id])
                for run in runs
            )

    def _keep(self, run_id: str) -> None:
        events = schema.events
        ended = select(schema.runs).where(schema.runs.c.run_id == run_id, schema.runs.c.ended.is_not(None))
        with writing(self._engine) as connection:
            _wait_for_events(connection)
            if not _runs(connection, ended):
                return
            last = select(func.coalesce(func.max(events.c.number), 0)).where(events.c.run_id == run_id)
            values = _counted(connection, [run_id])[run_id]
            values |= {name: json.dumps(values[name], sort_keys=True) for name in _BY_NAME}
            until = connection.execute(last).scalar_one()
            row = {"run_id": run_id, "until": until, **values}
            replace(connection, schema.run_figures, [row], run_id=run_id)

    # Of stages

    def stages(
        self,
        names: Collection[str],
        *,
        run_id: str | None = None,
        after: int = 0,
        until: int | None = None,
        at_most: int | None = None,
    ) -> tuple[StageEvent, ...]:
        """Return the events of those stages, of one run or of all, in their order.

        They begin ``after`` a number, and end with ``until`` or when there are so many.
        """
        table = schema.events
        statement = select(table.c.number, table.c.name, table.c.subject, table.c.facts).where(
            table.c.number > after, table.c.name.in_(list(names))
        )
        if run_id is not None:
            statement = statement.where(table.c.run_id == run_id)
        if until is not None:
            statement = statement.where(table.c.number <= until)
        statement = statement.limit(at_most)
        with reading(self._engine) as connection:
            return tuple(
                StageEvent(number, name, subject, json.loads(facts))
                for number, name, subject, facts in connection.execute(statement.order_by(table.c.number))
            )

    def users(self, run_id: str) -> dict[str, tuple[str, ...]]:
        """Return for each section which lessons of the run have it, whatever the edition."""
        parts, links = schema.parts, schema.run_lessons
        statement = (
            select(parts.c.key, parts.c.lesson_id)
            .join(links, links.c.lesson_id == parts.c.lesson_id)
            .where(links.c.run_id == run_id, parts.c.key != "")
            .distinct()
            .order_by(parts.c.key, parts.c.lesson_id)
        )
        found: dict[str, tuple[str, ...]] = {}
        with reading(self._engine) as connection:
            for key, lesson_id in connection.execute(statement):
                found[key] = (*found.get(key, ()), lesson_id)
        return found

    # Of everything

    def settled(self) -> int:
        """Return a number: of events up to it, none will turn up any more that is not there now."""
        last = select(func.coalesce(func.max(schema.events.c.number), 0))
        # On SQLite whoever reads sees numbers without a gap, and need not wait for a turn.
        opened = writing if self._engine.dialect.name == "postgresql" else reading
        with opened(self._engine) as connection:
            _wait_for_events(connection)
            return int(connection.execute(last).scalar_one())

    def kept_sums(self) -> tuple[int, str]:
        """Return what was kept of all stages, and up to which event; none: 0 and nothing."""
        table = schema.stage_sums
        with reading(self._engine) as connection:
            row = connection.execute(select(table.c.until, table.c.sums)).one_or_none()
        return (0, "") if row is None else (row.until, row.sums)

    def keep_sums(self, until: int, sums: str) -> None:
        """Keep what all stages up to that event add up to; who has come further stays in the right."""
        table = schema.stage_sums
        row = {"id": 1, "until": until, "sums": sums}
        with writing(self._engine) as connection:
            known = connection.execute(select(table.c.until)).scalar()
            if known is None or known < until:
                put(connection, table, row, replace=("until", "sums"))

    def counts(self) -> Counts:
        """Count everything that is counted without looking at stages."""
        runs, lessons, sections = schema.runs, schema.lessons, schema.sections
        links, quarantined = schema.run_sections, schema.quarantined
        made = (
            select(links.c.outcome, func.count(), func.sum(sections.c.seconds))
            .join(sections, sections.c.key == links.c.key)
            .group_by(links.c.outcome)
        )
        with reading(self._engine) as connection:
            stand = connection.execute(select(lessons.c.status, func.count()).group_by(lessons.c.status))
            statuses = {row[0]: row[1] for row in stand}
            outcomes = [tuple(row) for row in connection.execute(made)]
            set_aside = connection.execute(select(func.count()).select_from(quarantined)).scalar_one()
            ended = runs.c.ended.is_not(None)
            passed = connection.execute(
                select(func.count()).select_from(runs).where(ended, runs.c.passed)
            ).scalar_one()
            all_ended = connection.execute(select(func.count()).select_from(runs).where(ended)).scalar_one()
            all_runs = connection.execute(select(func.count()).select_from(runs)).scalar_one()
        return Counts(
            lessons=statuses,
            sections={outcome: number for outcome, number, _ in outcomes},
            film={outcome: seconds or 0.0 for outcome, _, seconds in outcomes},
            set_aside=set_aside,
            runs={"passed": passed, "failed": all_ended - passed},
            open_runs=all_runs - all_ended,
        )


def spent_on(events: Iterable[Told]) -> tuple[StageFigures, ...]:
    """Return where time went, stage by stage, in the order of their names. What is no stage is left out."""
    found: defaultdict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for event in events:
        if "latency" in event.facts:
            found[event.name].append(event.facts)
    return tuple(_spent(name, some) for name, some in sorted(found.items()))


def spread(values: Collection[float]) -> dict[str, float]:
    """Return mean, median, 95th percentile and maximum; percentiles are values that occur."""
    ordered = sorted(values)

    def at(share: float) -> float:
        return ordered[max(math.ceil(share * len(ordered)) - 1, 0)]

    mean = sum(ordered) / len(ordered)
    return {"mean": round(mean, 3), "p50": at(0.5), "p95": at(0.95), "max": ordered[-1]}


def cpu_of(event: Told) -> float:
    """Return the CPU seconds that an event tells of. Before stages told of any, they have none."""
    return float(event.facts.get("cpu", 0.0))


def pairs(connection: Connection, statement: Select[Any]) -> dict[str, Any]:
    """Return what a statement of two columns gives, by the first of them."""
    return {row[0]: row[1] for row in connection.execute(statement)}


def cpu_in(connection: Connection) -> ColumnElement[Any]:
    """Return the CPU seconds that an event tells of, as a column; NULL: it is no stage."""
    facts = schema.events.c.facts
    document = cast(facts, JSON) if connection.dialect.name == "postgresql" else type_coerce(facts, JSON)
    seconds: ColumnElement[Any] = document["cpu"].as_float()
    return seconds


_BY_NAME = ("lessons", "failures")
"""Columns of `run_figures` that hold numbers by name, as JSON."""


def _is_outdated(kept: Any) -> ColumnElement[bool]:
    """Return whether anything has happened in a run since it was counted."""
    events = schema.events
    return exists().where(events.c.run_id == kept.c.run_id, events.c.number > kept.c.until)


def _wait_for_events(connection: Connection) -> None:
    """Wait for events that have a number and are not seen; until the transaction ends, there are no others.

    So whoever comes next gets a greater number than any that is seen now. On SQLite it is so anyway.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(text("LOCK TABLE events IN SHARE MODE"))


def _outdated() -> Select[Any]:
    """Ask for runs that have ended and of which nothing is kept that is good."""
    runs, kept = schema.runs, schema.run_figures
    recent = (
        select(runs.c.run_id)
        .where(runs.c.ended.is_not(None))
        .order_by(runs.c.started.desc())
        .limit(RECENT)
        .subquery()
    )
    good = exists().where(kept.c.run_id == recent.c.run_id, ~_is_outdated(kept))
    return select(recent.c.run_id).where(~good).limit(AT_ONCE)


def _runs(connection: Connection, statement: Select[Any]) -> list[RunEntry]:
    return [RunEntry.model_validate(dict(row)) for row in connection.execute(statement).mappings()]


def _kept(connection: Connection, ids: Sequence[str]) -> dict[str, dict[str, Any]]:
    """Return what is kept of those runs, where that is good."""
    table = schema.run_figures
    statement = select(table).where(table.c.run_id.in_(ids), ~_is_outdated(table))
    found = {}
    for row in connection.execute(statement).mappings():
        values = {name: value for name, value in row.items() if name not in ("run_id", "until")}
        found[row["run_id"]] = values | {name: json.loads(row[name]) for name in _BY_NAME}
    return found


def _counted(connection: Connection, ids: Sequence[str]) -> dict[str, dict[str, Any]]:
    """Count what those runs came to until now."""
    if not ids:
        return {}
    links, lessons, parts = schema.run_lessons, schema.lessons, schema.parts
    made, events, orders = schema.run_sections, schema.events, schema.orders
    statuses: dict[str, Counter[str]] = {run: Counter() for run in ids}
    failures: dict[str, Counter[str]] = {run: Counter() for run in ids}
    film: Counter[str] = Counter()
    for run, status, cause, number, seconds in connection.execute(
        select(
            links.c.run_id,
            lessons.c.status,
            lessons.c.cause,
            func.count(),
            func.sum(case((lessons.c.status == LessonStatus.PUBLISHED.value, lessons.c.duration), else_=0.0)),
        )
        .join(lessons, lessons.c.lesson_id == links.c.lesson_id)
        .where(links.c.run_id.in_(ids))
        .group_by(links.c.run_id, lessons.c.status, lessons.c.cause)
    ):
        statuses[run][status] += number
        film[run] += seconds
        if LessonStatus(status) in BAD_ENDS:
            failures[run][cause or status] += number
    outcomes: dict[tuple[str, str], int] = {
        (run, outcome): number
        for run, outcome, number in connection.execute(
            select(made.c.run_id, made.c.outcome, func.count())
            .where(made.c.run_id.in_(ids))
            .group_by(made.c.run_id, made.c.outcome)
        )
    }
    places = pairs(
        connection,
        select(links.c.run_id, func.count())
        .join(parts, parts.c.lesson_id == links.c.lesson_id)
        .join(made, (made.c.run_id == links.c.run_id) & (made.c.key == parts.c.key))
        .where(links.c.run_id.in_(ids), made.c.outcome.in_(MADE))
        .group_by(links.c.run_id),
    )
    cpu = pairs(connection, _by_run(events, func.sum(cpu_in(connection)), ids))
    ordered = pairs(connection, _by_run(orders, func.count(), ids))
    return {
        run: {
            "ordered": run in ordered,
            "lessons": dict(sorted(statuses[run].items())),
            "failures": dict(sorted(failures[run].items())),
            "film": round(film[run], 3),
            "rendered": outcomes.get((run, SectionOutcome.RENDERED.value), 0),
            "found": outcomes.get((run, SectionOutcome.REUSED.value), 0),
            "places": places.get(run, 0),
            "cpu": round(cpu.get(run) or 0.0, 3),
        }
        for run in ids
    }


def _by_run(table: Table, value: Any, ids: Sequence[str]) -> Select[Any]:
    """Ask for one value of each of those runs that the table has anything of."""
    return select(table.c.run_id, value).where(table.c.run_id.in_(ids)).group_by(table.c.run_id)


def _spent(name: str, some: Sequence[Mapping[str, Any]]) -> StageFigures:
    latencies = [float(facts["latency"]) for facts in some]
    lengths = spread(latencies)
    failed = Counter(str(facts.get("cause", "unknown")) for facts in some if facts.get("outcome") == "failed")
    return StageFigures(
        stage=name,
        times=len(some),
        failed=failed.total(),
        causes=dict(failed.most_common()),
        cpu=Seconds(round(sum(float(facts.get("cpu", 0.0)) for facts in some), 3)),
        total=Seconds(round(sum(latencies), 3)),
        usual=Seconds(lengths["p50"]),
        slow=Seconds(lengths["p95"]),
        longest=Seconds(lengths["max"]),
    )
