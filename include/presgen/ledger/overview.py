"""What people look at, each page by a few questions to the database, however many lessons there are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any, Literal

from sqlalchemy import ColumnElement, Connection, Engine, Select, exists, func, or_, select, tuple_

from presgen.ledger import schema
from presgen.ledger.entries import LessonEntry, OrderEntry, RunEntry, SectionEntry, SectionOutcome
from presgen.ledger.figures import MADE, cpu_in, pairs
from presgen.ledger.transactions import reading
from presgen.ledger.transitions import CANCELLED
from presgen.model.base import Model, Seconds
from presgen.model.lesson import SectionKind
from presgen.model.publication import PublishedAsset

SectionOrder = Literal["used", "saved", "newest"]
"""Used by most lessons, longest film spared, or newest first."""
FAILED = (SectionOutcome.REJECTED.value, SectionOutcome.FAILED.value)
_MAKING = ("avatar_render", "tts_synthesize")
"""Stages in which a section is made."""
_SHARED = tuple(kind.value for kind in SectionKind if kind.shared)


class Filter(Model):
    """Which lessons are wanted."""

    run_id: str | None = None
    statuses: tuple[str, ...] = ()
    cancelled: bool = False
    """Also those that somebody has cancelled; among failed ones they are not."""
    course: str | None = None
    text: str = ""
    """In the title, the learner's pseudonym or the id."""
    format: str | None = None
    seen_by: str | None = None
    """Only lessons of nights, and those that this person's orders have come to; None: all."""


class ListedLesson(Model):
    """A lesson in a list."""

    entry: LessonEntry
    video_id: str
    """The order's that its last run was for; else the lesson's own."""
    run_id: str | None
    title: str | None
    persona: str | None
    parts: int
    """Sections of the main edition."""
    made: int
    """Those of them that its run has made or found."""
    warnings: int


class WaitingOrder(Model):
    """An order whose run has not come to its lesson."""

    order: OrderEntry
    over: bool
    """Its run has ended and entered no lesson: the record was refused."""


class LessonPage(Model):
    """Some of the lessons that are wanted."""

    lessons: tuple[ListedLesson, ...]
    total: int


class StoredRow(Model):
    """A section that lessons share, counted."""

    key: str
    slug: str
    kind: str
    title: str
    format: str
    seconds: Seconds
    bytes: int
    lessons: int
    attempts: int
    cost: Seconds
    approved: bool | None
    changed: str
    rank: float
    """By what it stands where it does: lessons, seconds of film spared, or the number of its last event."""


class Use(Model):
    """A place where a section is used."""

    lesson_id: str
    title: str | None
    number: int


