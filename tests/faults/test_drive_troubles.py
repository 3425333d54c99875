"""What goes wrong between a night and Drive: every file is there once, whole, or somebody is told."""

from __future__ import annotations

import multiprocessing
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url

from presgen.ledger import opening
from presgen.model.lesson import LessonStatus
from presgen.model.references import NightReport
from presgen.publishing.drive import line, uploading
from presgen.publishing.publishers import drive as delivering
from presgen_airflow.local.drive_emulator import Fault
from tests.deliveries import DriveHere
from tests.faults.deployments import exit_code, in_a_process, in_folder, on_drive, produce, statuses
from tests.nights import make_learner_record, make_night, write_records

pytestmark = pytest.mark.usefixtures("without_tables")

BOTH = {"publishers": ("folder", "drive")}


@pytest.fixture(scope="module")
def made(new_folder: Callable[[], Path]) -> Path:
    """A deployment with one learner's lesson, made and in its folder."""
    folder = new_folder()
    write_records(folder, [make_learner_record(1)])
    produce(folder, "run-0")
    return folder


def deliver(folder: Path, run_id: str, settings: dict[str, Any]) -> None:
    """Produce in small chunks, waiting little."""
    uploading.CHUNK = 256 * 1024
    line.FIRST_PAUSE = 0.05
    produce(folder, run_id, **settings)


def delivered_by_a_night(folder: Path, run_id: str, settings: dict[str, Any]) -> bool:
    """Deliver in a process of its own; return whether its run has passed."""
    assert exit_code(in_a_process(deliver, folder, run_id, settings)) == 0
    return make_night(folder).ledger.run(run_id).passed


TROUBLES = [
    (Fault.UNAVAILABLE, "upload.chunk", 1),
    (Fault.UNAVAILABLE_AFTER, "upload.chunk", 1),
    (Fault.UNAVAILABLE_AFTER, "upload.last", 0),
    (Fault.RATE_LIMIT, "upload.chunk", 1),
    (Fault.TOO_MANY, "upload.chunk", 1),
    (Fault.RESET, "upload.chunk", 1),
    (Fault.HALF, "upload.chunk", 1),
    (Fault.SESSION_NOT_FOUND, "upload.chunk", 1),
    (Fault.SESSION_GONE, "upload.chunk", 1),
    (Fault.ANSWER_LOST, "upload.last", 0),
]


@pytest.mark.parametrize(("fault", "on", "skip"), TROUBLES, ids=str)
def test_a_night_outlasts_a_trouble_in_the_middle_of_a_film(drive, deployment, fault, on, skip):
    drive.emulator.faults.arm(fault, on, skip=skip, seconds=0.1)

    assert delivered_by_a_night(deployment, "run-1", drive.settings())

    assert drive.emulator.faults.met == [(fault, on)]
    assert drive.emulator.calls["upload.chunk"] > len(in_folder(deployment))  # the film goes in several
    assert on_drive(drive) == in_folder(deployment)
    assert {len(each.revisions) for each in drive.storage.files()} == {1}


def test_a_trouble_that_lasts_leaves_the_lesson_to_the_next_night(drive, deployment):
    drive.emulator.faults.arm(Fault.UNAVAILABLE, "upload.chunk", skip=2, times=1000)
    drive.emulator.faults.arm(Fault.UNAVAILABLE, "upload.ask", times=1000)
    reset_lessons(deployment)

    assert not delivered_by_a_night(deployment, "run-1", drive.settings())

    assert not list(drive.storage.files())
    [lesson] = make_night(deployment).ledger.lessons()
    assert (lesson.status, lesson.cause) == (LessonStatus.FAILED, "StoreUnavailable")
    drive.emulator.faults.disarm()
    drive.emulator.calls.clear()
    assert delivered_by_a_night(deployment, "run-2", drive.settings())
    assert on_drive(drive) == in_folder(deployment)
    assert drive.emulator.calls["upload.start"] == len(in_folder(deployment)) - 1  # the film went on


@pytest.mark.parametrize("before", ["in a folder", "on Drive"])
def test_a_trouble_that_lasts_turns_the_night_red_for_lessons_delivered_before_too(drive, deployment, before):
    if before == "on Drive":
        assert delivered_by_a_night(deployment, "run-1", drive.settings())
    drive.emulator.faults.arm(Fault.UNAVAILABLE, "files.get", times=1000)

    assert not delivered_by_a_night(deployment, "run-2", drive.settings())

    [lesson] = make_night(deployment).ledger.lessons()
    assert (lesson.status, lesson.cause) == (LessonStatus.DELIVERY_BLOCKED, "StoreUnavailable")
    drive.emulator.faults.disarm()
    assert delivered_by_a_night(deployment, "run-3", drive.settings())
    assert statuses(deployment) == {LessonStatus.PUBLISHED}
    assert on_drive(drive) == in_folder(deployment)
    assert {len(each.revisions) for each in drive.storage.files()} == {1}


def reset_lessons(deployment: Path) -> None:
    """Let all lessons be delivered for the first time."""
    ledger = make_night(deployment, "run-0").ledger
    for lesson in ledger.lessons():
        ledger.reset(lesson.lesson_id, run_id="run-0", why="made again")


@contextmanager
def taken_away(drive: DriveHere, how: str) -> Iterator[None]:
    """Let the lessons' folder be gone for a while."""
    folder = drive.storage.items[drive.root]
    if how == "binned":
        drive.storage.trash(drive.root)
    else:
        del drive.storage.items[drive.root]
    yield
    drive.storage.items[drive.root] = folder
    drive.storage.trash(drive.root, trashed=False)


