"""What no record may hold, wherever it lies, and how to name it without repeating it."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from typing import Any, NoReturn

from presgen.errors import BadRecord
from presgen.model.learner import (
    EXHIBITS,
    Answer,
    Arrow,
    AssessmentRecord,
    Bar,
    Certification,
    CodeNote,
    ComparedRow,
    ContentItem,
    GapAnalysis,
    Learner,
    SkillGap,
    SkillOutline,
)
from presgen.sources.row import DEEPEST, Refused

Path = tuple[str | int, ...]
"""Keys and indexes that lead to a value."""

KINDS = {model.model_fields["kind"].default: model for model in EXHIBITS}
"""What the exhibits of a course are called."""

_NAMES = {
    name
    for model in (
        AssessmentRecord,
        Learner,
        GapAnalysis,
        SkillGap,
        Answer,
        SkillOutline,
        ContentItem,
        *EXHIBITS,
        ComparedRow,
        CodeNote,
        Arrow,
        Bar,
        Certification,
    )
    for name in model.model_fields
} | set(KINDS)

_NUMBERS = {
    "overall_score",
    "total_questions",
    "correct_answers",
    "incorrect_answers",
    "severity",
    "confidence_delta",
    "rag_retrieval_score",
    "performance_by_domain",
    "percent",
    "first",
    "last",
}
"""Fields that hold numbers about results; a number in any other place could be a telephone's."""

_NUMBER_LIKE = re.compile(r"[-+]?[0-9]{1,4}([.,][0-9]{1,4})? ?%?")

_LARGEST = 100_000
"""A number from here on may be a telephone's, wherever it stands."""

_SURROGATE = re.compile("[\ud800-\udfff]")


def refuse_faults(record: Any) -> None:
    """Look through the whole record, the fields nobody knows included.

    Raises:
        BadRecord: it is no object, is nested too deeply, or holds what JSON or Unicode has no place for.
    """
    if not isinstance(record, dict):
        refuse((), record, "a record is a JSON object.")
    if _is_sound(record):
        return
    for path, value in _walk(record):
        if isinstance(value, Refused):
            raise BadRecord(dotted(path), value.shown, value.reason)
        if len(path) >= DEEPEST and isinstance(value, dict | list):
            raise BadRecord(
                dotted(path[:3]), f"nested {len(path) + 1} levels", f"at most {DEEPEST} are read."
            )
        if isinstance(value, float) and not math.isfinite(value):
            raise BadRecord(dotted(path), str(value), "give a finite number or leave it out.")
        if isinstance(value, str) and not value.isascii() and _SURROGATE.search(value):
            raise BadRecord(dotted(path), describe(value), "it holds half a character (a lone surrogate).")


def refuse(path: Path, value: Any, reason: str) -> NoReturn:
    """Raise a BadRecord that names the field and describes the value without repeating it."""
    raise BadRecord(dotted(path), describe(value, path), reason)


def dotted(path: Path) -> str:
    """Name a field as people write it: ``answers[3].user_answer``. Keys of the learner's own become ``*``."""
    name = ""
    for step in path:
        if isinstance(step, int):
            name += f"[{step}]"
        else:
            name += "." * bool(name) + (step if step in _NAMES else "*")
    return name or "record"


def describe(value: Any, path: Path = ()) -> str:
    """Say what a value is: a number where numbers belong, otherwise its type and length.

    Any text may hold a name, also where none is expected, so no text is repeated.
    """
    telling = bool(_NUMBERS & set(path))
    match value:
        case None:
            return "null"
        case bool():
            return str(value).lower()
        case int() | float():
            return f"{value:.6g}" if telling and abs(value) < _LARGEST else "a number"
        case str():
            if telling and _NUMBER_LIKE.fullmatch(value):
                return repr(value)
            return f"text of {len(value):,} characters" if value else "empty text"
        case dict():
            return f"an object of {len(value)} fields"
        case _ if hasattr(value, "__len__"):
            return f"a list of {len(value)}"
        case _:
            return f"a {type(value).__name__}"


def _is_sound(value: Any, depth: int = 0) -> bool:
    """Whether nothing of the value can be a fault: quick, as nearly all records are."""
    kind = type(value)
    if kind is str:
        return value.isascii() or not _SURROGATE.search(value)
    if kind is dict:
        return depth < DEEPEST and all(
            _is_sound(key) and _is_sound(member, depth + 1) for key, member in value.items()
        )
    if kind is list:
        return depth < DEEPEST and all(_is_sound(member, depth + 1) for member in value)
    if kind is float:
        return math.isfinite(value)
    return kind is int or kind is bool or value is None


def _walk(record: Any) -> Iterator[tuple[Path, Any]]:
    todo: list[tuple[Path, Any]] = [((), record)]
    while todo:
        path, value = todo.pop()
        yield path, value
        if isinstance(value, dict):
            todo.extend(((*path, key), member) for key, member in reversed(list(value.items())))
            todo.extend(((*path, "*"), key) for key in value)
        elif isinstance(value, list | tuple):
            todo.extend(((*path, index), value[index]) for index in reversed(range(len(value))))
