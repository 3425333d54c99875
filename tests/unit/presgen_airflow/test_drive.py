"""The publisher with Airflow's own hook: a connection's key, Google's token flow, the emulator."""

from __future__ import annotations

import json
import logging
from dataclasses import replace

import pytest

from presgen.errors import DeliveryBlocked, StoreUnavailable
from presgen.publishing.publishers.drive import publish_to_drive
from presgen_airflow import drive as airflow_drive
from presgen_airflow.connections import ConnectionNames, drive_opener
from tests.deliveries import EMAIL, drive_here
from tests.nights import make_parcel


@pytest.fixture
def drive(tmp_path):
    with drive_here(tmp_path) as drive:
        yield drive


def connect(monkeypatch, **extra):
    connection = {"conn_type": "google_cloud_platform", "extra": extra}
    monkeypatch.setenv("AIRFLOW_CONN_PRESGEN_DRIVE", json.dumps(connection))


@pytest.mark.parametrize("how", ["key_path", "keyfile_dict"])
def test_a_lesson_goes_out_with_the_connections_key(drive, tmp_path, monkeypatch, caplog, how):
    caplog.set_level(logging.DEBUG)
    key = str(drive.key) if how == "key_path" else json.dumps(drive.emulator.key())
    connect(monkeypatch, **{how: key})
    desk = drive.desk(tmp_path, drive_key=None)
    desk = replace(desk, open_drive=drive_opener(desk.settings, ConnectionNames()))
    parcel = make_parcel(tmp_path / "w")

    publish_to_drive(parcel, desk)

    assert len(drive.names()) == len(parcel.items)
    assert drive.emulator.calls["token"] == 1
    assert "Avatar_Presentations" not in caplog.text
    assert parcel.name not in caplog.text


def test_a_key_in_the_settings_needs_no_connection(drive, tmp_path):
    settings = drive.desk(tmp_path).settings

    assert drive_opener(settings, ConnectionNames()) is None
    assert (
        drive_opener(settings.model_copy(update={"drive_key": None}), ConnectionNames(drive_conn_id=""))
        is None
    )


def test_a_connection_that_is_missing_is_named(drive, tmp_path):
    settings = drive.desk(tmp_path, drive_key=None).settings

    with pytest.raises(StoreUnavailable, match="'nowhere' is not defined"):
        drive_opener(settings, ConnectionNames(drive_conn_id="nowhere"))(settings)


def test_a_connection_with_a_broken_key_blocks_and_does_not_show_it(drive, tmp_path, monkeypatch):
    connect(monkeypatch, keyfile_dict=json.dumps({"type": "service_account", "private_key": "s3cret"}))
    settings = drive.desk(tmp_path, drive_key=None).settings

    with pytest.raises(DeliveryBlocked, match=r"docs/drive\.md") as blocked:
        drive_opener(settings, ConnectionNames())(settings)

    assert "s3cret" not in str(blocked.value)


def test_a_connection_without_a_key_blocks_where_the_machine_has_no_credentials_either(
    drive, tmp_path, monkeypatch
):
    connect(monkeypatch)
    monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", "")
    monkeypatch.setenv("CLOUDSDK_CONFIG", str(tmp_path))
    monkeypatch.setenv("NO_GCE_CHECK", "true")
    settings = drive.desk(tmp_path, drive_key=None).settings

    with pytest.raises(DeliveryBlocked, match=r"'presgen_drive'.*docs/drive\.md"):
        drive_opener(settings, ConnectionNames())(settings)


@pytest.mark.parametrize(
    ("folder", "extra", "scopes"),
    [
        ("0A1", {}, ["https://www.googleapis.com/auth/drive"]),
        ("", {}, ["https://www.googleapis.com/auth/drive.file"]),
        ("0A1", {"scope": "https://example.org/mine"}, ["https://example.org/mine"]),
    ],
)
def test_the_least_scope_is_asked_for_unless_the_connection_says_another(
    drive, tmp_path, monkeypatch, folder, extra, scopes
):
    connect(monkeypatch, **extra)
    settings = drive.desk(tmp_path, drive_folder=folder).settings

    assert list(airflow_drive.LessonDriveHook(settings, "presgen_drive").scopes) == scopes


@pytest.mark.parametrize("fine", [True, False])
def test_a_connection_can_be_checked_from_a_shell(drive, monkeypatch, capsys, fine):
    connect(monkeypatch, key_path=str(drive.key))
    monkeypatch.setenv("PRESGEN_DRIVE_ENDPOINT", drive.emulator.url)
    monkeypatch.setenv("PRESGEN_DRIVE_FOLDER", drive.root if fine else "nothing")

    assert airflow_drive.main([]) == (0 if fine else 1)

    told = capsys.readouterr().out
    assert ("MISSING" in told) is not fine
    assert ("PRESGEN_DRIVE_FOLDER" in told) is not fine
    assert drive.names() == {}


def test_sharing_by_a_connection_is_tried_with_an_address(drive, monkeypatch, capsys):
    connect(monkeypatch, key_path=str(drive.key))
    monkeypatch.setenv("PRESGEN_DRIVE_ENDPOINT", drive.emulator.url)
    monkeypatch.setenv("PRESGEN_DRIVE_FOLDER", drive.root)

    assert airflow_drive.main(["presgen_drive", "--share-with", EMAIL]) == 0

    assert "Learners can be let in." in capsys.readouterr().out
    assert drive.emulator.calls["permissions.create"] == drive.emulator.calls["permissions.delete"] == 1
