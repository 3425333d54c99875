"""The check does what a delivery does, leaves nothing behind, and says what is missing."""

from __future__ import annotations

import pytest

from presgen.errors import DeliveryBlocked
from presgen.publishing.drive import line
from presgen.publishing.drive.check import check_drive
from presgen.publishing.drive.folders import FOLDER
from presgen.publishing.drive.service import open_drive
from presgen.publishing.publishers.drive import publish_to_drive
from presgen_airflow.local.drive_emulator import Fault, Storage
from presgen_airflow.local.drive_emulator.server import ACCOUNT
from tests.deliveries import EMAIL, drive_here
from tests.nights import make_parcel


@pytest.fixture
def drive(tmp_path):
    with drive_here(tmp_path) as drive:
        yield drive


def check(drive, tmp_path, share_with=EMAIL, **settings):
    chosen = drive.desk(tmp_path, **settings).settings
    return list(check_drive(chosen, open_drive, lambda _: None, share_with))


def test_a_connection_that_works_passes_every_step_and_nothing_is_left(drive, tmp_path):
    steps = check(drive, tmp_path)

    assert all(step.fine and step.tried for step in steps)
    assert ACCOUNT in steps[0].line
    assert len(steps) == 11
    assert set(drive.storage.items) == {drive.root}
    assert EMAIL not in "".join(step.line for step in steps)


def test_what_a_delivery_asks_for_the_check_has_asked_for(drive, tmp_path):
    check(drive, tmp_path)
    asked = set(drive.emulator.calls)
    drive.emulator.calls.clear()

    desk = drive.desk(tmp_path)
    for film in (b"a film", b"another film"):
        publish_to_drive(make_parcel(tmp_path / "w", film), desk)

    assert set(drive.emulator.calls) - asked == set()


@pytest.mark.parametrize(("days", "told"), [(0, "without an end"), (30, "until 20")])
def test_somebody_is_let_in_to_read_for_as_long_as_a_learner_is(drive, tmp_path, monkeypatch, days, told):
    granted = []
    real = Storage.permit

    def permit(storage, caller, file_id, body):
        granted.append(body)
        return real(storage, caller, file_id, body)

    monkeypatch.setattr(Storage, "permit", permit)

    *_, last = check(drive, tmp_path, drive_access_days=days)

    [body] = granted
    assert last.fine
    assert told in last.line
    assert (body["type"], body["role"], "expirationTime" in body) == ("user", "reader", days > 0)
    assert drive.emulator.calls["permissions.delete"] == 1


def test_without_an_address_it_is_told_that_sharing_was_not_tried_and_how_to(drive, tmp_path):
    *before, last = check(drive, tmp_path, share_with="")

    assert all(step.tried for step in before)
    assert (last.fine, last.tried) == (True, False)
    assert last.line.startswith("UNTRIED")
    assert "--share-with" in last.line
    assert "permissions.create" not in drive.emulator.calls


@pytest.mark.parametrize("share_with", ["", EMAIL])
def test_where_learners_are_not_let_in_nobody_is(drive, tmp_path, share_with):
    *_, last = check(drive, tmp_path, share_with, drive_share=False)

    assert last.fine
    assert "PRESGEN_DRIVE_SHARE" in last.line
    assert "permissions.create" not in drive.emulator.calls


def test_an_address_that_sees_the_folder_anyway_shows_nothing(drive, tmp_path):
    *_, last = check(drive, tmp_path, ACCOUNT)

    assert not last.fine
    assert "no member there" in last.line
    assert "permissions.delete" not in drive.emulator.calls


def test_who_is_let_in_otherwise_than_asked_is_let_out_and_told_of(drive, tmp_path, monkeypatch):
    real = Storage.permit
    monkeypatch.setattr(
        Storage,
        "permit",
        lambda storage, caller, file_id, body: real(storage, caller, file_id, {**body, "role": "writer"}),
    )

    *_, last = check(drive, tmp_path)

    assert not last.fine
    assert "otherwise than it was asked to" in last.line
    assert drive.emulator.calls["permissions.delete"] == 1


@pytest.mark.parametrize(
    ("fault", "on"),
    [
        (Fault.PERMISSION, "permissions.create"),
        (Fault.NO_ACCOUNT, "permissions.create"),
        (Fault.PERMISSION, "files.update"),
        (Fault.QUOTA, "upload.start"),
        (Fault.PERMISSION, "files.list"),
        (Fault.PERMISSION, "files.generateIds"),
        (Fault.PERMISSION, "permissions.list"),
    ],
)
def test_what_a_delivery_is_refused_the_check_is_with_the_same_remedy(drive, tmp_path, fault, on):
    desk = drive.desk(tmp_path)
    if on == "files.update":
        publish_to_drive(make_parcel(tmp_path / "w", b"as it was"), desk)
    before = set(drive.storage.items)
    drive.emulator.faults.arm(fault, on)

    last = check(drive, tmp_path)[-1]

    assert not last.fine
    assert set(drive.storage.items) == before
    assert EMAIL not in last.line
    drive.emulator.faults.disarm()
    drive.emulator.faults.arm(fault, on)
    with pytest.raises(DeliveryBlocked) as blocked:
        publish_to_drive(make_parcel(tmp_path / "w", b"as it is"), desk)
    assert last.told.partition("Remedy:")[2] == str(blocked.value).partition("Remedy:")[2] != ""


def test_a_file_that_is_found_late_is_waited_for(drive, tmp_path, monkeypatch):
    real, asked = Storage.find, []

    def find(storage, caller, query):
        asked.append(query)
        return real(storage, caller, query) if len(asked) > 2 else {"kind": "drive#fileList", "files": []}

    monkeypatch.setattr(Storage, "find", find)

    assert all(step.fine for step in check(drive, tmp_path))
    assert len(asked) == 3


def test_what_cannot_be_removed_again_is_named(drive, tmp_path):
    drive.emulator.faults.arm(Fault.PERMISSION, "files.delete")
    # The file's change and the folder's name; and then the bin.
    drive.emulator.faults.arm(Fault.PERMISSION, "files.update", skip=2)

    *before, last = check(drive, tmp_path)

    assert all(step.fine for step in before)
    [left] = [
        each.id
        for each in drive.storage.items.values()
        if each.file["mimeType"] == FOLDER and each.id != drive.root
    ]
    assert not last.fine
    assert left in last.line


def test_what_was_made_by_an_answer_that_was_lost_for_good_is_removed(drive, tmp_path):
    drive.emulator.faults.arm(Fault.ANSWER_LOST, "files.create")
    drive.emulator.faults.arm(Fault.UNAVAILABLE, "files.create", times=line.TRIES)

    *_, last = check(drive, tmp_path)

    assert "did not answer as it should" in last.line
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