class Overview:
    """Questions that pages ask. All methods raise StoreUnavailable as the ledger's do."""

    def __init__(self, engine: Engine) -> None:
        """Take a database whose tables are up to date."""
        self._engine = engine

    # Lessons

    def lessons(self, wanted: Filter, *, limit: int, after: tuple[str, str] | None = None) -> LessonPage:
        """Return lessons, those that changed last first; ``after`` are moment and id of the last one had."""
        table = schema.lessons
        chosen = _chosen(select(table.c.lesson_id), wanted)
        statement = _chosen(select(table), wanted)
        if after is not None:
            statement = statement.where(tuple_(table.c.changed, table.c.lesson_id) < tuple_(*after))
        statement = statement.order_by(table.c.changed.desc(), table.c.lesson_id.desc()).limit(limit)
        with reading(self._engine) as connection:
            total = connection.execute(select(func.count()).select_from(chosen.subquery())).scalar_one()
            entries = [
                LessonEntry.model_validate(dict(row)) for row in connection.execute(statement).mappings()
            ]
            listed = _listed(connection, entries, wanted)
        return LessonPage(lessons=listed, total=total)

    def waiting_orders(self, by: str | None, limit: int) -> tuple[WaitingOrder, ...]:
        """Return orders, of that person or of all, whose run has not come to a lesson; the newest first."""
        orders, links, runs = schema.orders, schema.run_lessons, schema.runs
        begun = exists().where(links.c.run_id == orders.c.run_id, links.c.lesson_id == orders.c.lesson_id)
        over = exists().where(runs.c.run_id == orders.c.run_id, runs.c.ended.is_not(None)).label("over")
        statement = select(orders, over).where(~begun).order_by(orders.c.at.desc()).limit(limit)
        if by is not None:
            statement = statement.where(orders.c.by == by)
        with reading(self._engine) as connection:
            found = [dict(row) for row in connection.execute(statement).mappings()]
        return tuple(
            WaitingOrder(over=bool(row.pop("over")), order=OrderEntry.model_validate(row)) for row in found
        )

    def is_seen_by(self, lesson_id: str, person: str) -> bool:
        """Return whether a lesson is one of a night, or one that an order of this person's has come to."""
        table = schema.lessons
        statement = _chosen(select(table.c.lesson_id), Filter(seen_by=person)).where(
            table.c.lesson_id == lesson_id
        )
        with reading(self._engine) as connection:
            return connection.execute(statement).scalar() is not None

    def runs_of(self, lesson_id: str, seen_by: str | None = None) -> tuple[RunEntry, ...]:
        """Return the runs that the lesson was part of, those that this person may see; the newest first."""
        runs, links = schema.runs, schema.run_lessons
        statement = (
            select(runs)
            .join(links, links.c.run_id == runs.c.run_id)
            .where(links.c.lesson_id == lesson_id)
            .order_by(runs.c.started.desc(), runs.c.run_id.desc())
        )
        with reading(self._engine) as connection:
            return tuple(
                RunEntry.model_validate(dict(row))
                for row in connection.execute(_seen(statement, seen_by)).mappings()
            )

    def state_of(self, run_id: str, keys: Sequence[str]) -> dict[str, SectionEntry]:
        """Return what has become of those sections in that run, by key."""
        statement = _noted(run_id).where(schema.run_sections.c.key.in_(keys))
        return {entry.key: entry for entry in self._sections(statement)}

    def failed_sections(self, run_id: str) -> tuple[SectionEntry, ...]:
        """Return the sections that the run failed at or rejected, sorted by key."""
        failed = schema.run_sections.c.outcome.in_(FAILED)
        return self._sections(_noted(run_id).where(failed).order_by(schema.run_sections.c.key))

    def attempts_at(self, keys: Sequence[str]) -> dict[str, int]:
        """Return how often each of those sections was made."""
        table = schema.attempts
        statement = select(table.c.key, func.count()).where(table.c.key.in_(keys)).group_by(table.c.key)
        with reading(self._engine) as connection:
            return pairs(connection, statement)

    def approvals_of(self, subjects: Sequence[str]) -> dict[str, bool]:
        """Return what was decided on those sections or editions."""
        table = schema.approvals
        statement = select(table.c.subject, table.c.approved).where(table.c.subject.in_(subjects))
        with reading(self._engine) as connection:
            return {subject: bool(approved) for subject, approved in connection.execute(statement)}

    def last_run_with(self, table_name: str, subjects: Sequence[str]) -> dict[str, str]:
        """Return for each subject the newest run that noted ``findings`` or ``fixes`` on it."""
        table, runs = schema.metadata.tables[table_name], schema.runs
        statement = (
            select(table.c.subject, table.c.run_id)
            .join(runs, runs.c.run_id == table.c.run_id)
            .where(table.c.subject.in_(subjects))
            .order_by(runs.c.started)
            .distinct()
            .add_columns(runs.c.started)
        )
        with reading(self._engine) as connection:
            return {subject: run for subject, run, _ in connection.execute(statement)}

    def deliveries_of(self, lesson_id: str) -> tuple[tuple[str, PublishedAsset], ...]:
        """Return all that was delivered of a lesson, each with its publisher."""
        table = schema.assets
        statement = (
            select(table).where(table.c.lesson_id == lesson_id).order_by(table.c.publisher, table.c.role)
        )
        names = tuple(PublishedAsset.model_fields)
        with reading(self._engine) as connection:
            return tuple(
                (row["publisher"], PublishedAsset.model_validate({name: row[name] for name in names}))
                for row in connection.execute(statement).mappings()
            )

    def newest_event(self, subjects: Sequence[str]) -> int:
        """Return the number of the last event that happened to any of those; 0: none has."""
        table = schema.events
        columns = [
            select(func.max(table.c.number)).where(table.c.subject == subject).scalar_subquery()
            for subject in subjects
        ]
        with reading(self._engine) as connection:
            row = connection.execute(select(*columns)).one()
        return max((number for number in row if number is not None), default=0)

    # Sections

    def section(self, key: str) -> StoredRow | None:
        """Return a section that lessons share; None: there is none of that key."""
        return next(iter(self.sections(key=key)[0]), None)

    def sections(
        self,
        *,
        key: str | None = None,
        text: str = "",
        kind: str | None = None,
        sort: SectionOrder = "used",
        limit: int = 50,
        after: tuple[float, str] | None = None,
    ) -> tuple[tuple[StoredRow, ...], int]:
        """Return sections that lessons share, and how many there are in all.

        ``after`` are the rank and the key of the last one had: see `StoredRow.rank`.
        """
        table, parts, events = schema.sections, schema.parts, schema.events
        places = (
            select(
                parts.c.key,
                func.count(parts.c.lesson_id.distinct()).label("lessons"),
                func.min(parts.c.title).label("title"),
                func.min(parts.c.format).label("format"),
            )
            .where(parts.c.kind.in_(_SHARED))
            .group_by(parts.c.key)
        )
        # Of one section, only its own places are counted: a page asks for many, one by one.
        used = (places if key is None else places.where(parts.c.key == key)).subquery()
        lessons = func.coalesce(used.c.lessons, 0)
        of_it = events.c.subject == table.c.key
        newest = select(func.max(events.c.number)).where(of_it).scalar_subquery()
        moment = select(events.c.at).where(of_it).order_by(events.c.number.desc()).limit(1).scalar_subquery()
        ranks: dict[SectionOrder, ColumnElement[Any]] = {
            "used": lessons,
            "saved": (lessons - 1) * table.c.seconds,
            "newest": func.coalesce(newest, 0),
        }
        rank = ranks[sort]
        statement = (
            select(table, used.c.lessons, used.c.title, used.c.format, rank.label("rank"))
            .outerjoin(used, used.c.key == table.c.key)
            .where(table.c.kind.in_(_SHARED))
        )
        if key is not None:
            statement = statement.where(table.c.key == key)
        if kind is not None:
            statement = statement.where(table.c.kind == kind)
        if text:
            statement = statement.where(
                or_(
                    table.c.slug.icontains(text, autoescape=True),
                    used.c.title.icontains(text, autoescape=True),
                    table.c.key.startswith(text.lower(), autoescape=True),
                )
            )
        count = select(func.count()).select_from(statement.with_only_columns(table.c.key).subquery())
        if after is not None:
            statement = statement.where(or_(rank < after[0], (rank == after[0]) & (table.c.key > after[1])))
        with reading(self._engine) as connection:
            total = connection.execute(count).scalar_one()
            rows = connection.execute(statement.order_by(rank.desc(), table.c.key).limit(limit)).mappings()
            found = [dict(row) for row in rows]
            keys = [row["key"] for row in found]
            cost = _costs(connection, keys)
            moments = pairs(connection, select(table.c.key, moment).where(table.c.key.in_(keys)))
        attempts, approved = self.attempts_at(keys), self.approvals_of(keys)
        return tuple(
            StoredRow(
                key=row["key"],
                slug=row["slug"],
                kind=row["kind"],
                title=row["title"] or row["slug"],
                format=row["format"] or "",
                seconds=row["seconds"],
                bytes=row["bytes"],
                lessons=row["lessons"] or 0,
                attempts=attempts.get(row["key"], 0),
                cost=Seconds(round(cost.get(row["key"], 0.0), 3)),
                approved=approved.get(row["key"]),
                changed=moments.get(row["key"]) or "",
                rank=row["rank"],
            )
            for row in found
        ), total

    def saved(self) -> Seconds:
        """Return the CPU seconds that re-use has spared, of all sections that lessons have now."""
        parts = schema.parts
        shared = parts.c.kind.in_(_SHARED) & (parts.c.key != "")
        with reading(self._engine) as connection:
            used = pairs(
                connection,
                select(parts.c.key, func.count(parts.c.lesson_id.distinct()))
                .where(shared)
                .group_by(parts.c.key),
            )
            cost = _costs(connection, select(parts.c.key).where(shared))
        return Seconds(round(sum((used[key] - 1) * seconds for key, seconds in cost.items()), 3))

    def uses(self, key: str, limit: int, seen_by: str | None = None) -> tuple[Use, ...]:
        """Return lessons that use a section, those that this person may see."""
        parts, outlines, table = schema.parts, schema.outlines, schema.lessons
        statement = (
            _chosen(select(parts.c.lesson_id, outlines.c.title, parts.c.number), Filter(seen_by=seen_by))
            .select_from(parts)
            .join(table, table.c.lesson_id == parts.c.lesson_id)
            .outerjoin(outlines, outlines.c.lesson_id == parts.c.lesson_id)
            .where(parts.c.key == key)
            .order_by(parts.c.lesson_id)
            .limit(limit)
        )
        with reading(self._engine) as connection:
            return tuple(Use.model_validate(dict(row)) for row in connection.execute(statement).mappings())

    def _sections(self, statement: Select[Any]) -> tuple[SectionEntry, ...]:
        with reading(self._engine) as connection:
            return tuple(
                SectionEntry.model_validate(dict(row)) for row in connection.execute(statement).mappings()
            )


