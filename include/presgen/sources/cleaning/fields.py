"""Fields as exports hold them: under another name, null, as a number, twice."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from presgen.model.base import Model
from presgen.sources.cleaning.text import clean_id, clean_text, unfit_for_an_id
from presgen.sources.faults import Path, refuse

Fields = dict[str, Any]

_PERCENT = re.compile(r"([0-9]{1,3}(?:[.,][0-9]+)?) ?%")

_TRUTH = {"true": True, "yes": True, "false": False, "no": False, "1": True, "0": False}


def known(raw: Mapping[str, Any], model: type[Model]) -> Fields:
    """Keep the fields that the model knows. A null counts as left out where the model has a default."""
    return {
        name: raw[name]
        for name, field in model.model_fields.items()
        if name in raw and (raw[name] is not None or field.is_required())
    }


def with_id(raw: Mapping[str, Any], path: Path, name: str, *other_names: str) -> Fields:
    """Return the fields with the id as text under ``name``, whichever of the names it came by.

    Raises:
        BadRecord: the id holds a control or invisible character.
    """
    found = id_under(raw, name, *other_names)
    return {**raw, name: checked_id(found, (*path, name))} if found is not None else dict(raw)


def id_under(raw: Mapping[str, Any], *names: str) -> Any:
    """Return the first id there is under one of the names, as text if it is text or a number."""
    return next((as_id(raw[name]) for name in names if raw.get(name) is not None), None)


def as_id(value: Any) -> Any:
    """Return a number as the text of an id; spreadsheets make 7.0 of 7."""
    match value:
        case bool():
            return value
        case float() if not value.is_integer():
            return value
        case int() | float():
            return str(int(value))
        case str():
            return clean_id(value)
        case _:
            return value


def checked_id(value: Any, path: Path) -> Any:
    """Return the value as an id.

    Raises:
        BadRecord: it holds a control or invisible character.
    """
    found = as_id(value)
    if isinstance(found, str) and (character := unfit_for_an_id(found)):
        refuse(path, value, f"it holds {character}, which no id may hold.")
    return found


def clean_texts(fields: Fields, *names: str) -> None:
    """Clean the named fields in place, those that are text."""
    for name in names:
        if isinstance(value := fields.get(name), str):
            fields[name] = clean_text(value)


def each(raw: Any, clean: Callable[[Mapping[str, Any], Path], Fields], path: Path) -> Any:
    """Clean every object of a list; whatever is something else stays for the model to refuse."""
    if not isinstance(raw, list):
        return raw
    return [
        clean(member, (*path, number)) if isinstance(member, dict) else member
        for number, member in enumerate(raw)
    ]


def unique(members: list[Any], name: str, path: Path) -> list[Any]:
    """Return the members without those that repeat an earlier one.

    Raises:
        BadRecord: two members have the same id and differ otherwise.
    """
    first: dict[str, int] = {}
    kept = []
    for number, member in enumerate(members):
        found = member.get(name) if isinstance(member, dict) else None
        if isinstance(found, str) and (earlier := first.setdefault(found, number)) != number:
            if member != members[earlier]:
                reason = f"number {earlier} of the list has the same id and differs."
                refuse((*path, number, name), found, reason)
            continue
        kept.append(member)
    return kept


def as_percent(value: Any) -> Any:
    """Return ``"71 %"`` as 71.0. A number stays; a text without a percent sign is for the model to refuse."""
    if isinstance(value, str) and (found := _PERCENT.fullmatch(value.strip())):
        return float(found[1].replace(",", "."))
    return value


def as_count(value: Any) -> Any:
    """Return 15.0 as 15."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


def as_truth(value: Any) -> Any:
    """Return 1, 0, ``"true"`` and the like as the truth value they can only mean."""
    if isinstance(value, bool):
        return value
    if isinstance(value, int | float) and value in (0, 1):
        return value == 1
    return _TRUTH.get(value.strip().lower(), value) if isinstance(value, str) else value


def as_text(value: Any) -> Any:
    """Return a number or truth value that was an answer as the text of that answer."""
    match value:
        case bool():
            return str(value)
        case int() | float():
            return f"{value:.12g}"
        case _:
            return value
