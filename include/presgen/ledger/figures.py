"""What is counted over all runs, and over one, by a few questions to the database."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from typing import Any, NamedTuple

from sqlalchemy import Engine, func, select

from presgen.ledger import schema
from presgen.ledger.entries import RunEntry
from presgen.ledger.transactions import reading


class StageEvent(NamedTuple):
    """A stage that has ended."""

    number: int
    """Of its event: later ones have greater ones."""
    name: str
    subject: str
    facts: Mapping[str, Any]


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
    """Questions that monitoring asks. All methods raise StoreUnavailable as the ledger's do."""

    def __init__(self, engine: Engine) -> None:
        """Take a database whose tables are up to date."""
        self._engine = engine

    def stages(
        self, names: Collection[str], *, after: int = 0, run_id: str | None = None
    ) -> tuple[StageEvent, ...]:
        """Return the events of those stages after that number, of one run or of all, in their order."""
        table = schema.events
        statement = select(table.c.number, table.c.name, table.c.subject, table.c.facts).where(
            table.c.number > after, table.c.name.in_(list(names))
        )
        if run_id is not None:
            statement = statement.where(table.c.run_id == run_id)
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

    def newest_ended(self) -> RunEntry | None:
        """Return the run that ended last; None: none has."""
        table = schema.runs
        statement = select(table).where(table.c.ended.is_not(None)).order_by(table.c.ended.desc()).limit(1)
        with reading(self._engine) as connection:
            row = connection.execute(statement).mappings().first()
        return None if row is None else RunEntry.model_validate(dict(row))
