"""What a course shows: text readable, code with its lines, and nothing that only keeps a place."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from typing import Any

from presgen.model.base import Model
from presgen.model.learner import Arrow, Bar, CodeNote, ComparedRow
from presgen.sources.cleaning.fields import Fields, as_count, as_percent, clean_texts, each, known
from presgen.sources.cleaning.placeholders import is_nothing, is_placeholder
from presgen.sources.cleaning.text import HARMFUL, INVISIBLE, clean_text, decode_again
from presgen.sources.faults import KINDS, Path, refuse

_ALSO = {"table": "comparison", "listing": "code", "quotation": "quote"}
"""Other names of kinds that can only mean these."""

_PARTS: dict[str, tuple[str, type[Model]]] = {
    "comparison": ("rows", ComparedRow),
    "code": ("notes", CodeNote),
    "diagram": ("edges", Arrow),
    "chart": ("bars", Bar),
}
_MAIN = {"definition": "meaning", "quote": "quote"}
_LISTS = ("columns", "cells", "nodes")


def clean_exhibit(raw: Any, path: Path) -> Any:
    """Return the exhibit with everything repaired that can only mean one thing; None where it shows nothing.

    What is too large or does not hold together is left for the model to refuse, and with it the record: a
    table that was cut would teach something else.

    Raises:
        BadRecord: nobody knows that kind of exhibit.
    """
    if not isinstance(raw, dict):
        return raw
    kind = raw.get("kind")
    kind = _ALSO.get(kind, kind) if isinstance(kind, str) else None
    if kind not in KINDS:
        refuse((*path, "kind"), raw.get("kind"), f"the kinds of exhibit are {', '.join(KINDS)}.")
    exhibit = {**_cleaned(raw, KINDS[kind]), "kind": kind}
    if kind in _PARTS:
        name, model = _PARTS[kind]
        exhibit[name] = each(exhibit.get(name), lambda part, _: _cleaned(part, model), (*path, name))
    if isinstance(code := exhibit.get("code"), str):
        exhibit["code"] = clean_code(code)
    return None if _shows_nothing(exhibit) else exhibit


def clean_code(code: str) -> str:
    """Return code with its lines and spaces: decoded, tabs as four spaces, no blank lines around it.

    Characters that turn the direction of text or cannot be seen are gone: code has to read as it runs.
    """
    lines = unicodedata.normalize("NFC", decode_again(code)).expandtabs(4).splitlines()
    seen = [INVISIBLE.sub("", HARMFUL.sub("", line)).rstrip() for line in lines]
    while seen and not seen[-1]:
        seen.pop()
    while seen and not seen[0]:
        seen.pop(0)
    return "\n".join(seen)


def _cleaned(raw: Mapping[str, Any], model: type[Model]) -> Fields:
    fields = known(_renamed(raw, model), model)
    clean_texts(fields, *(name for name in fields if name != "code"))
    for name in _LISTS:
        if isinstance(texts := fields.get(name), list):
            fields[name] = [clean_text(text) if isinstance(text, str) else text for text in texts]
    for name in ("first", "last"):
        if name in fields:
            fields[name] = as_count(fields[name])
    if "percent" in fields:
        fields["percent"] = as_percent(fields["percent"])
    return fields


def _renamed(raw: Mapping[str, Any], model: type[Model]) -> Mapping[str, Any]:
    """Return the fields of an arrow under our names; people write ``from`` and ``to``."""
    if model is not Arrow:
        return raw
    ours = {"from": "start", "to": "end"}
    return {ours.get(name, name): value for name, value in raw.items() if ours.get(name) not in raw}


def _shows_nothing(exhibit: Fields) -> bool:
    """Whether its main text is a placeholder or missing: nothing is shown then, as with such an item."""
    text = exhibit.get(_MAIN.get(exhibit["kind"], "title"))
    return isinstance(text, str) and (is_placeholder(text) or is_nothing(text))
