"""One record as a source holds it, before anybody believes it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from presgen.errors import BadRecord

DEEPEST = 32
"""Levels of nesting in a row. A record needs five."""


@dataclass(frozen=True, slots=True)
class Row:
    """One record of a source: what was found there, or why nothing could be."""

    where: str
    """The source's own address of the record: ``records.jsonl:17``. Holds no learner data."""
    value: Any = None
    """What JSON can hold, with a `Refused` in the place of a value that it cannot."""
    problem: BadRecord | None = None


@dataclass(frozen=True, slots=True)
class Refused:
    """Stands in a row for a value that no record may hold."""

    shown: str
    """What it was, in words that hold none of it: ``an integer of 5000 digits``."""
    reason: str
