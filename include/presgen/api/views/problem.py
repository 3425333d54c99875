"""An error as RFC 9457 has it."""

from __future__ import annotations

from typing import Annotated

from pydantic import ConfigDict, Field

from presgen.api.views.base import View


class FieldProblem(View):
    """One field of a request that does not fit."""

    field: str
    """Where it is: ``body.learner.name``, ``query.limit``."""
    reason: str
    pointer: str = ""
    """JSON pointer to the place in the body, as a URI fragment; empty: it is not there."""


class Problem(View):
    """What went wrong, and what to do about it."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "type": "urn:presgen:problem:not-found",
                    "title": "There is no such video",
                    "status": 404,
                    "detail": "No video of yours has the id lesson-0123456789abcdef.",
                    "remedy": "Look it up in the list of videos.",
                    "retry_helps": False,
                    "errors": [],
                }
            ]
        }
    )

    type: str = "about:blank"
    """Names the kind of problem; does not change."""
    title: str
    """The kind of problem in words."""
    status: Annotated[int, Field(ge=400, le=599)]
    detail: str = ""
    """This very problem in words."""
    remedy: str = ""
    """What the caller, or somebody else, can do about it."""
    retry_helps: bool = False
    """Whether the same request may succeed later."""
    errors: tuple[FieldProblem, ...] = ()
    """The fields at fault, where there are some."""
