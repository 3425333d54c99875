"""A learner is erased with the secrets that Airflow's connections hold."""

from __future__ import annotations

import json

import pytest

from presgen import pipeline
from presgen_airflow import erase
from tests.deliveries import drive_here
from tests.nights import make_learner_record, make_night, write_records


@pytest.fixture
def drive(tmp_path):
    with drive_here(tmp_path) as drive:
        yield drive


def test_a_learner_goes_from_a_drive_that_only_a_connection_opens(drive, tmp_path, monkeypatch, capsys):
    night = make_night(tmp_path, **drive.settings(), budget=60.0)
    assert pipeline.produce(night, write_records(tmp_path, [make_learner_record()])).passed
    assert list(drive.storage.files())
    google = {"conn_type": "google_cloud_platform", "extra": {"key_path": str(drive.key)}}
    monkeypatch.setenv("AIRFLOW_CONN_PRESGEN_DRIVE", json.dumps(google))
    monkeypatch.setenv("AIRFLOW_CONN_NAMES", json.dumps({"conn_type": "generic", "password": "k" * 32}))
    monkeypatch.setenv("PRESGEN_PSEUDONYM_CONN_ID", "names")
    monkeypatch.setenv("PRESGEN_WORKSPACE", str(tmp_path / "workspace"))
    monkeypatch.setenv("PRESGEN_PUBLISHERS", "drive")
    monkeypatch.setenv("PRESGEN_DRIVE_ENDPOINT", drive.emulator.url)
    monkeypatch.setenv("PRESGEN_DRIVE_FOLDER", drive.root)

    assert erase.main(["L-1"]) == 0

    assert "Erased: 1 lessons, 9 delivered files" in capsys.readouterr().out
    assert not list(drive.storage.files())
    assert night.ledger.lessons() == ()
    assert erase.main(["L-1"]) == 1
    assert "L-1" not in capsys.readouterr().err


def test_nobody_is_expired_where_no_time_is_set(monkeypatch, tmp_path, capsys):
    monkeypatch.setenv("PRESGEN_WORKSPACE", str(tmp_path / "workspace"))
    make_night(tmp_path)

    assert erase.main(["--expired"]) == 1

    assert "PRESGEN_RETENTION_DAYS" in capsys.readouterr().err


def test_a_ledger_that_is_not_there_is_missed_and_not_made(monkeypatch, tmp_path, capsys):
    monkeypatch.setenv("PRESGEN_WORKSPACE", str(tmp_path / "typo"))

    assert erase.main(["L-1"]) == 1

    assert "no ledger" in capsys.readouterr().err
    assert not (tmp_path / "typo").exists()