@pytest.mark.parametrize("how", ["binned", "no longer shared"])
@pytest.mark.parametrize("before", ["never delivered", "delivered before"])
def test_a_folder_that_is_gone_turns_the_night_red_until_it_is_back(drive, deployment, how, before):
    if before == "never delivered":
        reset_lessons(deployment)
    else:
        assert delivered_by_a_night(deployment, "run-1", drive.settings())
    drive.emulator.calls.clear()

    with taken_away(drive, how):
        assert not delivered_by_a_night(deployment, "run-2", drive.settings())

    assert not [name for name in drive.emulator.calls if "upload" in name or "create" in name]
    night = make_night(deployment, "run-2")
    [lesson] = night.ledger.lessons()
    assert lesson.status is LessonStatus.DELIVERY_BLOCKED
    assert "Remedy: " in lesson.reason
    assert "PRESGEN_DRIVE_FOLDER" in lesson.reason
    assert night.workspace.load("reports", "run-2", NightReport).failures == {"DeliveryBlocked": 1}
    assert len(list((deployment / "workspace" / "lessons").rglob("*.mp4"))) == 1

    assert delivered_by_a_night(deployment, "run-3", drive.settings())

    assert statuses(deployment) == {LessonStatus.PUBLISHED}
    assert on_drive(drive) == in_folder(deployment)


def test_a_cleared_task_sends_nothing_unless_the_lesson_changed_and_then_the_same_files_anew(
    drive, deployment
):
    settings = drive.settings() | BOTH
    assert delivered_by_a_night(deployment, "run-1", settings)
    first = {each.id: each.file["sha256Checksum"] for each in drive.storage.files()}
    drive.emulator.calls.clear()

    assert delivered_by_a_night(deployment, "run-1", settings)

    assert not [name for name in drive.emulator.calls if "upload" in name or "create" in name]
    record = make_learner_record(1)
    learner = record.learner.model_copy(update={"name": "Grace Example"})
    write_records(deployment, [record.model_copy(update={"learner": learner})])

    assert delivered_by_a_night(deployment, "run-1", settings)

    files = list(drive.storage.files())
    assert {each.id for each in files} == set(first)
    changed = [each for each in files if each.file["sha256Checksum"] != first[each.id]]
    assert "video" in {each.file["appProperties"]["presgenRole"] for each in changed}
    assert [len(each.revisions) for each in files] == [2 if each in changed else 1 for each in files]
    assert on_drive(drive) == in_folder(deployment)


# The ledger


@contextmanager
def sqlite_locked(url: str) -> Iterator[None]:
    """Hold the ledger as another process would in the middle of writing."""
    with sqlite3.connect(make_url(url).database or "", isolation_level=None) as other:
        other.execute("BEGIN EXCLUSIVE")
        yield
        other.execute("ROLLBACK")
    other.close()


@contextmanager
def postgresql_locked(url: str) -> Iterator[None]:
    """Hold what is reserved as another process would that changes the table."""
    engine = create_engine(url)
    with engine.connect() as other, other.begin():
        other.execute(text("LOCK TABLE uploads IN ACCESS EXCLUSIVE MODE"))
        yield
    engine.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def locked(
    request: pytest.FixtureRequest, deployment: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[tuple[str, Any]]:
    """A ledger's URL, and what locks it."""
    if request.param == "sqlite":
        monkeypatch.setattr(opening, "PATIENCE", 0.5)
        yield f"sqlite:///{deployment / 'workspace' / 'ledger.sqlite'}", sqlite_locked
        return
    server = make_url(request.getfixturevalue("postgres_url"))
    name = f"presgen_{uuid4().hex}"
    admin = create_engine(server, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    yield server.set(database=name).render_as_string(hide_password=False), postgresql_locked
    with admin.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    admin.dispose()


def deliver_when_locked(at_drive: Any, go_on: Any, folder: Path, settings: dict[str, Any]) -> None:
    """Deliver; when Drive has answered for the first time, wait until the ledger is locked."""
    real = delivering.root_of

    def root_of(*words: Any) -> str:
        found = real(*words)
        at_drive.set()
        go_on.wait(60)
        return found

    delivering.root_of = root_of
    deliver(folder, "run-1", settings)


def test_a_ledger_that_somebody_locks_keeps_every_byte_at_home_until_it_is_free(drive, deployment, locked):
    url, lock = locked
    settings = drive.settings() | {"ledger_url": url}
    produce(deployment, "run-0", ledger_url=url)
    at_drive, go_on = multiprocessing.Event(), multiprocessing.Event()
    night = in_a_process(partial(deliver_when_locked, at_drive, go_on), deployment, settings)
    assert at_drive.wait(60)

    with lock(url):
        go_on.set()
        night.join(30 if lock is sqlite_locked else 1)

        assert drive.emulator.calls["upload.start"] == drive.emulator.calls["files.create"] == 0
        # SQLite is waited for as long as our patience lasts, PostgreSQL as long as the task may take.
        assert night.is_alive() is (lock is postgresql_locked)

    assert (exit_code(night) == 0) is (lock is postgresql_locked)
    assert exit_code(in_a_process(deliver, deployment, "run-2", settings)) == 0
    assert on_drive(drive) == in_folder(deployment)
    assert {len(each.revisions) for each in drive.storage.files()} == {1}
