"""The ledger itself: every method is one transaction, safe beside other processes, safe to repeat."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from types import MappingProxyType
from typing import Any

from sqlalchemy import Connection, Engine, delete, func, select, update

from presgen.errors import BadInput, IllegalTransition
from presgen.ledger import schema
from presgen.ledger.alerts import Alerts
from presgen.ledger.contents import Contents
from presgen.ledger.entries import (
    ApprovalEntry,
    AttemptEntry,
    Destination,
    EventEntry,
    KnownSection,
    LessonEntry,
    Reservation,
    RunEntry,
    SectionEntry,
    SectionOutcome,
)
from presgen.ledger.erasures import Erasures
from presgen.ledger.figures import Figures
from presgen.ledger.orders import Orders
from presgen.ledger.overview import Overview
from presgen.ledger.statements import Prepared, add, among, change, given, one, put, replace
from presgen.ledger.trail import Trail
from presgen.ledger.transactions import (
    deferring,
    is_deferring,
    is_open,
    later,
    looking,
    now,
    reading,
    soon,
    writing,
)
from presgen.ledger.transitions import ALLOWED, CANCELLED, check_transition, has_reached
from presgen.model.base import canonical
from presgen.model.learner import Quarantined
from presgen.model.lesson import LessonStatus
from presgen.model.publication import Publication, PublishedAsset
from presgen.model.quality import Finding, FixRecord

_UNDONE = {
    "script": "",
    "inputs": "",
    "video": "",
    "editions": "",
    "duration": 0.0,
    "cause": "",
    "reason": "",
}
_NOTHING: Mapping[str, Any] = MappingProxyType({})
_IN_STORE = (SectionOutcome.RENDERED, SectionOutcome.REUSED)

_IN_RUN = (
    select(schema.run_sections, *(schema.sections.c[name] for name in ("slug", "kind", "seconds", "bytes")))
    .join(schema.sections, schema.sections.c.key == schema.run_sections.c.key)
    .where(given(schema.run_sections.c.run_id))
    .order_by(schema.run_sections.c.key)
)
_SECTIONS = Prepared(_IN_RUN)
_SOME_SECTIONS = Prepared(_IN_RUN.where(among(schema.run_sections.c.key, "keys")))
_FINDINGS = Prepared(
    select(*(schema.findings.c[name] for name in Finding.model_fields if name in schema.findings.c))
    .where(given(schema.findings.c.run_id), given(schema.findings.c.subject))
    .order_by(schema.findings.c.number)
)
_ASSETS = Prepared(
    select(*(schema.assets.c[name] for name in PublishedAsset.model_fields))
    .where(given(schema.assets.c.lesson_id), given(schema.assets.c.publisher))
    .order_by(schema.assets.c.role)
)
_BESIDE = schema.lessons.alias()
_LAST_DELIVERY = Prepared(
    select(func.max(schema.assets.c.published).label("moment"))
    .join(_BESIDE, _BESIDE.c.lesson_id == schema.assets.c.lesson_id)
    .join(
        schema.lessons,
        (schema.lessons.c.pseudonym == _BESIDE.c.pseudonym)
        & (schema.lessons.c.certification == _BESIDE.c.certification),
    )
    .where(given(schema.lessons.c.lesson_id), given(schema.assets.c.publisher))
)
_DESTINATIONS = Prepared(
    select(*(schema.destinations.c[name] for name in Destination.model_fields))
    .where(given(schema.destinations.c.lesson_id))
    .order_by(schema.destinations.c.publisher, schema.destinations.c.address)
)


class Ledger:
    """Runs, lessons, sections, assets, findings and events.

    All methods raise StoreUnavailable where the database is away, full or stays locked.
    """

    def __init__(self, engine: Engine) -> None:
        """Take a database whose tables are up to date: see `open_ledger`."""
        self._engine = engine
        self.trail = Trail(engine)
        """What came of what; see there."""
        self.erasures = Erasures(engine)
        self.contents = Contents(engine)
        self.overview = Overview(engine)
        self.figures = Figures(engine)
        self.orders = Orders(engine)
        self.alerts = Alerts(engine)

    def together(self) -> AbstractContextManager[object]:
        """Make one transaction of all that this thread does with the ledger in the block, or nothing at all.

        The trail and the other parts are in it, too. Others wait: whatever is slow belongs before the block.
        """
        return self._writing()

    def looking(self) -> AbstractContextManager[None]:
        """Read all that this thread asks for in the block by one transaction: many questions cost like one.

        What is written in the block has transactions of its own, and may not be seen before its end.
        """
        return looking(self._engine)

    def deferring_events(self) -> AbstractContextManager[None]:
        """Let events of this thread wait for its next transaction in the block, or for the block's end.

        Who is killed in between has not done what the next transaction would have said, and loses the events.
        """
        return deferring(self._engine)

    # Runs

    def begin_run(self, run_id: str, source: str = "") -> None:
        """Note that a run has begun; a source, once known, is noted with it."""
        with self._reading() as connection:
            found = one(connection, schema.runs, run_id=run_id)
        if found is not None and (not source or found["source"] == source):
            return
        with self._writing() as connection:
            put(
                connection,
                schema.runs,
                {"run_id": run_id, "started": now(), "source": source},
                replace=("source",) if source else (),
            )

    def end_run(self, run_id: str, *, passed: bool) -> None:
        """Note what a run came to."""
        with self._writing() as connection:
            connection.execute(
                update(schema.runs).where(schema.runs.c.run_id == run_id).values(ended=now(), passed=passed)
            )
        self.figures.keep(run_id)

    def run(self, run_id: str) -> RunEntry | None:
        """Return the run of that id; None: there was none."""
        with self._reading() as connection:
            row = one(connection, schema.runs, run_id=run_id)
        return None if row is None else RunEntry.model_validate(dict(row))

    def runs(self) -> tuple[RunEntry, ...]:
        """Return all runs, the newest first."""
        statement = select(schema.runs).order_by(schema.runs.c.started.desc(), schema.runs.c.run_id)
        with self._reading() as connection:
            return tuple(
                RunEntry.model_validate(dict(row)) for row in connection.execute(statement).mappings()
            )

    def set_quarantined(self, run_id: str, records: Sequence[Quarantined]) -> None:
        """Note which records the run set aside, in place of those noted for it before."""
        rows = [
            {
                "run_id": run_id,
                "number": number,
                "place": record.where,
                **record.model_dump(exclude={"where"}),
            }
            for number, record in enumerate(records)
        ]
        with self._writing() as connection:
            replace(connection, schema.quarantined, rows, run_id=run_id)

    def quarantined(self, run_id: str) -> tuple[Quarantined, ...]:
        """Return the records that the run set aside."""
        table = schema.quarantined
        statement = select(table).where(table.c.run_id == run_id).order_by(table.c.number)
        with self._reading() as connection:
            return tuple(
                Quarantined(
                    pseudonym=row["pseudonym"],
                    where=row["place"],
                    field=row["field"],
                    value=row["value"],
                    reason=row["reason"],
                )
                for row in connection.execute(statement).mappings()
            )

    # Lessons

    def enter_lesson(
        self,
        run_id: str,
        lesson_id: str,
        *,
        pseudonym: str,
        certification: str,
        record: str,
        anew: bool = False,
    ) -> LessonEntry:
        """Make the lesson part of the run: as pending if it is new, if its record changed or if ``anew``.

        Otherwise it keeps what it has reached, in whichever run that was.
        """
        with self._writing() as connection:
            values = {
                "lesson_id": lesson_id,
                "pseudonym": pseudonym,
                "certification": certification,
                "status": LessonStatus.PENDING.value,
                "record": record,
                "revision": 0,
                "changed": now(),
                **_UNDONE,
            }
            put(connection, schema.lessons, values)
            put(connection, schema.run_lessons, {"run_id": run_id, "lesson_id": lesson_id})
            entry = _lesson(connection, lesson_id)
            if entry.record != record or anew:
                why = "asked for anew" if entry.record == record else "the record changed"
                entry = self._reset(connection, entry, run_id, why, record=record)
        return entry

    def lesson(self, lesson_id: str) -> LessonEntry:
        """Return the lesson of that id.

        Raises:
            BadInput: there is none.
        """
        with self._reading() as connection:
            return _lesson(connection, lesson_id)

    def lessons(self, run_id: str | None = None) -> tuple[LessonEntry, ...]:
        """Return the lessons of that run, or all there are, sorted by id."""
        table, links = schema.lessons, schema.run_lessons
        statement = select(table).order_by(table.c.lesson_id)
        if run_id is not None:
            statement = statement.join(links, links.c.lesson_id == table.c.lesson_id).where(
                links.c.run_id == run_id
            )
        with self._reading() as connection:
            return tuple(
                LessonEntry.model_validate(dict(row)) for row in connection.execute(statement).mappings()
            )

    def latest_run(self, lesson_id: str) -> str | None:
        """Return the run that the lesson was part of last; None: it was part of none."""
        links, runs = schema.run_lessons, schema.runs
        statement = (
            select(links.c.run_id)
            .join(runs, runs.c.run_id == links.c.run_id)
            .where(links.c.lesson_id == lesson_id)
            .order_by(runs.c.started.desc(), runs.c.run_id.desc())
            .limit(1)
        )
        with self._reading() as connection:
            found: str | None = connection.execute(statement).scalar()
        return found

    def advance(
        self,
        lesson_id: str,
        to: LessonStatus,
        *,
        run_id: str,
        having: Mapping[str, str] = _NOTHING,
        making: Mapping[str, Any] = _NOTHING,
        seen: LessonEntry | None = None,
    ) -> LessonEntry:
        """Take a lesson one step on.

        ``having`` are the digests that the lesson must have for the step, ``making`` the columns that the
        step fills. A step that was taken before, by whichever process, changes nothing, if it was the same.
        ``seen`` is the lesson as it was lately: if it still is, it need not be looked up.

        Raises:
            IllegalTransition: the step is not allowed from where the lesson stands, the lesson no longer
                has those digests, or the step was taken before and made others.
            BadInput: there is no such lesson.
        """
        # Within a transaction it is our turn already; otherwise a repetition waits for nobody.
        if not is_open(self._engine):
            entry = self.lesson(lesson_id)
            if _has_taken(entry, to, having, making):
                return entry
        with self._writing() as connection:
            return self._advance(connection, lesson_id, to, run_id, having, making, seen)

    def end(
        self,
        lesson_id: str,
        to: LessonStatus,
        *,
        run_id: str,
        cause: str,
        reason: str,
        having: Mapping[str, str] = _NOTHING,
    ) -> LessonEntry:
        """End a lesson that cannot go on, and say why. ``having`` are digests that it must have.

        Where it has ended that way before, for another reason, the new one counts: what would have helped
        then does not help now. What was cancelled stays so, whatever its steps say when they are stopped.

        Raises:
            IllegalTransition: it cannot end that way from where it stands, or no longer has those digests.
            BadInput: there is no such lesson.
        """
        why = {"cause": cause, "reason": reason}
        with self._writing() as connection:
            while True:
                entry = _lesson(connection, lesson_id)
                _check_same(entry, to, having)
                if entry.status is not to:
                    check_transition(lesson_id, entry.status, to)
                elif entry.cause == CANCELLED or (entry.cause, entry.reason) == (cause, reason):
                    return entry
                if (changed := self._move(connection, entry, to, run_id, _NOTHING, why)) is not None:
                    return changed

    def reset(self, lesson_id: str, *, run_id: str, why: str) -> LessonEntry:
        """Send a lesson back to pending, with nothing done: its inputs are no longer what they were."""
        with self._writing() as connection:
            return self._reset(connection, _lesson(connection, lesson_id), run_id, why)

    def note_delivery(self, publication: Publication, *, run_id: str, editions: str) -> None:
        """Note where a publisher has put each file of a lesson, in place of where it had put them before.

        The lesson's status does not move: other publishers may still be at it.

        Raises:
            IllegalTransition: the lesson has not passed its checks, or has other editions by now.
        """
        moment = now()
        lesson_id, publisher = publication.lesson_id, publication.publisher
        delivered = tuple(sorted(publication.assets, key=lambda asset: asset.role))
        with self._writing() as connection:
            entry = _lesson(connection, lesson_id)
            _check_same(entry, LessonStatus.PUBLISHED, {"editions": editions})
            if not has_reached(entry.status, LessonStatus.QA_PASSED):
                check_transition(lesson_id, entry.status, LessonStatus.PUBLISHED)
            known = _assets(connection, lesson_id, publisher)
            if known == delivered:
                return
            rows = [
                {"lesson_id": lesson_id, "publisher": publisher, "published": moment, **asset.model_dump()}
                for asset in delivered
            ]
            if known:
                replace(connection, schema.assets, rows, lesson_id=lesson_id, publisher=publisher)
            else:
                add(connection, schema.assets, rows)
            facts = {"publisher": publisher, "assets": {each.role: each.asset_id for each in delivered}}
            self.note_event(run_id, "delivery", lesson_id, facts)

    def assets(self, lesson_id: str, publisher: str) -> tuple[PublishedAsset, ...]:
        """Return what was delivered of a lesson, in the order of the roles' names."""
        with self._reading() as connection:
            return _assets(connection, lesson_id, publisher)

    def last_delivery(self, lesson_id: str, publisher: str) -> datetime | None:
        """Return when that publisher last delivered something new of a lesson or of one that lies beside it.

        These are its learner's other lessons for that certification. None: it delivered none of them.
        """
        with self._reading() as connection:
            [row] = _LAST_DELIVERY.rows(connection, {"lesson_id": lesson_id, "publisher": publisher})
        return None if row["moment"] is None else datetime.fromisoformat(row["moment"])

    def note_destination(self, lesson_id: str, destination: Destination) -> None:
        """Note where a lesson's delivery begins: from now on, files of it may be there."""
        if destination in self.destinations(lesson_id):
            return
        row = {"lesson_id": lesson_id, **destination.model_dump()}
        with self._writing() as connection:
            put(connection, schema.destinations, row, replace=["mark"])

    def destinations(self, lesson_id: str) -> tuple[Destination, ...]:
        """Return where deliveries of a lesson were begun, and have not been taken back since."""
        with self._reading() as connection:
            rows = _DESTINATIONS.rows(connection, {"lesson_id": lesson_id})
        return tuple(Destination.model_validate(row) for row in rows)

    def forget_destination(self, lesson_id: str, destination: Destination) -> None:
        """Forget a place where no file of the lesson is any more."""
        with self._writing() as connection:
            connection.execute(
                delete(schema.destinations).filter_by(
                    lesson_id=lesson_id, publisher=destination.publisher, address=destination.address
                )
            )

    # What is reserved at a destination

    def reserve(self, publisher: str, wanted: Mapping[str, str]) -> dict[str, Reservation]:
        """Keep an id for each place that has none yet, and return the ids of all of them.

        The first to come decides, whoever asks at the same time.
        """
        with self._writing() as connection:
            for place, asset_id in wanted.items():
                values = {"publisher": publisher, "place": place, "asset_id": asset_id, "changed": now()}
                put(connection, schema.uploads, {**values, "session": "", "sha256": ""})
            return _reservations(connection, publisher, list(wanted))

    def reservations(self, publisher: str, places: Sequence[str]) -> dict[str, Reservation]:
        """Return what is reserved for those places; one that is missing has no id yet."""
        with self._reading() as connection:
            return _reservations(connection, publisher, places)

    def reserved_for(self, publisher: str, part: str) -> dict[str, Reservation]:
        """Return what is reserved for every place whose name has that part, in the order of the names."""
        table = schema.uploads
        with self._reading() as connection:
            held = connection.execute(
                select(table.c.place)
                .where(table.c.publisher == publisher, table.c.place.contains(part, autoescape=True))
                .order_by(table.c.place)
            )
            return _reservations(connection, publisher, list(held.scalars()))

    def reserved_by(self, part: str) -> tuple[str, ...]:
        """Return the publishers for which a place is reserved whose name has that part."""
        table = schema.uploads
        statement = select(table.c.publisher).where(table.c.place.contains(part, autoescape=True)).distinct()
        with self._reading() as connection:
            return tuple(sorted(connection.execute(statement).scalars()))

    def note_session(self, publisher: str, place: str, asset_id: str, session: str, sha256: str) -> None:
        """Note where the upload of that content goes on; an empty session: nowhere, it is over."""
        table = schema.uploads
        with self._writing() as connection:
            connection.execute(
                update(table)
                .filter_by(publisher=publisher, place=place, asset_id=asset_id)
                .values(session=session, sha256=sha256 if session else "", changed=now())
            )

    def release(self, publisher: str, place: str, asset_id: str) -> None:
        """Give up an id that the destination takes no longer, unless somebody has done so already."""
        with self._writing() as connection:
            connection.execute(
                delete(schema.uploads).filter_by(publisher=publisher, place=place, asset_id=asset_id)
            )

    # Sections

    def note_section(
        self,
        run_id: str,
        key: str,
        outcome: SectionOutcome,
        *,
        slug: str,
        kind: str,
        seconds: float = 0.0,
        bytes: int = 0,
        cause: str = "",
        reason: str = "",
    ) -> None:
        """Note what became of a section in a run. The last word counts, but rendered stays rendered.

        Everything but finding it in the store is one more attempt in the section's history. That a section is
        in the store waits for the next transaction, in a block that defers events.
        """
        stored = outcome in _IN_STORE
        known = {"key": key, "slug": slug, "kind": kind, "seconds": seconds, "bytes": bytes}
        facts = {"outcome": outcome.value, "cause": cause, "reason": reason}
        moment = now()

        def note(connection: Connection) -> None:
            noted = one(connection, schema.run_sections, run_id=run_id, key=key)
            if outcome is SectionOutcome.REUSED and noted is not None and noted["outcome"] in _IN_STORE:
                return
            put(connection, schema.sections, known, replace=("seconds", "bytes") if stored else ())
            row = {"run_id": run_id, "key": key, **facts}
            put(connection, schema.run_sections, row, replace=tuple(facts))
            if outcome is not SectionOutcome.REUSED:
                add(connection, schema.attempts, [{"at": moment, **row}])

        if stored:
            later(self._engine, note)
        else:
            with self._writing() as connection:
                note(connection)

    def attempts(self, key: str) -> tuple[AttemptEntry, ...]:
        """Return every attempt at making that section, in whichever run, the first one first."""
        table = schema.attempts
        statement = select(table).where(table.c.key == key).order_by(table.c.number)
        with self._reading() as connection:
            return tuple(
                AttemptEntry.model_validate(dict(row)) for row in connection.execute(statement).mappings()
            )

    def section(self, run_id: str, key: str) -> SectionEntry | None:
        """Return what became of a section in that run; None: nothing yet."""
        found = self.sections(run_id, [key])
        return found[0] if found else None

    def sections(self, run_id: str, keys: Sequence[str] | None = None) -> tuple[SectionEntry, ...]:
        """Return all sections that the run made, took or failed at, sorted by key; of those ``keys``, if any.

        A few hundred keys, at the most.
        """
        wanted = {"run_id": run_id} if keys is None else {"run_id": run_id, "keys": keys}
        with self._reading() as connection:
            rows = (_SECTIONS if keys is None else _SOME_SECTIONS).rows(connection, wanted)
        return tuple(SectionEntry.model_validate(row) for row in rows)

    def known_sections(self) -> dict[str, KnownSection]:
        """Return every section the ledger has heard of, by key."""
        statement = select(schema.sections).order_by(schema.sections.c.key)
        with self._reading() as connection:
            return {
                row["key"]: KnownSection.model_validate(dict(row))
                for row in connection.execute(statement).mappings()
            }

    # Findings and events

    def set_findings(self, run_id: str, subject: str, findings: Sequence[Finding]) -> None:
        """Note what the checks found on a section or a video, in place of what the run noted before.

        That waits for the next transaction, in a block that defers events.
        """
        kept = set(schema.findings.c.keys())
        rows = [
            {
                "run_id": run_id,
                "subject": subject,
                "number": number,
                **finding.model_dump(mode="json", include=kept),
                "measured": _json(finding.measured),
                "limit": _json(finding.limit),
            }
            for number, finding in enumerate(findings)
        ]

        def note(connection: Connection) -> None:
            replace(connection, schema.findings, rows, run_id=run_id, subject=subject)

        if rows or is_deferring(self._engine) or self.findings(run_id, subject):
            later(self._engine, note)

    def findings(self, run_id: str, subject: str) -> tuple[Finding, ...]:
        """Return what the run's checks found on a section or a video."""
        with self._reading() as connection:
            rows = _FINDINGS.rows(connection, {"run_id": run_id, "subject": subject})
            return tuple(
                Finding.model_validate(
                    {**row, "measured": _value(row["measured"]), "limit": _value(row["limit"])}
                )
                for row in rows
            )

    def set_fixes(self, run_id: str, subject: str, fixes: Sequence[FixRecord]) -> None:
        """Note which fixes the run tried on a section or lesson, in place of what it noted before."""
        rows = [
            {
                "run_id": run_id,
                "subject": subject,
                "number": number,
                "round": fix.round,
                "fix": fix.fix,
                "facts": fix.model_dump_json(),
            }
            for number, fix in enumerate(fixes)
        ]
        with self._writing() as connection:
            replace(connection, schema.fixes, rows, run_id=run_id, subject=subject)

    def fixes(self, run_id: str, subject: str) -> tuple[FixRecord, ...]:
        """Return the fixes that the run tried on a section or lesson, in order."""
        table = schema.fixes
        statement = (
            select(table.c.facts)
            .where(table.c.run_id == run_id, table.c.subject == subject)
            .order_by(table.c.number)
        )
        with self._reading() as connection:
            return tuple(
                FixRecord.model_validate_json(facts) for facts in connection.execute(statement).scalars()
            )

    # Approvals

    def set_approval(self, run_id: str, subject: str, *, approved: bool, by: str) -> None:
        """Note what somebody decided on a section or a lesson's editions; the last word counts."""
        row = {"subject": subject, "at": now(), "run_id": run_id, "approved": approved, "by": by}
        with self._writing() as connection:
            put(connection, schema.approvals, row, replace=("at", "run_id", "approved", "by"))
            self.note_event(run_id, "approval", subject, {"approved": approved, "by": by})

    def withdraw_approval(self, run_id: str, subject: str) -> None:
        """Forget what was decided, so that it is asked again; nothing happens where nothing was."""
        table = schema.approvals
        with self._writing() as connection:
            if connection.execute(delete(table).where(table.c.subject == subject)).rowcount:
                self.note_event(run_id, "approval_withdrawn", subject, {})

    def approval(self, subject: str) -> ApprovalEntry | None:
        """Return what was decided on a section or a lesson's editions; None: nobody has decided."""
        with self._reading() as connection:
            row = one(connection, schema.approvals, subject=subject)
        return None if row is None else ApprovalEntry.model_validate(dict(row))

    def note_event(self, run_id: str, name: str, subject: str, facts: Mapping[str, Any]) -> None:
        """Append an event. ``facts`` survive JSON and name nobody."""
        row = {"at": now(), "run_id": run_id, "name": name, "subject": subject, "facts": canonical(facts)}
        soon(self._engine, schema.events, row)

    def events(self, run_id: str | None = None, subject: str | None = None) -> tuple[EventEntry, ...]:
        """Return events in the order they were appended: of a run, of a subject, or all."""
        table = schema.events
        statement = select(table).order_by(table.c.number)
        if run_id is not None:
            statement = statement.where(table.c.run_id == run_id)
        if subject is not None:
            statement = statement.where(table.c.subject == subject)
        with self._reading() as connection:
            return tuple(
                EventEntry.model_validate({**row, "facts": json.loads(row["facts"])})
                for row in connection.execute(statement).mappings()
            )

    # Within a transaction

    def _advance(
        self,
        connection: Connection,
        lesson_id: str,
        to: LessonStatus,
        run_id: str,
        having: Mapping[str, str],
        making: Mapping[str, Any],
        seen: LessonEntry | None = None,
    ) -> LessonEntry:
        # What was seen is believed only where the row agrees.
        entry = seen if seen is not None and _may_take(seen, to, having) else _lesson(connection, lesson_id)
        while True:
            if _has_taken(entry, to, having, making):
                return entry
            check_transition(lesson_id, entry.status, to)
            if (changed := self._move(connection, entry, to, run_id, having, making)) is not None:
                return changed
            entry = _lesson(connection, lesson_id)

    def _move(
        self,
        connection: Connection,
        entry: LessonEntry,
        to: LessonStatus,
        run_id: str,
        having: Mapping[str, str],
        making: Mapping[str, Any],
    ) -> LessonEntry | None:
        """Give the lesson that status if it still is as ``entry`` says, and tell it. None: it was changed."""
        # Whatever ended the lesson before is over once it moves on.
        changed = _change(connection, entry, {"status": to.value, "cause": "", "reason": "", **making})
        if changed is not None:
            facts = {"from": entry.status.value, "to": to.value, **having, **making}
            self.note_event(run_id, "status", entry.lesson_id, facts)
        return changed

    def _reset(
        self, connection: Connection, entry: LessonEntry, run_id: str, why: str, record: str | None = None
    ) -> LessonEntry:
        values = {"status": LessonStatus.PENDING.value, **_UNDONE}
        if record is not None:
            values["record"] = record
        while (changed := _change(connection, entry, values)) is None:
            entry = _lesson(connection, entry.lesson_id)
        self.note_event(
            run_id,
            "status",
            entry.lesson_id,
            {"from": entry.status.value, "to": LessonStatus.PENDING.value, "why": why},
        )
        return changed

    def _reading(self) -> AbstractContextManager[Connection]:
        return reading(self._engine)

    def _writing(self) -> AbstractContextManager[Connection]:
        return writing(self._engine)