def _noted(run_id: str) -> Select[Any]:
    links, table = schema.run_sections, schema.sections
    return (
        select(links, table.c.slug, table.c.kind, table.c.seconds, table.c.bytes)
        .join(table, table.c.key == links.c.key)
        .where(links.c.run_id == run_id)
    )


def _chosen(statement: Select[Any], wanted: Filter) -> Select[Any]:
    table, links, parts = schema.lessons, schema.run_lessons, schema.parts
    orders, outlines = schema.orders, schema.outlines
    mine = links.c.lesson_id == table.c.lesson_id
    of_run = [] if wanted.run_id is None else [links.c.run_id == wanted.run_id]
    if wanted.seen_by is not None:
        # Having ordered a lesson is not enough: somebody else's may be called the same, and ours not begun.
        others = exists().where(orders.c.run_id == links.c.run_id, orders.c.by != wanted.seen_by)
        of_run.append(~others.correlate(links))
    if of_run:
        statement = statement.where(exists().where(mine, *of_run))
    if wanted.statuses:
        stopped = table.c.cause == CANCELLED
        standing = table.c.status.in_(wanted.statuses) & ~stopped
        statement = statement.where(or_(standing, stopped) if wanted.cancelled else standing)
    if wanted.course is not None:
        statement = statement.where(table.c.certification == wanted.course)
    if wanted.format is not None:
        shaped = (parts.c.lesson_id == table.c.lesson_id, parts.c.format == wanted.format)
        statement = statement.where(exists().where(*shaped))
    if wanted.text:
        titled = outlines.c.title.icontains(wanted.text, autoescape=True)
        statement = statement.where(
            or_(
                table.c.pseudonym.contains(wanted.text.lower(), autoescape=True),
                table.c.lesson_id.contains(wanted.text.lower(), autoescape=True),
                exists().where(outlines.c.lesson_id == table.c.lesson_id, titled),
            )
        )
    return statement


