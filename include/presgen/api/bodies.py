"""What may be in a request's body, and how it becomes a value: strictly, or not at all.

A body is read after its sender is known, never further than `MOST_BYTES`, and looked through before any model
sees it: broken or ambiguous JSON, deep nests, overlong strings and invisible characters are nobody's request.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Iterator
from typing import Any, TypeVar

from fastapi import Request
from pydantic import ValidationError

from presgen.api.problems import Refusal, errors_of, invalid, pointer_to
from presgen.api.views.problem import FieldProblem
from presgen.errors import BadRecord
from presgen.model.base import Model
from presgen.sources.row import DEEPEST, Refused
from presgen.sources.strict_json import parse_row

M = TypeVar("M", bound=Model)

MOST_BYTES = 256 * 1024
"""Of a body. The largest of our records has 90 KB."""
LONGEST = 4_096
"""Characters of a string; no field of ours holds more."""

_JSON = "application/json"
_INVISIBLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
"""Control characters, those that turn the direction of text around, and halves of characters."""


def body_of(model: type[M]) -> Callable[[Request], Awaitable[M]]:
    """Return a dependency that reads the body as that model, strictly.

    It raises a `Refusal`: 400 where it is no JSON, 413 where it is too large, 415 where it is something else,
    422 where it does not fit.
    """

    async def read(request: Request) -> M:
        _require_json(request)
        data = await request.body()
        _look_through(data)
        try:
            return model.model_validate_json(data, strict=True)
        except ValidationError as error:
            raise invalid(errors_of(error), body=True) from None

    return read


def taking(model: type[Model], **examples: Any) -> dict[str, Any]:
    """Return the documentation of a body of that model, as FastAPI's ``openapi_extra`` take it."""
    content: dict[str, Any] = {"schema": model.model_json_schema(ref_template="#/components/schemas/{model}")}
    if examples:
        content["examples"] = {name: {"value": value} for name, value in examples.items()}
    return {"requestBody": {"required": True, "content": {_JSON: content}}}


def hoist_definitions(document: dict[str, Any]) -> None:
    """Move what `taking` brought into the OpenAPI document to where its references look for it."""
    shared = document.setdefault("components", {}).setdefault("schemas", {})
    for path in document["paths"].values():
        for operation in path.values():
            body = operation.get("requestBody", {}).get("content", {}).get(_JSON, {})
            for name, schema in body.get("schema", {}).pop("$defs", {}).items():
                if shared.setdefault(name, schema) != schema:
                    raise ValueError(f"Two schemas are called {name}.")


def _require_json(request: Request) -> None:
    given = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if given != _JSON:
        raise Refusal(
            415,
            "unsupported-media-type",
            f"The body is {given or 'of no type'}; this address takes {_JSON}.",
            remedy=f"Send JSON, with the header Content-Type: {_JSON}.",
            headers={"Accept": _JSON},
        )


def _look_through(data: bytes) -> None:
    """Refuse what no model should ever see."""
    row = parse_row("body", data, MOST_BYTES)
    if isinstance(row.problem, BadRecord):
        detail = f"The body is {row.problem.value}: {row.problem.reason}"
        raise Refusal(400, "malformed", detail, remedy="Send one JSON object in UTF-8.")
    faults = [
        FieldProblem(field=".".join(["body", *map(str, path)]), reason=reason, pointer=pointer_to(path))
        for path, reason in _faults(row.value)
    ]
    if faults:
        raise Refusal(
            422,
            "invalid",
            "The body holds what no request may hold.",
            remedy="Correct what is listed under errors.",
            errors=faults[:20],
        )


def _faults(body: Any) -> Iterator[tuple[tuple[str | int, ...], str]]:
    todo: list[tuple[tuple[str | int, ...], Any]] = [((), body)]
    while todo:
        path, value = todo.pop()
        match value:
            case Refused():
                yield path, f"This is {value.shown}: {value.reason}"
            case str() if len(value) > LONGEST:
                yield path, f"This is {len(value):,} characters long; at most {LONGEST:,} are read."
            case str() if found := _INVISIBLE.search(value):
                yield path, f"This holds U+{ord(found[0]):04X}, which nobody would see. Leave it out."
            case dict() | list() if len(path) >= DEEPEST:
                yield path[:3], f"This is nested more than {DEEPEST} levels deep."
            case dict():
                for key, member in value.items():
                    if len(key) > LONGEST or _INVISIBLE.search(key):
                        yield path, "One of its fields has a name that is none."
                    else:
                        todo.append(((*path, key), member))
            case list():
                todo.extend(((*path, index), member) for index, member in enumerate(value))
