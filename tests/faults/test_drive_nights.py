"""Nights that deliver to Drive, in processes of their own: nothing is lost, and nothing is there twice."""

from __future__ import annotations

import os
import signal
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from presgen.errors import DeliveryBlocked, StoreUnavailable
from presgen.ledger import Ledger
from presgen.model.lesson import LessonStatus
from presgen.pipeline import publish_lesson
from presgen.publishing.drive import uploading
from presgen_airflow.local.drive_emulator import Fault
from tests.faults.conftest import RECORDS
from tests.faults.deployments import exit_code, in_a_process, in_folder, on_drive, produce, statuses
from tests.nights import make_night

pytestmark = pytest.mark.usefixtures("without_tables")


def die(*_: Any, **__: Any) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def killed_before_the_ledger_knows(folder: Path, settings: dict[str, Any]) -> None:
    Ledger.note_delivery = die
    produce(folder, "run-1", **settings)


def killed_at_request(count: int, folder: Path, settings: dict[str, Any]) -> None:
    """Be killed before the upload's request of that number, or after it if the number is negative."""
    real = uploading._send
    sent = 0

    def send(*words: Any) -> Any:
        nonlocal sent
        sent += 1
        if sent == count:
            die()
        answer = real(*words)
        if sent == -count:
            die()
        return answer

    uploading._send = send
    uploading.CHUNK = 256 * 1024
    produce(folder, "run-1", **settings)


@pytest.mark.parametrize(
    "work",
    [
        killed_before_the_ledger_knows,
        *(partial(killed_at_request, count) for count in (1, -1, 2, -2, 7, -12)),
    ],
    ids=["before the commit", "1", "after 1", "2", "after 2", "7", "after 12"],
)
def test_a_killed_upload_is_finished_by_the_next_run(drive, deployment, work):
    settings = drive.settings()
    assert exit_code(in_a_process(work, deployment, settings)) == -signal.SIGKILL

    assert exit_code(in_a_process(produce, deployment, "run-2")) == 0  # the folder's publisher heeds nothing
    assert exit_code(in_a_process(partial(produce, **settings), deployment, "run-3")) == 0

    assert on_drive(drive) == in_folder(deployment)
    assert make_night(deployment).ledger.run("run-3").passed


def test_two_runs_at_once_make_every_file_once(drive, deployment):
    work = partial(produce, **drive.settings())
    runs = [in_a_process(work, deployment, run_id) for run_id in ("run-1", "run-2", "run-3")]

    assert [exit_code(run) for run in runs] == [0, 0, 0]

    assert on_drive(drive) == in_folder(deployment)
    assert max(len(each.revisions) for each in drive.storage.files()) == 1


def test_a_second_night_uploads_nothing(drive, deployment):
    produce(deployment, "run-1", **drive.settings())
    drive.emulator.calls.clear()

    produce(deployment, "run-2", **drive.settings())

    assert not [name for name in drive.emulator.calls if name.startswith("upload") or "create" in name]
    facts = [
        event.facts
        for event in make_night(deployment).ledger.events("run-2")
        if event.name == "video_publish"
    ]
    assert [fact["unchanged"] for fact in facts] == [True] * len(RECORDS)


@pytest.mark.parametrize(("fault", "remedy"), [(Fault.QUOTA, "shared drive"), (Fault.PERMISSION, "manager")])
def test_what_drive_refuses_waits_with_its_remedy_and_goes_out_when_it_can(drive, deployment, fault, remedy):
    drive.emulator.faults.arm(fault, "upload.start", times=len(RECORDS))

    produce(deployment, "run-1", **drive.settings())

    assert statuses(deployment) == {LessonStatus.DELIVERY_BLOCKED}
    ledger = make_night(deployment).ledger
    assert all(remedy in lesson.reason for lesson in ledger.lessons())
    assert not ledger.run("run-1").passed
    assert len(list((deployment / "workspace" / "lessons").rglob("*.mp4"))) == len(RECORDS)

    produce(deployment, "run-2", **drive.settings())

    assert statuses(deployment) == {LessonStatus.PUBLISHED}
    assert on_drive(drive) == in_folder(deployment)


def test_where_the_remedy_did_not_help_the_next_one_is_told(drive, deployment):
    drive.emulator.faults.arm(Fault.QUOTA, "upload.start", times=len(RECORDS))
    produce(deployment, "run-1", **drive.settings())
    night = make_night(deployment, "run-1", **drive.settings())
    blocked, *others = night.ledger.lessons()
    assert "shared drive (PRESGEN_DRIVE_FOLDER)" in blocked.reason
    drive.emulator.faults.arm(Fault.PERMISSION, "upload.start")

    with pytest.raises(DeliveryBlocked) as refused:
        publish_lesson(night, blocked.ref())  # as clearing `lesson.upload` does

    told, *rest = night.ledger.lessons()
    assert (told.status, told.reason) == (LessonStatus.DELIVERY_BLOCKED, str(refused.value))
    assert "insufficientFilePermissions" in told.reason
    assert rest == others


def test_without_a_ledger_to_reserve_in_not_a_byte_is_sent(drive, deployment, monkeypatch):
    def away(*_: Any, **__: Any) -> None:
        raise StoreUnavailable("The ledger cannot answer: locked.")

    with monkeypatch.context() as patched:
        patched.setattr(Ledger, "reserve", away)
        produce(deployment, "run-1", **drive.settings())
    assert drive.emulator.calls["upload.start"] == drive.emulator.calls["files.create"] == 0

    produce(deployment, "run-2", **drive.settings())

    assert on_drive(drive) == in_folder(deployment)


def test_no_address_is_written_down_but_in_the_record_and_on_drive(drive, deployment, capfd):
    produce(deployment, "run-1", **drive.settings())

    told = capfd.readouterr()
    address = RECORDS[0].learner.email
    assert address in repr([each.permissions for each in drive.storage.items.values()])
    assert address not in told.out + told.err
    found = {
        path.relative_to(deployment).parts[:2]
        for path in deployment.rglob("*")
        if path.is_file() and path.name != "records.jsonl" and address.encode() in path.read_bytes()
    }
    assert found == {("workspace", "records")}
