"""The check does what a delivery does, leaves nothing behind, and says what is missing."""

from __future__ import annotations

import pytest

from presgen.publishing.drive.check import check_drive
from presgen.publishing.drive.service import open_drive
from presgen_airflow.local.drive_emulator import Fault, Storage
from presgen_airflow.local.drive_emulator.server import ACCOUNT
from tests.deliveries import drive_here


@pytest.fixture
def drive(tmp_path):
    with drive_here(tmp_path) as drive:
        yield drive


def check(drive, tmp_path, **settings):
    return list(check_drive(drive.desk(tmp_path, **settings).settings, open_drive, lambda _: None))


def test_a_connection_that_works_passes_every_step_and_nothing_is_left(drive, tmp_path):
    steps = check(drive, tmp_path)

    assert all(step.fine for step in steps)
    assert ACCOUNT in steps[0].line
    assert len(steps) == 9
    assert set(drive.storage.items) == {drive.root}


@pytest.mark.parametrize(
    ("fault", "on", "told"),
    [
        (Fault.PERMISSION, "files.create", "content manager"),
        (Fault.QUOTA, "upload.start", "shared drive"),
        (Fault.UNAVAILABLE, "about.get", "did not answer as it should"),
    ],
)
def test_what_fails_is_the_last_step_and_says_what_helps(drive, tmp_path, fault, on, told):
    drive.emulator.faults.arm(fault, on, times=20)

    *before, last = check(drive, tmp_path)

    assert all(step.fine for step in before)
    assert not last.fine
    assert told in last.line
    assert set(drive.storage.items) == {drive.root}


def test_a_service_account_without_a_shared_drive_is_told_to_use_one(drive, tmp_path):
    *_, last = check(drive, tmp_path, drive_folder="")

    assert not last.fine
    assert "a service account has no storage of its own" in last.line


@pytest.mark.parametrize(
    ("missing", "told", "fine"),
    [
        ({"canDelete": False}, "for `presgen erase`, make the account a manager", True),
        ({"canTrash": False, "canDelete": False}, "Remedy: Make it a content manager", False),
        ({"canShare": False}, "or set PRESGEN_DRIVE_SHARE=false", False),
    ],
)
def test_what_the_account_may_not_do_is_told(drive, tmp_path, monkeypatch, missing, told, fine):
    real = Storage._shown

    def shown(storage, stored):
        found = real(storage, stored)
        return {**found, "capabilities": {**found["capabilities"], **missing}}

    monkeypatch.setattr(Storage, "_shown", shown)

    steps = check(drive, tmp_path)

    [step] = [step for step in steps if told in step.line]
    assert step.fine is fine is steps[-1].fine
    assert set(drive.storage.items) == {drive.root}


def test_a_folder_that_is_open_to_everybody_is_found_before_anything_is_made(drive, tmp_path):
    drive.storage.share(drive.root, "anyone")

    *_, last = check(drive, tmp_path)

    assert "anyone who has the link" in last.line
    assert "files.create" not in drive.emulator.calls
