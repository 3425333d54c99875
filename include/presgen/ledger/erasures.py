"""Erasing what the ledger holds of a learner: begun in writing, so that whoever comes after a crash goes on.

What is to be erased is noted first and forgotten last, in the transaction that deletes the rest. Only for
subjects that are noted may events be deleted; the database itself sees to that.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from contextlib import closing

from sqlalchemy import Connection, Engine, Table, delete, func, insert, select
from sqlalchemy.exc import DBAPIError

from presgen.errors import LearnerErased, StoreUnavailable
from presgen.ledger import schema, trail_tables
from presgen.ledger.entries import LessonEntry
from presgen.ledger.keeping import at_work
from presgen.ledger.statements import Prepared, batches, given
from presgen.ledger.transactions import now, reading, writing

_STANDING = Prepared(
    select(schema.lessons, trail_tables.erasures.c.subject)
    .select_from(schema.lessons)
    .outerjoin(trail_tables.erasures, trail_tables.erasures.c.pseudonym == schema.lessons.c.pseudonym)
    .where(given(schema.lessons.c.lesson_id))
)


class Erasures:
    """The erasures that have begun and not ended. All methods raise StoreUnavailable as the ledger's do."""

    def __init__(self, engine: Engine) -> None:
        """Take a database whose tables are up to date."""
        self._engine = engine

    def begin(self, pseudonym: str, subjects: Iterable[str]) -> tuple[str, ...]:
        """Note what is to be erased of a learner; return all that is noted, of an earlier attempt, too.

        ``subjects`` are the learner's lessons, the keys of sections and the digests of narrations.
        """
        wanted = {pseudonym, *subjects}
        with writing(self._engine) as connection:
            known = set(_noted(connection, pseudonym))
            moment = now()
            rows = [
                {"pseudonym": pseudonym, "subject": subject, "at": moment}
                for subject in sorted(wanted - known)
            ]
            if rows:
                connection.execute(insert(trail_tables.erasures), rows)
        return tuple(sorted(wanted | known))

    def begun(self) -> tuple[str, ...]:
        """Return the pseudonyms of learners whose erasure has begun and not ended."""
        with reading(self._engine) as connection:
            column = trail_tables.erasures.c.pseudonym
            return tuple(connection.execute(select(column).distinct().order_by(column)).scalars())

    def check(self, lesson_id: str) -> LessonEntry:
        """Let pass a lesson on which a run may work, and return it.

        Raises:
            LearnerErased: its learner is being erased, or was.
        """
        with reading(self._engine) as connection:
            found = _STANDING.rows(connection, {"lesson_id": lesson_id})
        if not found:
            raise LearnerErased(
                f"The ledger knows no lesson {lesson_id} any more: its learner was erased. Their next run "
                "begins with reading the record."
            )
        lesson = {**found[0]}
        if lesson.pop("subject") is not None:
            raise LearnerErased(f"The learner of lesson {lesson_id} is being erased: it goes no further.")
        return LessonEntry.model_validate(lesson)

    def check_learner(self, pseudonym: str) -> None:
        """Let pass a learner whose record may be read.

        Raises:
            LearnerErased: they are being erased.
        """
        if pseudonym in self.begun():
            raise LearnerErased(f"{pseudonym} is being erased: their record is read when that is done.")

    def lessons_of(self, pseudonym: str) -> tuple[str, ...]:
        """Return the ids of the learner's lessons."""
        table = schema.lessons
        statement = select(table.c.lesson_id).where(table.c.pseudonym == pseudonym)
        with reading(self._engine) as connection:
            return tuple(sorted(connection.execute(statement).scalars()))

    def idle_since(self, moment: str) -> tuple[str, ...]:
        """Return the learners of whom nothing has changed since that moment, UTC in ISO 8601.

        That is: no lesson, no order, no record that was set aside; of whom there is nothing but facts of the
        audit trail, none of its events.
        """
        lessons, orders, runs = schema.lessons, schema.orders, schema.runs
        last = (
            select(lessons.c.pseudonym, lessons.c.changed),
            select(orders.c.pseudonym, orders.c.changed),
            select(schema.quarantined.c.pseudonym, runs.c.started)
            .join(runs, runs.c.run_id == schema.quarantined.c.run_id)
            .where(schema.quarantined.c.pseudonym.is_not(None)),
            select(trail_tables.people.c.pseudonym, func.max(trail_tables.events.c.at))
            .join(trail_tables.events, trail_tables.events.c.person == trail_tables.people.c.person)
            .where(trail_tables.people.c.pseudonym.not_in(select(lessons.c.pseudonym)))
            .group_by(trail_tables.people.c.pseudonym),
        )
        with reading(self._engine) as connection:
            seen = [row for statement in last for row in connection.execute(statement)]
        busy = {pseudonym for pseudonym, changed in seen if changed >= moment}
        return tuple(sorted({pseudonym for pseudonym, _ in seen} - busy))

    def remove(self, pseudonym: str, subjects: Sequence[str]) -> int:
        """Delete all rows about those subjects and the learner but the note of it; return how many rows."""
        by = (
            (schema.run_lessons, "lesson_id"),
            (schema.assets, "lesson_id"),
            (schema.destinations, "lesson_id"),
            (schema.parts, "lesson_id"),
            (schema.outlines, "lesson_id"),
            (schema.findings, "subject"),
            (schema.fixes, "subject"),
            (schema.approvals, "subject"),
            (schema.events, "subject"),
            (schema.attempts, "key"),
            (schema.run_sections, "key"),
            (schema.sections, "key"),
            (schema.lessons, "lesson_id"),
        )
        with writing(self._engine) as connection:
            gone = sum(_delete(connection, table, column, subjects) for table, column in by)
            gone += _delete(connection, schema.quarantined, "pseudonym", [pseudonym])
            ordered = select(schema.orders.c.video_id).where(schema.orders.c.pseudonym == pseudonym)
            gone += connection.execute(
                delete(schema.notices).where(schema.notices.c.video_id.in_(ordered))
            ).rowcount
            gone += _delete(connection, schema.orders, "pseudonym", [pseudonym])
            for subject in subjects:
                held = schema.uploads.c.place.contains(subject, autoescape=True)
                gone += connection.execute(delete(schema.uploads).where(held)).rowcount
        return gone

    def end(self, pseudonym: str) -> None:
        """Forget that the learner was to be erased: they are, and there is a receipt.

        Raises:
            StoreUnavailable: what was deleted can still be read in the database's log, because somebody has
                kept reading for long; the erasure has not ended.
        """
        if not self._empty_log():
            raise StoreUnavailable(
                "The ledger's log still holds what was deleted: somebody reads the ledger and does not come "
                "to an end. Erase once more when they are done."
            )
        with writing(self._engine) as connection:
            _delete(connection, trail_tables.erasures, "pseudonym", [pseudonym])
        # Nothing but the note itself, a pseudonym and ids, goes with the next emptying if not with this one.
        self._empty_log()

    def _empty_log(self) -> bool:
        """Empty SQLite's write-ahead log into the file: until then, what was deleted can be read in it.

        Return whether it is empty. Those who read are waited for, as long as for a lock.
        """
        if self._engine.dialect.name != "sqlite":
            return True
        try:
            # No transaction of ours: in one, the log cannot be emptied.
            with at_work(), closing(self._engine.raw_connection()) as connection:
                [(busy, *_)] = connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        except (sqlite3.Error, DBAPIError) as error:
            raise StoreUnavailable(f"The ledger's log cannot be emptied: {error}") from error
        return not busy


def _noted(connection: Connection, pseudonym: str) -> list[str]:
    table = trail_tables.erasures
    statement = select(table.c.subject).where(table.c.pseudonym == pseudonym)
    return list(connection.execute(statement).scalars())


def _delete(connection: Connection, table: Table, column: str, values: Sequence[str]) -> int:
    gone = 0
    for some in batches(values):
        gone += connection.execute(delete(table).where(table.c[column].in_(some))).rowcount
    return gone
