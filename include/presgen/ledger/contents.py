"""What lessons are about and made of, section by section: known before the first of them is rendered."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import Connection, Engine, delete, select, update

from presgen.ledger import schema
from presgen.ledger.statements import Prepared, add, among, batches, given
from presgen.ledger.transactions import is_open, reading, writing
from presgen.model.base import Model, Seconds
from presgen.model.lesson import LessonScript

_PARTS = Prepared(
    select(schema.parts)
    .where(among(schema.parts.c.lesson_id, "lessons"))
    .order_by(schema.parts.c.lesson_id, schema.parts.c.edition, schema.parts.c.number)
)
_OUTLINES = Prepared(select(schema.outlines).where(among(schema.outlines.c.lesson_id, "lessons")))
_THERE = Prepared(select(schema.lessons.c.lesson_id).where(among(schema.lessons.c.lesson_id, "lessons")))
_KEYS = Prepared(
    update(schema.parts).where(
        given(schema.parts.c.lesson_id, "lesson"),
        given(schema.parts.c.edition, "of"),
        given(schema.parts.c.number, "place"),
    )
)
_FORGET = tuple(
    Prepared(delete(table).where(among(table.c.lesson_id, "lessons")))
    for table in (schema.parts, schema.outlines)
)


class Part(Model):
    """A section's place in one edition of a lesson."""

    edition: int
    """0 is the main edition."""
    number: int
    """Its place in the lesson, counted from 0."""
    format: str
    key: str
    """Empty: a section of this learner alone that no run has come to yet."""
    slug: str
    kind: str
    title: str


class Content(Model):
    """What a lesson is about and made of."""

    lesson_id: str
    title: str
    persona: str
    locale: str
    planned: Seconds
    """How long the writer expects it to take."""
    parts: tuple[Part, ...]
    """By edition, then by number."""


def content_of(script: LessonScript, editions: Iterable[tuple[str, Sequence[str]]]) -> Content:
    """Return what a script's lesson is made of.

    ``editions`` are formats, the main one first, each with the key of every section in it.
    """
    parts = tuple(
        Part(
            edition=edition,
            number=number,
            format=shape,
            key=key,
            slug=section.slug,
            kind=section.kind.value,
            title=section.title,
        )
        for edition, (shape, keys) in enumerate(editions)
        for number, (section, key) in enumerate(zip(script.sections, keys, strict=True))
    )
    return Content(
        lesson_id=script.lesson_id,
        title=script.title,
        persona=script.persona,
        locale=script.locale,
        planned=script.planned,
        parts=parts,
    )


class Contents:
    """The contents of all lessons. All methods raise StoreUnavailable as the ledger's do."""

    def __init__(self, engine: Engine) -> None:
        """Take a database whose tables are up to date."""
        self._engine = engine

    def note(self, contents: Iterable[Content]) -> None:
        """Note what lessons are made of, in place of what was noted before.

        A part without a key keeps the one it had. Lessons that were erased meanwhile are left out.
        """
        told = {content.lesson_id: content for content in contents}
        for some in batches(list(told.values())):
            if not is_open(self._engine):
                with reading(self._engine) as connection:
                    if not _new(connection, some):
                        continue
            with writing(self._engine) as connection:
                new = _new(connection, some)
                _set_keys(connection, [both for both in new if _differ_in_keys(*both)])
                _write(connection, [told for told, known in new if not _differ_in_keys(told, known)])

    def of(self, lesson_id: str) -> Content | None:
        """Return what a lesson is made of; None: its script is not written."""
        with reading(self._engine) as connection:
            return _known(connection, [lesson_id]).get(lesson_id)


_New = tuple[Content, Content | None]
"""What a lesson is made of, and what the ledger holds of that."""


def _new(connection: Connection, contents: Sequence[Content]) -> list[_New]:
    """Return those that the ledger does not hold so, with the keys it knows."""
    lessons = [content.lesson_id for content in contents]
    known = _known(connection, lessons)
    there = set(known)
    if unknown := [lesson for lesson in lessons if lesson not in known]:
        there |= {row["lesson_id"] for row in _THERE.rows(connection, {"lessons": unknown})}
    told = (_with_keys(content, known.get(content.lesson_id)) for content in contents)
    both = ((each, known.get(each.lesson_id)) for each in told if each.lesson_id in there)
    return [(each, held) for each, held in both if each != held]


def _differ_in_keys(told: Content, known: Content | None) -> bool:
    """Return whether nothing but keys is new."""
    return (
        known is not None
        and told.model_copy(update={"parts": known.parts}) == known
        and [part.model_copy(update={"key": ""}) for part in told.parts]
        == [part.model_copy(update={"key": ""}) for part in known.parts]
    )


def _set_keys(connection: Connection, contents: Sequence[_New]) -> None:
    rows = [
        {"lesson": told.lesson_id, "of": part.edition, "place": part.number, "key": part.key}
        for told, known in contents
        for part, held in zip(told.parts, known.parts if known else (), strict=True)
        if part.key != held.key
    ]
    _KEYS.run_each(connection, rows)


def _with_keys(content: Content, known: Content | None) -> Content:
    if known is None or all(part.key for part in content.parts):
        return content
    keys = {(part.edition, part.format, part.number, part.slug): part.key for part in known.parts}
    parts = tuple(
        part
        if part.key
        else part.model_copy(
            update={"key": keys.get((part.edition, part.format, part.number, part.slug), "")}
        )
        for part in content.parts
    )
    return content.model_copy(update={"parts": parts})


def _known(connection: Connection, lessons: Sequence[str]) -> dict[str, Content]:
    found: dict[str, list[Part]] = {lesson: [] for lesson in lessons}
    for row in _PARTS.rows(connection, {"lessons": lessons}):
        values = {name: value for name, value in row.items() if name != "lesson_id"}
        found[row["lesson_id"]].append(Part.model_validate(values))
    return {
        row["lesson_id"]: Content.model_validate({**row, "parts": tuple(found[row["lesson_id"]])})
        for row in _OUTLINES.rows(connection, {"lessons": lessons})
    }


def _write(connection: Connection, contents: Sequence[Content]) -> None:
    if not contents:
        return
    lessons = [content.lesson_id for content in contents]
    for forget in _FORGET:
        forget.run(connection, {"lessons": lessons})
    add(connection, schema.outlines, [content.model_dump(exclude={"parts"}) for content in contents])
    rows = [
        {"lesson_id": content.lesson_id, **part.model_dump()}
        for content in contents
        for part in content.parts
    ]
    add(connection, schema.parts, rows)
