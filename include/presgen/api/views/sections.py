"""The store of sections: what is made once and used often."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import ConfigDict, Field

from presgen.api.views.base import View
from presgen.model.base import Seconds
from presgen.model.lesson import SectionKind

_EXAMPLE: dict[str, Any] = {
    "key": "4f" * 32,
    "slug": "remedy-q1-c",
    "kind": "remedy",
    "title": "Port 443, not port 80",
    "format": "landscape",
    "seconds": 30.4,
    "bytes": 1482211,
    "lessons": 212,
    "attempts": 1,
    "cost": 14.9,
    "saved": 3143.9,
    "approved": None,
    "there": True,
    "poster": None,
    "clip": None,
    "changed": "2026-11-22T02:11:40.000000Z",
}


class SectionSummary(View):
    """A section in the store."""

    model_config = ConfigDict(json_schema_extra={"examples": [_EXAMPLE]})

    key: str
    slug: str
    kind: SectionKind
    title: str
    format: str
    seconds: Seconds
    """0: it was never finished."""
    bytes: int
    lessons: Annotated[int, Field(ge=0)]
    """That use it now."""
    attempts: Annotated[int, Field(ge=0)]
    cost: Seconds
    """What it took to make it, CPU seconds; 0: not known."""
    saved: Seconds
    """CPU seconds that its re-use has spared."""
    approved: bool | None
    """What somebody decided; False: it is retired. None: nobody has decided."""
    there: bool
    """Whether it is in the store."""
    poster: str | None
    clip: str | None
    """Signed addresses; None: there is none."""
    changed: str


class SectionList(View):
    """A page of sections."""

    items: tuple[SectionSummary, ...]
    total: Annotated[int, Field(ge=0)]
    saved: Seconds
    """CPU seconds that all sections together have spared."""
    next: str | None


class SectionUse(View):
    """A lesson that uses a section."""

    video_id: str
    title: str | None
    number: Annotated[int, Field(ge=0)]
    """Its place in the lesson."""


class SectionAttempt(View):
    """One time that it was made."""

    at: str
    run_id: str
    outcome: str
    reason: str


class SectionDetail(SectionSummary):
    """A section, where it is used and what became of it."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    **_EXAMPLE,
                    "text": "Which port does HTTPS use? You chose port 80.",
                    "uses": [{"video_id": "lesson-0123456789abcdef", "title": "Ports", "number": 2}],
                    "history": [],
                }
            ]
        }
    )

    text: str
    """What is said; empty where the words are not kept."""
    uses: tuple[SectionUse, ...]
    """The first hundred."""
    history: tuple[SectionAttempt, ...]
