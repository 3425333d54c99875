"""Parameters that several routes share."""

from __future__ import annotations

import base64
import binascii
from typing import Annotated

from fastapi import Path, Query, Request

from presgen.api.problems import Refusal
from presgen.api.views.problem import FieldProblem
from presgen.api.views.videos import VIDEO_ID

TheVideo = Annotated[str, Path(pattern=VIDEO_ID, max_length=80, examples=["lesson-0123456789abcdef"])]
TheSection = Annotated[str, Path(pattern="^[0-9a-f]{64}$", description="The section's key.")]
Limit = Annotated[int, Query(ge=1, le=200, description="How many at most.")]
Cursor = Annotated[
    str | None, Query(max_length=400, description="`next` of the page before; without it, the first page.")
]
Searched = Annotated[str, Query(max_length=100, description="What to look for; empty: everything.")]


def root_of(request: Request) -> str:
    """Return where the API is on this host, as the caller sees it."""
    return str(request.scope.get("root_path", ""))


def cursor_of(*steps: str) -> str:
    """Return the place in a list as one word."""
    return base64.urlsafe_b64encode("\n".join(steps).encode()).decode().rstrip("=")


def steps_of(cursor: str, count: int) -> tuple[str, ...]:
    """Return what `cursor_of` was given.

    Raises:
        Refusal: 422, that is no cursor.
    """
    try:
        text = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode()
    except (binascii.Error, ValueError):
        text = ""
    steps = tuple(text.split("\n"))
    if len(steps) != count or not all(steps) or "\x00" in text or cursor_of(*steps) != cursor:
        raise no_cursor()
    return steps


def no_cursor() -> Refusal:
    """Return the refusal of what is no `next` of this list."""
    fault = FieldProblem(field="query.cursor", reason="This is no `next` of a page of this list.")
    return Refusal(422, "invalid", "That cursor leads nowhere.", remedy="Begin without one.", errors=[fault])
