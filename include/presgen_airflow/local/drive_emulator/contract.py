"""What Google says its Drive API takes and gives: the discovery document that ships with its client."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from googleapiclient.discovery_cache import get_static_doc  # type: ignore[import-untyped]
from jsonschema import Draft202012Validator

Mask = dict[str, "Mask"]
"""Which fields are wanted; an empty one wants everything below."""


@dataclass(frozen=True, slots=True)
class Method:
    """One method of the API."""

    name: str
    """As the client calls it: ``files.create``."""
    verb: str
    path: re.Pattern[str]
    parameters: Mapping[str, Mapping[str, Any]]
    request: str
    """The schema of the body; empty: there is none."""
    response: str
    uploads: bool


class BadMask(ValueError):
    """The parameter ``fields`` names what is not there."""


@cache
def document() -> dict[str, Any]:
    """Return the discovery document of Drive, version 3."""
    read: dict[str, Any] = json.loads(get_static_doc("drive", "v3"))
    return read


def find(verb: str, path: str) -> tuple[Method, dict[str, str]] | None:
    """Return the method that is called by ``verb`` on ``path``, and the parameters within the path.

    ``path`` starts after ``/drive/v3/``. Names of the API such as ``generateIds`` are no file ids.
    """
    for method in _methods():
        matched = method.path.fullmatch(path)
        if method.verb == verb and matched is not None:
            return method, matched.groupdict()
    return None


def faults_of_query(
    method: Method, query: Mapping[str, Sequence[str]], within: Mapping[str, str]
) -> list[str]:
    """Return what is wrong with the parameters of a request."""
    known = {**document()["parameters"], **method.parameters}
    wrong = [f"the parameter {name} is unknown to {method.name}" for name in query if name not in known]
    for name, rule in method.parameters.items():
        if rule.get("required") and name not in query and name not in within:
            wrong.append(f"the parameter {name} is missing")
    for name, values in query.items():
        rule = known.get(name, {})
        if len(values) > 1 and not rule.get("repeated"):
            wrong.append(f"the parameter {name} is given twice")
        wrong += [f"{name}={value} is no {rule['type']}" for value in values if not _fits(rule, value)]
    return wrong


def faults_of_value(schema: str, value: Any) -> list[str]:
    """Return what is wrong with a body, asked or answered, of that schema."""
    return [
        f"{schema}{error.json_path.removeprefix('$')}: {error.message[:200]}"
        for error in _validator(schema).iter_errors(value)
    ]


def read_mask(text: str, schema: str) -> Mask:
    """Return the fields that ``text``, such as ``files(id,name),nextPageToken``, asks of a schema.

    Raises:
        BadMask: the schema has no such field.
    """
    tokens = iter([*re.findall(r"[(),/]|[^(),/\s]+", text), ")"])
    mask = _mask(tokens)
    _check_mask(mask, {"$ref": schema}, "")
    return mask


def pick(value: Any, mask: Mask) -> Any:
    """Return what the mask wants of a value."""
    if not mask or "*" in mask:
        return value
    if isinstance(value, list):
        return [pick(each, mask) for each in value]
    if isinstance(value, dict):
        return {name: pick(value[name], below) for name, below in mask.items() if name in value}
    return value


def _mask(tokens: Iterator[str]) -> Mask:
    """Read up to the bracket that closes."""
    found: Mask = {}
    last: Mask = found
    for token in tokens:
        if token == ")":  # noqa: S105 - a bracket, not a password
            return found
        if token == "(":  # noqa: S105
            last.update(_mask(tokens))
        elif token == "/":  # noqa: S105
            last = last.setdefault(next(tokens), {})
        elif token != ",":  # noqa: S105
            last = found.setdefault(token, {})
    return found


def _check_mask(mask: Mask, schema: Mapping[str, Any], where: str) -> None:
    while "$ref" in schema or "items" in schema:
        schema = document()["schemas"][schema["$ref"]] if "$ref" in schema else schema["items"]
    for name, below in mask.items():
        if name == "*":
            continue
        properties = schema.get("properties")
        if properties is not None and name not in properties:
            raise BadMask(f"Invalid field selection {where}{name}")
        _check_mask(below, (properties or {}).get(name, {}), f"{where}{name}/")


def _fits(rule: Mapping[str, Any], value: str) -> bool:
    kind = rule.get("type", "string")
    if kind == "boolean":
        return value in ("true", "false")
    if kind == "integer":
        if not re.fullmatch(r"-?\d+", value):
            return False
        return int(rule.get("minimum", value)) <= int(value) <= int(rule.get("maximum", value))
    return "enum" not in rule or value in rule["enum"]


@cache
def _methods() -> tuple[Method, ...]:
    found = []
    for resource, described in document()["resources"].items():
        for name, method in described.get("methods", {}).items():
            pattern = re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>[^/]+)", re.escape(method["path"]))
            found.append(
                Method(
                    name=f"{resource}.{name}",
                    verb=method["httpMethod"],
                    path=re.compile(pattern),
                    parameters=method.get("parameters", {}),
                    request=method.get("request", {}).get("$ref", ""),
                    response=method.get("response", {}).get("$ref", ""),
                    uploads=bool(method.get("supportsMediaUpload")),
                )
            )
    # `files/generateIds` before `files/{fileId}`.
    return tuple(sorted(found, key=lambda method: method.path.groups))


@cache
def _validator(schema: str) -> Draft202012Validator:
    return Draft202012Validator({"$ref": f"#/$defs/{schema}", "$defs": _definitions()})


@cache
def _definitions() -> dict[str, Any]:
    return {name: _as_json_schema(each) for name, each in document()["schemas"].items()}


def _as_json_schema(value: Any) -> Any:
    """Return a schema of the discovery document as JSON Schema, which lets no unknown field pass."""
    if isinstance(value, list):
        return [_as_json_schema(each) for each in value]
    if not isinstance(value, dict):
        return value
    if isinstance(value.get("$ref"), str):
        return {"$ref": f"#/$defs/{value['$ref']}"}
    kept = ("type", "properties", "items", "additionalProperties", "enum", "pattern")
    found = {name: _as_json_schema(each) for name, each in value.items() if name in kept}
    if "properties" in value:
        found["properties"] = {name: _as_json_schema(each) for name, each in value["properties"].items()}
        found.setdefault("additionalProperties", False)
    if found.get("type") == "any":
        del found["type"]
    return found