def _seen(statement: Select[Any], seen_by: str | None) -> Select[Any]:
    """Leave out the runs of orders that are not this person's; None: leave out nothing."""
    if seen_by is None:
        return statement
    runs, orders = schema.runs, schema.orders
    return statement.where(~exists().where(orders.c.run_id == runs.c.run_id, orders.c.by != seen_by))


def _listed(
    connection: Connection, entries: Sequence[LessonEntry], wanted: Filter
) -> tuple[ListedLesson, ...]:
    ids = [entry.lesson_id for entry in entries]
    links, runs, parts = schema.run_lessons, schema.runs, schema.parts
    outlines, findings, made = schema.outlines, schema.findings, schema.run_sections
    statement = (
        select(links.c.lesson_id, links.c.run_id)
        .join(runs, runs.c.run_id == links.c.run_id)
        .where(links.c.lesson_id.in_(ids))
        .order_by(runs.c.started, runs.c.run_id)
    )
    if wanted.run_id is not None:
        statement = statement.where(runs.c.run_id == wanted.run_id)
    newest: dict[str, str] = pairs(connection, _seen(statement, wanted.seen_by))
    titles = {
        row.lesson_id: row
        for row in connection.execute(
            select(outlines.c.lesson_id, outlines.c.title, outlines.c.persona).where(
                outlines.c.lesson_id.in_(ids)
            )
        )
    }
    counts: dict[str, tuple[int, int]] = {}
    for run in set(newest.values()):
        some = [lesson for lesson in ids if newest.get(lesson) == run]
        done = parts.join(
            made,
            (made.c.key == parts.c.key) & (made.c.run_id == run) & made.c.outcome.in_(MADE),
            isouter=True,
        )
        sections = (
            select(parts.c.lesson_id, func.count(), func.count(made.c.key))
            .select_from(done)
            .where(parts.c.lesson_id.in_(some), parts.c.edition == 0)
            .group_by(parts.c.lesson_id)
        )
        counts |= {lesson: (total, there) for lesson, total, there in connection.execute(sections)}
    orders = schema.orders
    ordered = pairs(
        connection,
        select(orders.c.run_id, orders.c.video_id).where(orders.c.run_id.in_(list(set(newest.values())))),
    )
    warned = Counter[str]()
    for lesson, run, number in connection.execute(
        select(findings.c.subject, findings.c.run_id, func.count())
        .where(findings.c.subject.in_(ids), findings.c.severity == "warn")
        .group_by(findings.c.subject, findings.c.run_id)
    ):
        warned[lesson] = max(warned[lesson], number) if newest.get(lesson) != run else number
    return tuple(
        ListedLesson(
            entry=entry,
            video_id=ordered.get(newest.get(entry.lesson_id, ""), entry.lesson_id),
            run_id=newest.get(entry.lesson_id),
            title=titles[entry.lesson_id].title if entry.lesson_id in titles else None,
            persona=titles[entry.lesson_id].persona if entry.lesson_id in titles else None,
            parts=counts.get(entry.lesson_id, (0, 0))[0],
            made=counts.get(entry.lesson_id, (0, 0))[1],
            warnings=warned[entry.lesson_id],
        )
        for entry in entries
    )


def _costs(connection: Connection, keys: Sequence[str] | Select[Any]) -> dict[str, float]:
    """Return the CPU seconds that making those sections took, each the mean of the runs that made it."""
    events = schema.events
    statement = (
        select(events.c.subject, func.sum(cpu_in(connection)) / func.count(events.c.run_id.distinct()))
        .where(events.c.subject.in_(keys), events.c.name.in_(_MAKING))
        .group_by(events.c.subject)
    )
    return {key: seconds or 0.0 for key, seconds in connection.execute(statement)}
