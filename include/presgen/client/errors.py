"""What the API refuses, as exceptions with the parts of its problem details."""

from __future__ import annotations

import httpx
from pydantic import ValidationError

from presgen.api.views import FieldProblem, Problem


class ApiError(Exception):
    """The API has answered with a problem.

    Attributes:
        problem: the problem details.
        retry_after: seconds to wait before another try; None: the API does not say.
    """

    def __init__(self, problem: Problem, retry_after: float | None = None) -> None:
        self.problem = problem
        self.retry_after = retry_after
        told = " ".join(part for part in (problem.detail or problem.title, problem.remedy) if part)
        super().__init__(f"{problem.status}: {told}")

    @property
    def errors(self) -> tuple[FieldProblem, ...]:
        """Return what is wrong with the request, field by field."""
        return self.problem.errors


class NotAllowed(ApiError):
    """Nobody is logged in, or they may not do this (401, 403)."""


class NotFound(ApiError):
    """There is no such thing, or it is somebody else's (404)."""


class Conflict(ApiError):
    """The request does not fit what is there (409)."""


class Unavailable(ApiError):
    """Trying again later may succeed (429, 503)."""


_KINDS = {401: NotAllowed, 403: NotAllowed, 404: NotFound, 409: Conflict, 429: Unavailable, 503: Unavailable}


def error_of(answer: httpx.Response) -> ApiError:
    """Return the exception that an answer is; the answer has been read."""
    try:
        problem = Problem.model_validate_json(answer.content)
    except ValidationError:
        # Somebody on the way has answered: a proxy, or Airflow itself.
        problem = Problem(title=answer.reason_phrase or "No answer", status=max(400, answer.status_code))
    wait = answer.headers.get("retry-after", "")
    kind = _KINDS.get(answer.status_code, ApiError)
    return kind(problem, float(wait) if wait.isdecimal() else None)
