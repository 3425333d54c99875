"""`presgen drive check`, as somebody who sets Drive up sees it."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from presgen.cli import app
from tests.deliveries import drive_here


@pytest.fixture
def drive(tmp_path, monkeypatch):
    with drive_here(tmp_path) as drive:
        for name, value in drive.settings().items():
            if name != "publishers":
                monkeypatch.setenv(f"PRESGEN_{name.upper()}", str(value))
        yield drive


def test_a_key_that_works_is_told_step_by_step(drive):
    result = CliRunner().invoke(app, ["drive", "check"])

    assert result.exit_code == 0, result.output
    assert "Learners can be let in." in result.output
    assert "MISSING" not in result.output


def test_what_is_missing_is_told_and_the_command_fails(drive, monkeypatch):
    monkeypatch.setenv("PRESGEN_DRIVE_FOLDER", "0A-nobody-knows-it")

    result = CliRunner().invoke(app, ["drive", "check", "--json"])

    assert result.exit_code == 1
    steps = json.loads(result.stdout)
    assert [step["fine"] for step in steps] == [True, True, False]
    assert "share it with the connection's account" in steps[-1]["told"]


def test_a_key_that_is_none_is_not_shown(drive, tmp_path, monkeypatch):
    (tmp_path / "broken.json").write_text('{"type": "service_account", "private_key": "s3cret"}')
    monkeypatch.setenv("PRESGEN_DRIVE_KEY", str(tmp_path / "broken.json"))

    result = CliRunner().invoke(app, ["drive", "check"])

    assert result.exit_code == 1
    assert "PRESGEN_DRIVE_KEY" in result.output
    assert "s3cret" not in result.output


def test_tokens_are_sent_over_https_or_on_loopback_only(drive, monkeypatch):
    monkeypatch.setenv("PRESGEN_DRIVE_ENDPOINT", "http://drive.example/")

    result = CliRunner().invoke(app, ["drive", "check"])

    assert result.exit_code == 1
    assert "over https, or on loopback only" in result.output
