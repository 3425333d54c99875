"""A night that nothing disturbed, to hold disturbed ones against; and where all of them take place."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from presgen import quality
from presgen.model.quality import QualityReport
from presgen.sources import loading
from tests.deliveries import DriveHere, drive_here
from tests.faults.deployments import delivered, produce, produce_editions
from tests.nights import make_learner_record, write_records

RECORDS = [make_learner_record(1), make_learner_record(2)]

MEMORY = Path("/dev/shm")
GROUNDS = "presgen-faults"
ENOUGH = 2 * 1024**3


@pytest.fixture(scope="session")
def grounds(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder for all deployments: in memory where there is room, since a crash of ours is not the kernel's.

    Flushing costs nothing there, and keeps its moment.
    """
    sweep_memory()
    if not MEMORY.is_dir() or shutil.disk_usage(MEMORY).free < ENOUGH:
        yield tmp_path_factory.mktemp("grounds")
        return
    prefix = f"{GROUNDS}-{os.getpid()}-"
    with tempfile.TemporaryDirectory(prefix=prefix, dir=MEMORY, ignore_cleanup_errors=True) as folder:
        yield Path(folder)


def sweep_memory() -> None:
    """Remove what tests left in memory that were killed themselves."""
    for folder in MEMORY.glob(f"{GROUNDS}-*-*"):
        _, _, pid, *_ = folder.name.split("-")
        if pid.isdecimal() and not Path(f"/proc/{pid}").exists():
            shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def new_folder(grounds: Path) -> Callable[[], Path]:
    """Return a maker of empty folders."""
    return lambda: Path(tempfile.mkdtemp(dir=grounds))


@pytest.fixture
def tmp_path(new_folder: Callable[[], Path]) -> Iterator[Path]:
    """An empty folder, gone after the test."""
    folder = new_folder()
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def without_tables(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let Great Expectations look at no table: a second of each night, in which nothing is made to last."""
    monkeypatch.setattr(loading, "unmet_rules", lambda *_: {})
    passed = QualityReport(subject="night", findings=(), metadata={})
    monkeypatch.setattr(quality, "validate_night", lambda *_, **__: passed)
    monkeypatch.setattr(quality, "build_documents", lambda *_: None)


@pytest.fixture(scope="session")
def undisturbed(new_folder: Callable[[], Path]) -> dict[str, str]:
    """What an undisturbed night delivers: file to digest."""
    folder = new_folder()
    write_records(folder, RECORDS)
    produce(folder, "run-1")
    files = delivered(folder)
    assert len(files) == 9 * len(RECORDS)
    return files


@pytest.fixture(scope="session")
def undisturbed_editions(new_folder: Callable[[], Path]) -> dict[str, str]:
    """What an undisturbed night delivers in two formats: file to digest."""
    folder = new_folder()
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


@pytest.fixture(scope="module")
def made(new_folder: Callable[[], Path]) -> Path:
    """A deployment whose lessons are made, and lie in a folder."""
    folder = new_folder()
    write_records(folder, RECORDS)
    produce(folder, "run-0")
    return folder


@pytest.fixture
def deployment(made: Path, tmp_path: Path) -> Path:
    """A copy of it."""
    return Path(shutil.copytree(made, tmp_path / "deployment"))


@pytest.fixture
def drive(tmp_path: Path) -> Iterator[DriveHere]:
    """A Drive of the test's own."""
    # Nights that are forked from here find Google's client imported.
    import google.oauth2.service_account  # noqa: F401
    import google_auth_httplib2  # noqa: F401
    import googleapiclient.discovery  # noqa: F401

    with drive_here(tmp_path) as drive:
        yield drive
