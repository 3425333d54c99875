"""Errors as answers: problem details after RFC 9457, that say what is wrong and what would have been fine.

A permanent error of ours is the caller's to mend: 4xx, with the remedy. A transient one is worth another
try: 503 and ``Retry-After``. Anything else is a fault of this program: 500, with the story in the log and
none of it in the answer. No answer repeats what was sent, or names a file of the server.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from http import HTTPStatus
from types import MappingProxyType
from typing import Any

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from pydantic import ValidationError
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from presgen.api.views.problem import FieldProblem, Problem
from presgen.errors import (
    BadInput,
    BadRecord,
    DeliveryBlocked,
    PermanentError,
    PresGenError,
    QualityRejected,
    TransientError,
    UnknownName,
)
from presgen.stages import cause_of

MEDIA_TYPE = "application/problem+json"
RETRY_AFTER = 5
"""Seconds. Who is away is a database, a disk or the scheduler; they come back in seconds or in minutes."""

_KIND = "urn:presgen:problem:"
_NO_HEADERS: Mapping[str, str] = MappingProxyType({})
_PATH = re.compile(r"(?<![\w.])(?:/[^\s/:'\",;]+){2,}/?")
_INDEX = re.compile(r"\[(\d+)\]")
_WORDS = re.compile(r"(?<=[a-z])(?=[A-Z])")

_log = structlog.get_logger("presgen.api")


class Refusal(Exception):
    """An answer that is no success, raised by a route.

    Attributes:
        details: what is told.
        headers: what the answer carries beside it.
    """

    def __init__(
        self,
        status: int,
        kind: str,
        detail: str,
        *,
        remedy: str = "",
        errors: Iterable[FieldProblem] = (),
        headers: Mapping[str, str] = _NO_HEADERS,
    ) -> None:
        self.details = Problem(
            type=_KIND + kind,
            title=HTTPStatus(status).phrase,
            status=status,
            detail=detail,
            remedy=remedy,
            retry_helps=status in (429, 503),
            errors=tuple(errors),
        )
        self.headers = dict(headers)
        super().__init__(detail)

    def response(self) -> Response:
        """Return the answer."""
        content = self.details.model_dump(mode="json", exclude_defaults=True)
        headers = {"Cache-Control": "no-store", **self.headers}
        return JSONResponse(content, self.details.status, headers, MEDIA_TYPE)


def not_found(what: str) -> Refusal:
    """Return the problem of something that is not there, or not this caller's: nobody is told which."""
    return Refusal(404, "not-found", f"There is no such {what}.")


def conflict(detail: str, remedy: str = "", kind: str = "conflict") -> Refusal:
    """Return the problem of a request that does not fit what is there."""
    return Refusal(409, kind, detail, remedy=remedy)


def problem_of(error: PresGenError) -> Refusal:
    """Return what an error of ours is to whoever asked."""
    kind = _WORDS.sub("-", cause_of(error)).lower()
    told = without_paths(str(error))
    match error:
        case TransientError():
            # Its own words are for the operator: they name databases and disks.
            return Refusal(
                503,
                kind,
                "Something this needs is away at the moment. Nothing was lost.",
                remedy="Send the same request again a little later.",
                headers={"Retry-After": str(RETRY_AFTER)},
            )
        case BadRecord():
            inside = error.field != "record"
            field = f"body.record.{error.field}" if inside else "body.record"
            pointer = "#/record/" + _pointer_of(error.field) if inside else "#/record"
            return Refusal(
                422, kind, told, errors=[FieldProblem(field=field, reason=error.reason, pointer=pointer)]
            )
        case UnknownName():
            known = ", ".join(error.known) or "none"
            return Refusal(422, kind, told, remedy=f"Name one of: {known}.")
        case BadInput():
            return Refusal(422, kind, told)
        case DeliveryBlocked():
            return Refusal(409, kind, told, remedy=without_paths(error.remedy))
        case QualityRejected():
            remedy = "Correct what the findings name, then make it again."
            return Refusal(409, kind, told, remedy=remedy)
        case PermanentError():
            return Refusal(409, kind, told, remedy="Ask for the video's status: it has changed meanwhile.")
        case _:
            return _unexpected()


