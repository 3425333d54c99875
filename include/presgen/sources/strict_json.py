"""JSON without the freedoms that Python's own parser takes: what is doubtful is refused."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator
from typing import Any

from presgen.errors import BadRecord
from presgen.sources.row import DEEPEST, Refused, Row

LONGEST_INTEGER = 100
"""Digits. Ids have been seen with forty; Python refuses to read 4,301."""

_MARKS = re.compile(r'"(?:[^"\\]++|\\.)*+(?:"|\\?\Z)|[\[\]{},]', re.DOTALL)
"""A whole string, so that the brackets in it do not count, or a bracket or comma."""

_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


def parse_row(where: str, data: bytes, max_bytes: int) -> Row:
    """Return the one record that the bytes hold, or the problem with them.

    Duplicate keys, NaN and numbers out of all proportion leave a `Refused` in their place.
    """
    try:
        return Row(where, _parse(decode(data, max_bytes), max_bytes))
    except BadRecord as problem:
        return Row(where, problem=problem)


def parse_rows(where: str, text: str, max_bytes: int) -> Iterator[Row]:
    """Yield the record, or each record of the list, that the text holds.

    A list is cut at its commas before anything is parsed, so one broken record leaves its neighbours alone.
    """
    if not text.lstrip().startswith("["):
        yield _row(where, text, max_bytes)
        return
    spans, end = _cut(text)
    for number, (start, stop) in enumerate(spans, start=1):
        yield _row(f"{where}#{number}", text[start:stop], max_bytes)
    if end is None or text[end:].strip():
        found = "no closing bracket" if end is None else "more text after its closing bracket"
        problem = BadRecord("record", "a list", f"it has {found}; records may be missing.")
        yield Row(f"{where}#{len(spans) + 1}", problem=problem)


def decode(data: bytes, max_bytes: int | None = None) -> str:
    """Return the bytes as text.

    Raises:
        BadRecord: they are too many, none, or not plain UTF-8.
    """
    if max_bytes is not None:
        _refuse_size(len(data), max_bytes)
    if not data.strip():
        raise BadRecord("record", f"{len(data)} bytes", "it is empty; a record is a JSON object.")
    if data.startswith(_BYTE_ORDER_MARK):
        raise BadRecord("record", "a byte order mark", "save it as UTF-8 without one.")
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        raise BadRecord(
            "record", f"byte 0x{data[error.start]:02x} at {error.start}", "it is not UTF-8 text."
        ) from None


def _row(where: str, text: str, max_bytes: int) -> Row:
    try:
        return Row(where, _parse(text, max_bytes))
    except BadRecord as problem:
        return Row(where, problem=problem)


def _parse(text: str, max_bytes: int) -> Any:
    _refuse_size(len(text) if text.isascii() else len(text.encode()), max_bytes)
    try:
        return _DECODER.decode(text)
    except RecursionError:
        raise BadRecord("record", "nested too deeply", f"at most {DEEPEST} levels are read.") from None
    except json.JSONDecodeError as error:
        at = f"line {error.lineno}, column {error.colno}" if error.lineno > 1 else f"column {error.colno}"
        raise BadRecord("record", "broken JSON", f"{error.msg} at {at}.") from None


def _refuse_size(size: int, max_bytes: int) -> None:
    if size > max_bytes:
        raise BadRecord("record", f"{size:,} bytes or more", f"at most {max_bytes:,} are read.")


def _cut(text: str) -> tuple[list[tuple[int, int]], int | None]:
    """Find the members of a JSON list, and where the list ends; None where it does not."""
    spans: list[tuple[int, int]] = []
    depth = start = 0
    for mark in _MARKS.finditer(text):
        if mark[0] in "[{":
            depth += 1
            if depth == 1:
                start = mark.end()
        elif mark[0] == "," and depth == 1:
            spans.append((start, mark.start()))
            start = mark.end()
        elif mark[0] == "]" and depth == 1:
            if spans or text[start : mark.start()].strip():
                spans.append((start, mark.start()))
            return spans, mark.end()
        elif mark[0] in "]}" and depth > 1:
            depth -= 1
    if text[start:].strip():
        spans.append((start, len(text)))
    return spans, None


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        twice = Refused("given more than once", "give it once.")
        found[key] = twice if key in found else value
    return found


def _integer(digits: str) -> int | Refused:
    if len(digits) > LONGEST_INTEGER:
        return Refused(f"an integer of {len(digits)} digits", f"at most {LONGEST_INTEGER} are read.")
    return int(digits)


def _float(digits: str) -> float | Refused:
    number = float(digits)
    return number if math.isfinite(number) else Refused("a number beyond 1.8e308", "give a finite number.")


def _constant(name: str) -> Refused:
    return Refused(name, "JSON has no such number; give a finite one or leave it out.")


_DECODER = json.JSONDecoder(
    object_pairs_hook=_object, parse_int=_integer, parse_float=_float, parse_constant=_constant
)
