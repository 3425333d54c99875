"""Text on its way to a picture: on one line, and legible in the fonts we have."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

from presgen.rendering.fonts import covers

_ORNAMENTS = frozenset({"So", "Sk", "Cn", "Co"})
_INVISIBLE = frozenset({"Cc", "Cf", "Cs"})
_JOINERS = frozenset("\u200c\u200d")
"""Invisible, and yet letters of some scripts need them."""


def legible(text: str) -> str:
    """Return ``text`` on one line, without ornaments that no font can draw.

    Letters that no font can draw stay, as boxes: leaving them out would change what is said.
    """
    return " ".join("".join(" " if point.isspace() else point for point in text if _stays(point)).split())


def legible_code(text: str) -> str:
    """Return a listing with its lines and its indentation, without what no font can draw."""
    lines = text.replace("\t", "    ").splitlines()
    return "\n".join("".join(point for point in line if _stays(point)).rstrip() for line in lines).strip("\n")


def runs_from_right(texts: Iterable[str]) -> bool:
    """Whether most letters of ``texts`` are of scripts that run from right to left."""
    kinds = [unicodedata.bidirectional(point) for text in texts for point in text if point.isalpha()]
    return 2 * sum(kind in ("R", "AL") for kind in kinds) > len(kinds)


def _stays(point: str) -> bool:
    if point.isspace() or point in _JOINERS:
        return True
    category = unicodedata.category(point)
    if category in _INVISIBLE or "\ufe00" <= point <= "\ufe0f":
        return False
    return category not in _ORNAMENTS or covers(point)
