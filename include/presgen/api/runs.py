"""What starts runs, stops them and has steps taken again: whoever schedules them, as the API needs it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from fastapi import Request

from presgen.api.views.base import View
from presgen.errors import TransientError


class RunsUnavailable(TransientError):
    """The scheduler does not answer, or not as it should."""


class Question(View):
    """Something in a run that waits for a person's word."""

    task: str
    """The step that asks."""
    index: int
    """Which of the step's instances; -1: there is only one."""
    subject: str
    """What it is about, in a line."""
    body: str
    """The same in full, as Markdown."""
    asked: str
    """UTC, ISO 8601."""


class Runs(Protocol):
    """Runs of ``produce_lessons``. Everything is done with the rights of whoever sends ``request``.

    All methods raise RunsUnavailable where the scheduler is away, and a `Refusal` where it does not allow the
    sender what is asked for (401, 403) or knows no such run (404).
    """

    async def start(self, request: Request, run_id: str, conf: Mapping[str, Any]) -> None:
        """Start a run of that id with those choices; nothing happens where there is one already."""

    async def state(self, request: Request, run_id: str) -> str | None:
        """Return ``queued``, ``running``, ``success`` or ``failed``; None: there is no such run."""

    async def stop(self, request: Request, run_id: str, learner: str | None = None) -> bool:
        """Stop a run, or only the lesson of one learner in it; return whether there was anything to stop."""

    async def repeat(
        self, request: Request, run_id: str, learner: str | None = None, sections: Sequence[str] = ()
    ) -> None:
        """Take all steps of a run again, or those of one learner's lesson and of sections, named by keys."""

    async def questions(self, request: Request, run_id: str) -> tuple[Question, ...]:
        """Return what of the run waits for a person."""

    async def answer(self, request: Request, run_id: str, question: Question, *, approved: bool) -> None:
        """Answer a question. It is the sender's word, and counts once.

        Raises:
            Refusal: 409, somebody has answered it meanwhile.
        """
