"""Answers as the text of an option, however the export points at it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from presgen.sources.faults import refuse

NO_ANSWER = "(no answer)"
"""What a learner chose who chose nothing."""

_FIELDS = ("user_answer", "correct_answer")

_LETTER = re.compile(r"\(?([A-Za-z])[).:]?")
_LABELLED = re.compile(r"\(?([A-Za-z])[).:]\s+(\S.*)")
_DIGITS = re.compile(r"[0-9]{1,2}")


def resolve_choices(answers: Sequence[Any]) -> list[Any]:
    """Return the answers with every choice spelled out as the text of its option.

    Understands the text itself, a letter (``B``, ``(b)``, ``B)``) and an index. Whether numbers are indexes,
    and whether these count from 0 or 1, is found out over all answers of the record, because no export mixes.

    Raises:
        BadRecord: a letter or index points at no option, or it cannot be told at which.
    """
    answers = [_with_plain_options(answer) if isinstance(answer, dict) else answer for answer in answers]
    indexed = tuple(kind for kind in (int, str) if _counts_options(answers, kind))
    first = _first_index(answers, indexed)
    return [
        _resolved(number, answer, indexed, first) if isinstance(answer, dict) else answer
        for number, answer in enumerate(answers)
    ]


def same(one: str, other: str) -> bool:
    """Whether two texts name the same option."""
    return one.casefold() == other.casefold()


def _with_plain_options(raw: Mapping[str, Any]) -> dict[str, Any]:
    """Give an answer its options as texts in order: no ``{"A": …}``, no ``A) …``."""
    answer = dict(raw)
    if isinstance(keyed := answer.get("options"), dict):
        for field in _FIELDS:
            if isinstance(key := answer.get(field), str) and key in keyed:
                answer[field] = keyed[key]
        answer["options"] = list(keyed.values())
    if len(options := _texts(answer)) > 1:
        labels = [_LABELLED.fullmatch(option) for option in options]
        if all(label and _place(label[1]) == place for place, label in enumerate(labels)):
            answer["options"] = [label[2] for label in labels if label]
    return answer


def _resolved(
    number: int, raw: Mapping[str, Any], indexed: tuple[type, ...], first: int | None
) -> dict[str, Any]:
    answer = dict(raw)
    if answer.get("user_answer") in (None, ""):
        answer["user_answer"] = NO_ANSWER
    if not (options := _texts(answer)):
        return answer
    for field in _FIELDS:
        path, value = ("answers", number, field), answer.get(field)
        if (index := _index(value, options, indexed)) is not None:
            if first is None:
                refuse(path, value, "the record does not tell at which option it points; give the text.")
            answer[field] = options[index - first]
        elif (option := _named(value, options)) is not None:
            answer[field] = option
        elif _is_letter(value, options):
            refuse(path, value, f"none of the {len(options)} options has that letter; give the text.")
    if isinstance(right := answer.get("correct_answer"), str) and right not in options:
        answer["options"] = []  # without the right one they cannot be shown; the two answers still can
    return answer


def _counts_options(answers: Sequence[Any], kind: type) -> bool:
    """Whether the record's numbers of this type are indexes: one of them is no option by its text."""
    return any(
        _index(value, options, (kind,)) is not None and _named(str(value), options) is None
        for answer, options in _with_options(answers)
        for value in map(answer.get, _FIELDS)
    )


def _first_index(answers: Sequence[Any], indexed: tuple[type, ...]) -> int | None:
    """Find out whether indexes count from 0 or from 1; None where both or neither would fit."""
    fitting = {0, 1}
    for answer, options in _with_options(answers):
        indexes = [_index(answer.get(field), options, indexed) for field in _FIELDS]
        known = [index for index in indexes if index is not None]
        fitting -= {
            first for first in (0, 1) if not all(0 <= index - first < len(options) for index in known)
        }
        if len(known) == 1 and isinstance(mark := answer.get("is_correct"), bool):
            text = _named(answer.get(_FIELDS[indexes.index(None)]), options)
            if text is not None:
                fitting -= {first for first in fitting if (options[known[0] - first] == text) is not mark}
    return fitting.pop() if len(fitting) == 1 else None


def _with_options(answers: Sequence[Any]) -> Iterator[tuple[Mapping[str, Any], list[str]]]:
    for answer in answers:
        if isinstance(answer, dict) and (options := _texts(answer)):
            yield answer, options


def _index(value: Any, options: Sequence[str], indexed: tuple[type, ...]) -> int | None:
    """Return the number that counts options, where numbers of its type do."""
    if int in indexed and isinstance(value, int) and not isinstance(value, bool):
        return value
    if str in indexed and isinstance(value, str) and _DIGITS.fullmatch(value):
        return int(value) if int(value) <= len(options) else None
    return None


def _named(value: Any, options: Sequence[str]) -> str | None:
    """Return the option that the value names by its text or letter."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        value = f"{value:.12g}"
    if not isinstance(value, str):
        return None
    alike = [option for option in options if option == value] or [
        option for option in options if same(option, value)
    ]
    if alike:
        return alike[0]
    if _is_letter(value, options):
        place = _place(value.strip("().:"))
        return options[place] if place < len(options) else None
    if (label := _LABELLED.fullmatch(value)) and (place := _place(label[1])) < len(options):
        return options[place] if same(options[place], label[2]) else None
    return None


def _is_letter(value: Any, options: Sequence[str]) -> bool:
    """Whether the value is a letter that stands for an option; where options are letters, it is an answer."""
    return (
        isinstance(value, str)
        and bool(_LETTER.fullmatch(value))
        and not all(_LETTER.fullmatch(option) for option in options)
    )


def _place(letter: str) -> int:
    return ord(letter.upper()) - ord("A")


def _texts(answer: Mapping[str, Any]) -> list[str]:
    """Return the answer's options; an empty list where some are no texts."""
    options = answer.get("options")
    if isinstance(options, list) and all(isinstance(option, str) for option in options):
        return options
    return []