def _json(value: float | str | None) -> str | None:
    return None if value is None else json.dumps(value, ensure_ascii=False)


def _value(text: str | None) -> Any:
    return None if text is None else json.loads(text)


def _lesson(connection: Connection, lesson_id: str) -> LessonEntry:
    row = one(connection, schema.lessons, lesson_id=lesson_id)
    if row is None:
        raise BadInput(f"The ledger knows no lesson {lesson_id}: load its learner first.")
    return LessonEntry.model_validate(dict(row))


def _assets(connection: Connection, lesson_id: str, publisher: str) -> tuple[PublishedAsset, ...]:
    rows = _ASSETS.rows(connection, {"lesson_id": lesson_id, "publisher": publisher})
    return tuple(PublishedAsset.model_validate(row) for row in rows)


def _reservations(connection: Connection, publisher: str, places: Sequence[str]) -> dict[str, Reservation]:
    table = schema.uploads
    statement = select(table.c.place, table.c.asset_id, table.c.session, table.c.sha256).where(
        table.c.publisher == publisher, table.c.place.in_(places)
    )
    return {
        row["place"]: Reservation.model_validate(dict(row))
        for row in connection.execute(statement).mappings()
    }


def _change(connection: Connection, entry: LessonEntry, values: Mapping[str, Any]) -> LessonEntry | None:
    """Change the lesson if it still is as ``entry`` says; return what it is now. None: it was changed."""
    new = {**values, "revision": entry.revision + 1, "changed": now()}
    seen = {"lesson_id": entry.lesson_id, "revision": entry.revision}
    if not change(connection, schema.lessons, seen, new):
        return None
    return LessonEntry.model_validate({**entry.model_dump(), **new})


def _may_take(entry: LessonEntry, to: LessonStatus, having: Mapping[str, Any]) -> bool:
    """Return whether the lesson has not taken that step and is free to."""
    fits = all(getattr(entry, name) == value for name, value in having.items())
    return fits and not has_reached(entry.status, to) and to in ALLOWED[entry.status]


def _has_taken(
    entry: LessonEntry, to: LessonStatus, having: Mapping[str, Any], making: Mapping[str, Any]
) -> bool:
    """Return whether the lesson has taken that step: with those digests, and with the same result."""
    _check_same(entry, to, having)
    if not has_reached(entry.status, to):
        return False
    _check_same(entry, to, making)
    return True


def _check_same(entry: LessonEntry, to: LessonStatus, made: Mapping[str, Any]) -> None:
    for name, value in made.items():
        if getattr(entry, name) != value:
            raise _other(entry, to, name, value)


def _other(entry: LessonEntry, to: LessonStatus, name: str, value: Any) -> IllegalTransition:
    return IllegalTransition(
        f"Lesson {entry.lesson_id} is {entry.status} with {name} {getattr(entry, name)!s:.12}; it cannot "
        f"become {to} with {name} {value!s:.12}. Run it again from its first step."
    )
