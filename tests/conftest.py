"""What all tests share: the folder of real data, and the rule that nobody logs an error unasked."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from presgen import metrics
from tests.postgres import NoServer, running_server

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real assessment data beside the checkout; the test is skipped where there is none."""
    folder = ROOT.parent / "shared" / "data"
    if not folder.is_dir():
        pytest.skip("needs the real data in ../shared/data, which is not part of the project")
    return folder


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """The URL of a PostgreSQL server on which databases may be made: the one named, or one of our own."""
    if named := os.environ.get("PRESGEN_TEST_POSTGRES_URL"):
        yield named
        return
    try:
        with running_server() as url:
            yield url
    except NoServer as missing:
        pytest.skip(str(missing))


class Listener:
    """Keeps what is pushed: how, by which name, the value and the tags."""

    def __init__(self) -> None:
        self.told: list[tuple[str, str, float, dict[str, str]]] = []

    def count(self, name: str, number: int, tags: Mapping[str, str]) -> None:
        self.told.append(("count", name, number, dict(tags)))

    def timing(self, name: str, milliseconds: float, tags: Mapping[str, str]) -> None:
        self.told.append(("timing", name, milliseconds, dict(tags)))

    def gauge(self, name: str, value: float, tags: Mapping[str, str]) -> None:
        self.told.append(("gauge", name, value, dict(tags)))


@pytest.fixture(autouse=True)
def nobody_listens() -> None:
    """Let no test push metrics to whom an earlier one has named, as a run inside the test process does."""
    metrics.send_to(None)


@pytest.fixture
def listener(nobody_listens: None) -> Listener:
    """What hears all metrics that are pushed in this process."""
    listener = Listener()
    metrics.send_to(listener)
    return listener


@pytest.fixture(autouse=True)
def no_unasked_errors(request: pytest.FixtureRequest, caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Fail a test that logs at ERROR, unless it is marked ``logs_errors``."""
    yield
    if request.node.get_closest_marker("logs_errors"):
        return
    errors = [record.getMessage() for record in caplog.get_records("call") if record.levelno >= logging.ERROR]
    assert not errors, f"logged at ERROR without being asked to: {errors}"