def invalid(found: Iterable[Mapping[str, Any]], *, body: bool = False) -> Refusal:
    """Return the problem of a request that does not fit its model, from pydantic's list of errors.

    Args:
        found: what `ValidationError.errors` returns.
        body: whether it is all about the body; else the first step of each place says what it is about.
    """
    faults = [_fault(each["loc"] if not body else ("body", *each["loc"]), each["msg"]) for each in found]
    about = {"body" if fault.field.startswith("body") else "parameters" for fault in faults}
    return Refusal(
        422,
        "invalid",
        f"{len(faults)} part{'s' * (len(faults) > 1)} of the {' and '.join(sorted(about))} "
        f"{'do' if len(faults) > 1 else 'does'} not fit.",
        remedy="Correct what is listed under errors.",
        errors=faults,
    )


def install(app: FastAPI) -> None:
    """Let the app answer every error with problem details."""

    @app.exception_handler(Refusal)
    def _problem(_: Request, error: Refusal) -> Response:
        return error.response()

    @app.exception_handler(PresGenError)
    def _ours(request: Request, error: PresGenError) -> Response:
        if isinstance(error, TransientError):
            _log.warning("unavailable", path=request.url.path, cause=cause_of(error), reason=str(error))
        return problem_of(error).response()

    @app.exception_handler(RequestValidationError)
    def _request(_: Request, error: RequestValidationError) -> Response:
        return invalid(error.errors()).response()

    @app.exception_handler(HTTPException)
    def _http(_: Request, error: HTTPException) -> Response:
        phrase = HTTPStatus(error.status_code).phrase
        detail = str(error.detail) if error.detail and error.detail != phrase else _TOLD.get(phrase, phrase)
        kind = phrase.lower().replace(" ", "-")
        return Refusal(error.status_code, kind, detail, headers=error.headers or {}).response()

    app.add_middleware(_Shield)


def answers(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Return the documentation of these problems, as FastAPI's ``responses`` take it."""
    schema = {"$ref": f"#/components/schemas/{Problem.__name__}"}
    return {
        status: {
            "description": HTTPStatus(status).phrase,
            "content": {MEDIA_TYPE: {"schema": schema}},
            **({"headers": _RETRY_HEADER} if status in (429, 503) else {}),
        }
        for status in statuses
    }


class _Shield:
    """Answers what nobody expected with 500, and writes the story into the log."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        begun = False

        async def watched(message: Message) -> None:
            nonlocal begun
            begun = begun or message["type"] == "http.response.start"
            await send(message)

        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        try:
            await self._app(scope, receive, watched)
        except Exception:
            _log.exception("unexpected", path=scope["path"], method=scope["method"])
            if begun:
                raise
            await _unexpected().response()(scope, receive, send)


def pointer_to(steps: Iterable[str | int]) -> str:
    """Return the JSON pointer that those steps are, as a URI fragment."""
    return "#" + "".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in steps)


def errors_of(error: ValidationError) -> list[Any]:
    """Return the list of what pydantic found, without what was sent."""
    return error.errors(include_url=False, include_context=False, include_input=False)


def _fault(place: tuple[str | int, ...], reason: str) -> FieldProblem:
    where, *steps = place
    pointer = pointer_to(steps) if where == "body" else ""
    field = ".".join(str(step) for step in place)
    return FieldProblem(field=field, reason=reason.removeprefix("Value error, "), pointer=pointer)


def _pointer_of(field: str) -> str:
    """Return ``answers/3/user_answer`` of ``answers[3].user_answer``."""
    return _INDEX.sub(r"/\1", field).replace(".", "/")


def without_paths(text: str) -> str:
    """Return ``text`` without the server's file names."""
    return _PATH.sub("…", text)


def _unexpected() -> Refusal:
    detail = "Something went wrong that nobody foresaw. It is in the server's log."
    return Refusal(500, "unexpected", detail, remedy="Try again; if it stays, tell whoever runs this.")


_TOLD = {
    "Unauthorized": "Log in first.",
    "Forbidden": "Your role does not allow this.",
    "Not Found": "There is nothing at this address.",
    "Method Not Allowed": "This address does not take that method; the header Allow lists those it takes.",
}

_RETRY_HEADER = {
    "Retry-After": {"description": "Seconds to wait.", "schema": {"type": "integer", "minimum": 0}}
}
