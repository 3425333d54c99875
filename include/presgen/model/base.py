"""What all our models share: frozen, strict about extras, and safe to turn into JSON and back."""

from __future__ import annotations

import hashlib
import json
from typing import Any, NewType

from pydantic import BaseModel, ConfigDict

Seconds = NewType("Seconds", float)
"""A length of time, or a moment counted from the start of whatever the docstring says."""

Decibels = NewType("Decibels", float)
"""A level: LUFS, dBFS or dBTP, as the docstring says."""

Percent = NewType("Percent", float)
"""0 to 100."""

WordsPerMinute = NewType("WordsPerMinute", float)


class Model(BaseModel):
    """A value that may cross a process: frozen, no unknown fields, no infinities, survives JSON."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False, ser_json_inf_nan="strings")


def digest_of(value: Any) -> str:
    """Return the SHA-256, 64 hex digits, of ``value`` as canonical JSON.

    ``value`` may hold models, mappings, sequences, strings, numbers, booleans and None. Two equal values
    give the same digest in every process: keys are sorted and nothing depends on hash order.
    """
    return hashlib.sha256(canonical(value).encode()).hexdigest()


def canonical(value: Any) -> str:
    """Return ``value``, of what `digest_of` takes, as JSON that is the same for equal values."""
    return _canonical.encode(value)


def _plain(value: Any) -> Any:
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json")
    raise TypeError(f"{type(value).__name__} has no canonical JSON form")


_canonical = json.JSONEncoder(
    default=_plain,
    sort_keys=True,
    separators=(",", ":"),
    ensure_ascii=False,
    allow_nan=False,
    check_circular=False,
)
