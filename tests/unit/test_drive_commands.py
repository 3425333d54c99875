"""`presgen drive check`, as somebody who sets Drive up sees it."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from presgen.cli import app
from tests.deliveries import EMAIL, drive_here


@pytest.fixture
def drive(tmp_path, monkeypatch):
    with drive_here(tmp_path) as drive:
        for name, value in drive.settings().items():
            if name != "publishers":
                monkeypatch.setenv(f"PRESGEN_{name.upper()}", str(value))
        yield drive


def test_a_key_that_works_is_told_step_by_step(drive):
    result = CliRunner().invoke(app, ["drive", "check", "--share-with", EMAIL])

    assert result.exit_code == 0, result.output
    assert "Learners can be let in." in result.output
    assert "MISSING" not in result.output
    assert EMAIL not in result.output


def test_what_was_not_tried_is_told_and_is_no_failure(drive):
    result = CliRunner().invoke(app, ["drive", "check", "--json"])

    assert result.exit_code == 0, result.output
    *steps, sharing = json.loads(result.stdout)
    assert all(step["tried"] for step in steps)
    assert (sharing["fine"], sharing["tried"]) == (True, False)
    assert "--share-with" in sharing["told"]


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


@pytest.mark.parametrize(
    "spoil",
    [
        lambda path: path.mkdir(),
        lambda path: None,
        lambda path: path.write_bytes(b"\xff\xfe s3cret"),
        lambda path: path.write_text('["s3cret"]'),
        lambda path: path.write_text('{"type": "service_account", "private_key": "s3cret"}'),
    ],
    ids=["a folder", "nothing", "no text", "no object", "no key"],
)
def test_credentials_of_the_machine_that_are_none_are_named_and_not_shown(
    drive, tmp_path, monkeypatch, spoil
):
    path = tmp_path / "credentials.json"
    spoil(path)
    monkeypatch.delenv("PRESGEN_DRIVE_KEY")
    monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", str(path))

    result = CliRunner().invoke(app, ["drive", "check"])

    assert result.exit_code == 1
    assert result.exception is None or isinstance(result.exception, SystemExit)
    assert f"GOOGLE_APPLICATION_CREDENTIALS names {path}" in result.output
    assert "the JSON file of a service account" in result.output
    assert "s3cret" not in result.output


def test_credentials_that_nobody_may_read_are_named(drive, tmp_path, monkeypatch):
    monkeypatch.setattr("google.auth.default", refuse)
    monkeypatch.delenv("PRESGEN_DRIVE_KEY")
    monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", "/run/secrets/key.json")

    result = CliRunner().invoke(app, ["drive", "check"])

    assert "names /run/secrets/key.json, which cannot be read as a key (PermissionError)" in result.output


def refuse(**_):
    raise PermissionError(13, "Permission denied")


def test_tokens_are_sent_over_https_or_on_loopback_only(drive, monkeypatch):
    monkeypatch.setenv("PRESGEN_DRIVE_ENDPOINT", "http://drive.example/")

    result = CliRunner().invoke(app, ["drive", "check"])

    assert result.exit_code == 1
    assert "over https, or on loopback only" in result.output
