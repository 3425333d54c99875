"""What can be known of docker-compose.yaml without an engine: every fault found, as a sentence."""

from __future__ import annotations

import contextlib
import importlib
import io
import json
import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.airflow_home import ROOT  # first: it chooses AIRFLOW_HOME

from airflow.configuration import conf  # isort: skip
from jsonschema import Draft201909Validator

from presgen.settings import Settings
from presgen_airflow.connections import ConnectionNames

SCHEMA = json.loads(Path(__file__).with_name("compose-spec.json").read_text("utf-8"))

Compose = dict[str, Any]

_INTERPOLATED = re.compile(r"(?<!\$)\$\{(\w+)(?::?([-?+])([^}]*))?\}")
_SECRET = re.compile(r"PASSWORD|SECRET|_KEY$|CONN|URL|BACKEND|AUTH$")
_PLAIN = re.compile(
    r"AIRFLOW_CONN_[A-Z_]+|ADMIN_USER|ADMIN_PASSWORD|RENDER_SLOTS|GX_ANALYTICS_ENABLED|DUMB_INIT_SETSID"
)


def faults(compose: Compose, env_example: str, cli: Any) -> list[str]:
    """Return everything that is wrong; ``cli`` is Airflow's own command line parser."""
    found = [
        f"{error.json_path}: {error.message}" for error in Draft201909Validator(SCHEMA).iter_errors(compose)
    ]
    if found:
        return found
    services = compose["services"]
    for name, service in services.items():
        found += [f"{name}: {fault}" for fault in _service(service, compose, cli)]
    found += _volumes(compose)
    found += _interpolations(compose, env_example)
    return found


def _service(service: dict[str, Any], compose: Compose, cli: Any) -> Iterator[str]:
    for other in service.get("depends_on", {}):
        if other not in compose["services"]:
            yield f"depends on {other}, which is no service"
        elif service["depends_on"][other]["condition"] == "service_healthy" and (
            "healthcheck" not in compose["services"][other]
        ):
            yield f"waits for {other} to be healthy, which has no health check"
    for port in service.get("ports", []):
        if not str(port).startswith("127.0.0.1:"):
            yield f"publishes {port} to the whole network"
    if "build" in service:
        yield from _environment(service["environment"])
        for command in airflow_commands(service):
            if (fault := _refused(command, cli)) is not None:
                yield f"`{command}` is refused: {fault}"
    for variable, value in service.get("environment", {}).items():
        if _SECRET.search(variable) and re.search(r":(?!\$)[^/:@$\s]+@", str(value)):
            yield f"{variable} has a password written out"
        if re.search(r"PASSWORD|SECRET|_KEY$", variable) and not re.fullmatch(
            r"\$\{\w+:\?[^}]+\}", str(value)
        ):
            yield f"{variable} has a default, which everybody knows"


def _environment(environment: dict[str, Any]) -> Iterator[str]:
    for variable in environment:
        if variable.startswith("AIRFLOW__"):
            section, _, key = variable.removeprefix("AIRFLOW__").partition("__")
            if not _is_option(section.lower(), key.lower()):
                yield f"{variable} is no option of Airflow"
        elif variable.startswith("PRESGEN_"):
            known = Settings.model_fields | ConnectionNames.model_fields
            if variable.removeprefix("PRESGEN_").lower() not in known:
                yield f"{variable} is no setting of PresGen"
        elif not _PLAIN.fullmatch(variable):
            yield f"{variable} is read by nothing we know"


def _is_option(section: str, key: str) -> bool:
    described = conf.configuration_description.get(section, {}).get("options", {})
    return key in described


def airflow_commands(service: dict[str, Any]) -> list[str]:
    """Return every `airflow …` command of a service, health check included."""
    command = service.get("command", [])
    words = shlex.split(command) if isinstance(command, str) else list(command)
    found = []
    if words and words[0] == "bash":
        found += [line.strip() for line in words[-1].splitlines() if line.strip()]
    elif words:
        found.append("airflow " + shlex.join(words))  # the image's entrypoint adds the first word
    test = service.get("healthcheck", {}).get("test", [])
    if test and test[0] == "CMD-SHELL":
        found.append(test[1])
    return [line.replace("$$", "$") for line in found]


def _refused(command: str, cli: Any) -> str | None:
    """Return why the real parser would not take the command; None: it would."""
    [program, *arguments] = shlex.split(command)
    if program == "celery":
        return _no_celery_app(arguments)
    if program != "airflow":
        return f"{program} is not one of Airflow's programs"
    arguments = ["1" if re.fullmatch(r"\$\{?\w+\}?", word) else word for word in arguments]
    told = io.StringIO()
    try:
        with contextlib.redirect_stderr(told), contextlib.redirect_stdout(told):
            chosen = cli.parse_args(arguments)
    except SystemExit:
        return told.getvalue().strip().splitlines()[-1]
    return None if hasattr(chosen, "func") else "it is not a whole command"


def _no_celery_app(arguments: list[str]) -> str | None:
    module, _, name = arguments[arguments.index("--app") + 1].rpartition(".")
    try:
        getattr(importlib.import_module(module), name)
    except (ImportError, AttributeError) as error:
        return str(error)
    return None


def _volumes(compose: Compose) -> Iterator[str]:
    declared = set(compose.get("volumes", {}))
    used = set()
    for name, service in compose["services"].items():
        for volume in service.get("volumes", []):
            source = volume["source"] if isinstance(volume, dict) else volume.partition(":")[0]
            if source.startswith((".", "/")):
                continue
            used.add(source)
            if source not in declared:
                yield f"{name}: uses the volume {source}, which is not declared"
    for left in sorted(declared - used):
        yield f"the volume {left} is used by nobody"


def _interpolations(compose: Compose, env_example: str) -> Iterator[str]:
    text = json.dumps({name: part for name, part in compose.items() if not name.startswith("x-")})
    wanted = {match[1] for match in _INTERPOLATED.finditer(text)}
    offered = set(re.findall(r"^#?([A-Z][A-Z_]+)=", env_example, re.MULTILINE))
    for name in sorted(wanted - offered):
        yield f"${{{name}}} is not explained in .env.example"
    for name in sorted(offered - wanted):
        yield f".env.example explains {name}, which nothing reads"


def dockerfile_faults(dockerfile: str, requirements: str, root: Path = ROOT) -> list[str]:
    """Return what is wrong with the image: another Airflow than the lock's, or files that are not there."""
    found = []
    [image] = re.findall(r"^FROM (\S+)", dockerfile, re.MULTILINE)
    locked = re.search(r"^apache-airflow==(\S+)", requirements, re.MULTILINE)
    if locked is None or f"-{locked[1]}-" not in image:
        found.append(f"{image} is not the Airflow of requirements.txt")
    if not re.search(r"-python3\.1[12]$", image):
        found.append(f"{image} has a Python that requirements.txt is not locked for")
    ignored = (root / ".dockerignore").read_text("utf-8").splitlines()
    for source in re.findall(r"^COPY (?:--\S+ )*(\S+) \S+$", dockerfile, re.MULTILINE):
        if not (root / source).exists():
            found.append(f"{source} is copied and does not exist")
        let_in = [source, *map(str, Path(source).parents)]
        if not any(f"!{path}" in ignored for path in let_in):
            found.append(f"{source} is copied and .dockerignore keeps it out")
    return found
