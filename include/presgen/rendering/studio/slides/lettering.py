"""Text on its way to a picture: on one line, legible in the fonts we have, and breakable anywhere it must."""

from __future__ import annotations

import re
import unicodedata

from presgen.media.captions import characters
from presgen.rendering.fonts import covers

LONGEST_RUN = 16
"""Characters. A longer word may be broken: a line of the narrowest column holds about twenty."""

_BREAK = "\u200b"
_SEAMS = frozenset("/\\-_.:,;=&?@+|")
_ORNAMENTS = frozenset({"So", "Sk", "Cs", "Co", "Cn", "Cf", "Cc"})
_SPOKEN = frozenset("\u200c\u200d")
"""Joiners that letters of some scripts need."""


def legible(text: str) -> str:
    """Return ``text`` on one line, without ornaments that no font can draw, such as emoji.

    Letters that no font can draw stay, as boxes: leaving them out would change what is said.
    """
    kept = (
        " " if point.isspace() else point
        for point in text
        if point.isspace() or not _is_ornament(point) or point in _SPOKEN or covers(point)
    )
    return " ".join("".join(kept).split())


def breakable(text: str) -> str:
    """Return ``text`` with invisible places to break in words too long for a narrow column.

    After punctuation first; within a run without any, after every character.
    """
    return re.sub(rf"\S{{{LONGEST_RUN + 1},}}", lambda word: _with_breaks(word[0]), text)


def _with_breaks(word: str) -> str:
    pieces: list[list[str]] = [[]]
    for character in characters(word):
        pieces[-1].append(character)
        if character in _SEAMS:
            pieces.append([])
    return _BREAK.join(("" if len(piece) <= LONGEST_RUN else _BREAK).join(piece) for piece in pieces)


def _is_ornament(point: str) -> bool:
    return unicodedata.category(point) in _ORNAMENTS or "\ufe00" <= point <= "\ufe0f"
