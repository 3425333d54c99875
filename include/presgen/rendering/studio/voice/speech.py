"""A text on its way to the voice: the words of the caption, each with what is said for it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Pause = Literal["", ",", ";", ":", "—", "…", ".", "?", "!"]
"""How the voice goes on after a word: straight on (empty), or as at that punctuation mark."""

ENDS: frozenset[Pause] = frozenset({".", "?", "!"})
"""The pauses that end a sentence."""

CLAUSES: frozenset[Pause] = frozenset({",", ";", ":", "—", "…"})
"""The pauses within one."""


@dataclass(frozen=True, slots=True)
class Spoken:
    """One word for the voice to read."""

    text: str
    """Its spelling: letters, apostrophes and hyphens. Nothing else, and no markup, ever gets here."""
    phonemes: str = ""
    """How it sounds (misaki alphabet), where the spelling does not tell. Empty: read by rule."""


@dataclass(frozen=True, slots=True)
class Word:
    """One word of the caption, and what is said for it."""

    shown: str
    """As the caption has it, punctuation attached."""
    says: tuple[Spoken, ...] = ()
    """Empty where there is nothing to say: a lone dash, an emoji, a script the voice cannot read."""
    pause: Pause = ""

    @property
    def size(self) -> int:
        """How much there is to say, in sounds, more or less."""
        return sum(len(spoken.phonemes or spoken.text) + 1 for spoken in self.says)

    @property
    def unreadable(self) -> bool:
        """Whether the caption has letters or digits here that the voice leaves out."""
        return not self.says and any(character.isalnum() for character in self.shown)


def listed(text: str) -> tuple[str, ...]:
    """Return the words of ``text``: a table that reads as a line."""
    return tuple(text.split())
