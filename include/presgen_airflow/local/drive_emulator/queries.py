"""The part of Drive's query language that PresGen speaks: terms joined by ``and``."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

Test = Callable[[Mapping[str, Any]], bool]

_TEXT = r"'((?:[^'\\]|\\.)*)'"
_TERMS: tuple[tuple[re.Pattern[str], Callable[..., Test]], ...] = (
    (re.compile(rf"{_TEXT}\s+in\s+parents"), lambda parent: lambda file: parent in file.get("parents", ())),
    (
        re.compile(r"trashed\s*=\s*(true|false)"),
        lambda flag: lambda file: file["trashed"] is (flag == "true"),
    ),
    (re.compile(rf"mimeType\s*=\s*{_TEXT}"), lambda kind: lambda file: file["mimeType"] == kind),
    (re.compile(rf"name\s*=\s*{_TEXT}"), lambda name: lambda file: file["name"] == name),
    (
        re.compile(rf"appProperties\s+has\s+\{{\s*key\s*=\s*{_TEXT}\s+and\s+value\s*=\s*{_TEXT}\s*\}}"),
        lambda key, value: lambda file: file.get("appProperties", {}).get(key) == value,
    ),
)


class BadQuery(ValueError):
    """The query cannot be understood."""


def read_query(text: str) -> tuple[Test, str | None]:
    """Return what a file must fulfil, and the id of the folder that is looked into, if it is only one.

    Raises:
        BadQuery: a term is none that we know.
    """
    tests: list[Test] = []
    parent: str | None = None
    at = 0
    while at < len(text):
        for pattern, make in _TERMS:
            if matched := pattern.match(text, at):
                words = [re.sub(r"\\(.)", r"\1", word) for word in matched.groups()]
                tests.append(make(*words))
                if "parents" in pattern.pattern:
                    [parent] = words
                break
        else:
            raise BadQuery(f"Invalid Value: {text[at:]}")
        at = matched.end()
        if at < len(text):
            joined = re.compile(r"\s+and\s+").match(text, at)
            if joined is None:
                raise BadQuery(f"Invalid Value: {text[at:]}")
            at = joined.end()
    return lambda file: all(test(file) for test in tests), parent
