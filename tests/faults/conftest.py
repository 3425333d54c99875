"""A night that nothing disturbed, to hold disturbed ones against."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.faults.deployments import delivered, produce, produce_editions
from tests.nights import make_learner_record, write_records

RECORDS = [make_learner_record(1), make_learner_record(2)]


@pytest.fixture(scope="session")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What an undisturbed night delivers: file to digest."""
    folder = tmp_path_factory.mktemp("undisturbed")
    write_records(folder, RECORDS)
    produce(folder, "run-1")
    files = delivered(folder)
    assert len(files) == 9 * len(RECORDS)
    return files


@pytest.fixture(scope="session")
def undisturbed_editions(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What an undisturbed night delivers in two formats: file to digest."""
    folder = tmp_path_factory.mktemp("undisturbed-editions")
    write_records(folder, RECORDS)
    produce_editions(folder, "run-1")
    files = delivered(folder)
    assert len(files) == 13 * len(RECORDS)
    return files


@pytest.fixture
def folder(tmp_path: Path, undisturbed: dict[str, str]) -> Path:
    """A new deployment with the same records."""
    write_records(tmp_path, RECORDS)
    return tmp_path
