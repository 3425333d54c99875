"""How one word of a text is read: each kind of number, sign and name has its reading, and the first fits.

Every language has its own readings; what they are told about a word is the same.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Around:
    """Where a word stands."""

    before: str = ""
    """The word before it; empty at the start and after punctuation."""
    after: str = ""
    """The word after it; empty at the end and before punctuation."""
    governor: str = ""
    """The last word before it that is no number and joins none: ``ports`` in ports 22, 80 and 443."""
    first: bool = False
    """Whether it starts a sentence."""
    last: bool = False
    code: bool = False
    """Whether it is code, where signs are spoken."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Here(Around):
    """A word that has the look of something there is a reading for."""

    match: re.Match[str]

    def __getitem__(self, group: int | str) -> str:
        """Return a part of the word; None, whatever the type says, where an optional part is absent."""
        return self.match[group]


Reading: TypeAlias = Callable[[Here], "str | None"]
"""Returns what is said, as words with spaces between (single capitals are letters), or None: does not fit."""


def first_fitting(readings: Iterable[tuple[str, Reading]]) -> Callable[[str, Around], str | None]:
    """Return a function that reads a word by the first of ``readings``, each with its pattern, that fits.

    It returns words with spaces between, where single capitals are letters; an empty text for what has no
    sound, and None where no reading fits.
    """
    compiled = tuple((re.compile(pattern), reading) for pattern, reading in readings)

    def read(core: str, around: Around) -> str | None:
        for pattern, reading in compiled:
            if match := pattern.fullmatch(core):
                said = reading(Here(**asdict(around), match=match))
                if said is not None:
                    return said
        return None

    return read
