"""The containers fit Airflow, PresGen and each other, as far as that can be known without an engine."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import yaml

from tests.unit.compose.checks import ROOT, Compose, airflow_commands, dockerfile_faults, faults

ENV_EXAMPLE = (ROOT / ".env.example").read_text("utf-8")
DOCKERFILE = (ROOT / "Dockerfile").read_text("utf-8")
REQUIREMENTS = (ROOT / "requirements.txt").read_text("utf-8")


@pytest.fixture(scope="module")
def compose() -> Compose:
    """The file, anchors resolved."""
    return yaml.safe_load((ROOT / "docker-compose.yaml").read_text("utf-8"))


@pytest.fixture(scope="module")
def cli() -> Iterator[Any]:
    """Airflow's own parser, with the commands of the executor and log-in that the containers use."""
    from airflow.cli import cli_parser

    with pytest.MonkeyPatch.context() as patch:
        environment = yaml.safe_load((ROOT / "docker-compose.yaml").read_text("utf-8"))["x-airflow-common"]
        for name in ("AIRFLOW__CORE__EXECUTOR", "AIRFLOW__CORE__AUTH_MANAGER"):
            patch.setenv(name, environment["environment"][name])
        yield cli_parser.get_parser()


def test_the_containers_have_no_fault(compose: Compose, cli: Any):
    assert faults(compose, ENV_EXAMPLE, cli) == []


def test_every_part_of_airflow_is_started(compose: Compose):
    commands = {
        command
        for service in compose["services"].values()
        if "build" in service
        for command in airflow_commands(service)
    }

    for part in ("api-server", "scheduler", "dag-processor", "triggerer", "celery worker", "db migrate"):
        assert f"airflow {part}" in commands


def _no_image(compose: Compose) -> None:
    compose["services"]["redis"]["imag"] = compose["services"]["redis"].pop("image")


def _unknown_command(compose: Compose) -> None:
    compose["services"]["airflow-apiserver"]["command"] = "webserver"


def _unknown_flag(compose: Compose) -> None:
    check = compose["services"]["airflow-triggerer"]["healthcheck"]["test"]
    check[1] = check[1].replace("--job-type", "--job-kind")


def _misspelt_user_command(compose: Compose) -> None:
    command = compose["services"]["airflow-init"]["command"]
    command[-1] = command[-1].replace("--firstname", "--first")
    command[-1] = command[-1].replace("--lastname PresGen", "")
    command[-1] = command[-1].replace("users create", "users make")


def _unknown_option(compose: Compose) -> None:
    compose["services"]["airflow-worker"]["environment"]["AIRFLOW__WEBSERVER__SECRET_KEY"] = "${X:?}"


def _unknown_setting(compose: Compose) -> None:
    compose["services"]["airflow-worker"]["environment"]["PRESGEN_RENDERERS"] = "studio"


def _unknown_celery_app(compose: Compose) -> None:
    check = compose["services"]["airflow-worker"]["healthcheck"]["test"]
    check[1] = check[1].replace("celery_executor.app", "celery_executor.application")


def _unknown_dependency(compose: Compose) -> None:
    compose["services"]["airflow-worker"]["depends_on"]["mysql"] = {"condition": "service_started"}


def _waits_for_ever(compose: Compose) -> None:
    del compose["services"]["redis"]["healthcheck"]


def _undeclared_volume(compose: Compose) -> None:
    del compose["volumes"]["workspace"]


def _unused_volume(compose: Compose) -> None:
    compose["volumes"]["attic"] = None


def _open_port(compose: Compose) -> None:
    compose["services"]["airflow-apiserver"]["ports"] = ["8080:8080"]


def _known_password(compose: Compose) -> None:
    compose["services"]["postgres"]["environment"]["POSTGRES_PASSWORD"] = "airflow"


def _default_password(compose: Compose) -> None:
    compose["services"]["postgres"]["environment"]["POSTGRES_PASSWORD"] = "${POSTGRES_PASSWORD:-airflow}"


def _password_in_url(compose: Compose) -> None:
    environment = compose["services"]["airflow-worker"]["environment"]
    environment["AIRFLOW__DATABASE__SQL_ALCHEMY_CONN"] = (
        "postgresql+psycopg2://airflow:airflow@postgres/airflow"
    )


def _unexplained_variable(compose: Compose) -> None:
    compose["services"]["redis"]["image"] = "${REDIS_IMAGE}"


@pytest.mark.parametrize(
    ("breaks", "told"),
    [
        (_no_image, "imag"),
        (_unknown_command, "`airflow webserver` is refused"),
        (_unknown_flag, "airflow-triggerer: `airflow jobs check --job-kind"),
        (_misspelt_user_command, "airflow-init: `airflow users make"),
        (_unknown_option, "AIRFLOW__WEBSERVER__SECRET_KEY is no option"),
        (_unknown_setting, "PRESGEN_RENDERERS is no setting"),
        (_unknown_celery_app, "has no attribute 'application'"),
        (_unknown_dependency, "depends on mysql"),
        (_waits_for_ever, "waits for redis to be healthy"),
        (_undeclared_volume, "uses the volume workspace"),
        (_unused_volume, "the volume attic is used by nobody"),
        (_open_port, "publishes 8080:8080"),
        (_known_password, "POSTGRES_PASSWORD has a default"),
        (_default_password, "POSTGRES_PASSWORD has a default"),
        (_password_in_url, "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN has a password written out"),
        (_unexplained_variable, "${REDIS_IMAGE} is not explained"),
    ],
)
def test_a_fault_is_found(compose: Compose, cli: Any, breaks: Callable[[Compose], None], told: str):
    broken = copy.deepcopy(compose)
    breaks(broken)

    assert any(told in fault for fault in faults(broken, ENV_EXAMPLE, cli))


def test_an_explained_variable_that_nothing_reads_is_found(compose: Compose, cli: Any):
    assert faults(compose, ENV_EXAMPLE + "OLD_PASSWORD=\n", cli) == [
        ".env.example explains OLD_PASSWORD, which nothing reads"
    ]


def test_the_image_is_built_from_the_lock_and_from_files_that_are_there():
    assert dockerfile_faults(DOCKERFILE, REQUIREMENTS) == []


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("3.3.2-", "3.2.0-", "is not the Airflow of requirements.txt"),
        ("python3.12", "python3.9", "a Python that requirements.txt is not locked for"),
        ("include /opt", "incl /opt", "incl is copied and does not exist"),
        ("plugins /opt", "tests /opt", "tests is copied and .dockerignore keeps it out"),
    ],
)
def test_a_fault_of_the_image_is_found(old: str, new: str, told: str):
    assert any(told in fault for fault in dockerfile_faults(DOCKERFILE.replace(old, new), REQUIREMENTS))
