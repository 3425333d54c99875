"""Text that only keeps a place for text somebody still has to write. It is never narrated."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

_WHOLE = re.compile(
    r"(tb[adc]|todo|fixme|xxx+|placeholder|coming soon"
    r"|to be (determined|added|announced|defined|done|written)"
    r"|(insert|enter|your|sample) (text|content|summary|title) here"
    r"|[?.…_-]{2,}"
    r")[.!: ]*",
    re.IGNORECASE,
)
"""Says nothing else."""

_WITHIN = re.compile(
    r"\bTB[AD]\b"
    r"|(^|[(\[])(TODO|FIXME)\b|\b(TODO|FIXME)(:|$)"  # in capitals: todo means all in Spanish
    r"|(?i:\blorem ipsum\b|\bplaceholder (text|content|summary)\b|\[(insert|placeholder|tbd|todo)\b)"
)
"""Gives away the text around it."""

_NOTHING = re.compile(r"(n/?a|none|null|nil|nan|undefined|unknown|[-–—?.]+)", re.IGNORECASE)
"""Stands for no value."""

DEFAULT_SCORE = 0.75
"""What a retrieval that found nothing reports beside its placeholder."""


def is_placeholder(text: str) -> bool:
    """Whether the text only keeps a place: ``Chapter TBD``, ``TODO: write this``, ``Lorem ipsum``."""
    return bool(_WHOLE.fullmatch(text) or _WITHIN.search(text))


def is_nothing(text: str) -> bool:
    """Whether the text stands for an empty one: ``N/A``, ``null``, a dash."""
    return not text or bool(_NOTHING.fullmatch(text))


def without_placeholders(items: Sequence[Any], score: Any) -> list[Any]:
    """Return the content items of a skill that teach something.

    An item goes when its topic, summary, source or page is a placeholder, or when it has no topic or neither
    summary nor exhibit. All go when one is a placeholder and the retrieval reports its default score. A
    source or page that stands for nothing becomes empty.
    """
    if score == DEFAULT_SCORE and any(_keeps_a_place(item) for item in items):
        return []
    return [
        _with_blanks(item) if isinstance(item, dict) else item
        for item in items
        if not _keeps_a_place(item) and not _says_nothing(item)
    ]


def _keeps_a_place(item: Any) -> bool:
    return any(is_placeholder(text) for text in _texts(item, "topic", "source", "page_ref", "summary"))


def _says_nothing(item: Any) -> bool:
    """Whether there is nothing to teach: an exhibit needs no summary beside it."""
    shows = isinstance(item, dict) and item.get("exhibit") is not None
    return any(is_nothing(text) for text in _texts(item, "topic", *([] if shows else ["summary"])))


def _with_blanks(item: Mapping[str, Any]) -> dict[str, Any]:
    nothing = {name: "" for name in ("source", "page_ref") if any(map(is_nothing, _texts(item, name)))}
    return {**item, **nothing}


def _texts(item: Any, *names: str) -> list[str]:
    """Return the named fields; one that is left out counts as empty, one of another type not at all."""
    if not isinstance(item, dict):
        return []
    return [text for name in names if isinstance(text := item.get(name, ""), str)]
