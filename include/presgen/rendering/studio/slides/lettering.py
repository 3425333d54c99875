"""Text on its way to a picture: on one line, and legible in the fonts we have."""

from __future__ import annotations

import unicodedata

from presgen.rendering.fonts import covers

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


def _is_ornament(point: str) -> bool:
    return unicodedata.category(point) in _ORNAMENTS or "\ufe00" <= point <= "\ufe0f"
