"""A local Airflow keeps to itself: one folder, loopback, its own keys."""

from __future__ import annotations

import socket
import stat
from pathlib import Path

import pytest

from presgen.errors import BadInput
from presgen_airflow.local.home import LOOPBACK, Busy, Home, here, reserved_port
from tests.airflow_home import ROOT


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(project=ROOT, folder=tmp_path / ".airflow")


def test_nobody_else_reads_the_keys_and_the_password(home: Home):
    home.prepare()
    password = home.password()

    assert len(password) >= 16
    assert home.password() == password
    for path in (home.folder, *(file for file in home.folder.iterdir() if file.is_file())):
        assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0, path


def test_its_processes_find_the_local_settings_that_warm_them_up(home: Home):
    home.prepare()

    settings = (home.folder / "config" / "airflow_local_settings.py").read_text(encoding="utf-8")
    assert "warm_up(sys.argv" in settings


def test_a_port_that_is_taken_is_passed_over():
    with socket.socket() as taken:
        taken.bind((LOOPBACK, 0))
        taken.listen()
        port = taken.getsockname()[1]

        with reserved_port(port) as found:
            assert found > port


def test_two_airflows_that_start_at_once_get_two_ports():
    with reserved_port() as first, reserved_port() as second:
        assert first != second

    with reserved_port(first) as again:
        assert again == first


def test_two_commands_do_not_work_on_the_same_airflow(home: Home):
    with home.alone(), pytest.raises(Busy, match="Another command is at work"), home.alone():
        pass

    with home.alone():
        pass


def test_everything_airflow_writes_lies_in_its_folder_and_it_listens_on_loopback(home: Home):
    environment = home.environment(8123, schedule=True)

    assert environment["AIRFLOW_HOME"] == str(home.folder)
    assert environment["AIRFLOW__DATABASE__SQL_ALCHEMY_CONN"].startswith(f"sqlite:///{home.folder}")
    assert environment["AIRFLOW__API__HOST"] == "127.0.0.1"
    assert environment["AIRFLOW__API__PORT"] == "8123"


def test_the_users_own_airflow_does_not_leak_in_but_the_choices_for_presgen_do(home: Home, monkeypatch):
    monkeypatch.setenv("AIRFLOW__CORE__EXECUTOR", "KubernetesExecutor")
    monkeypatch.setenv("AIRFLOW__CORE__HIDE_SENSITIVE_VAR_CONN_FIELDS", "False")
    monkeypatch.setenv("PRESGEN_RENDERER", "card")

    environment = home.environment(8123, schedule=True)

    assert environment["AIRFLOW__CORE__EXECUTOR"] == "LocalExecutor"
    assert "AIRFLOW__CORE__HIDE_SENSITIVE_VAR_CONN_FIELDS" not in environment
    assert environment["PRESGEN_RENDERER"] == "card"
    assert "PRESGEN_SCHEDULE" not in environment


def test_a_relative_workspace_is_seen_from_where_the_command_was_started(
    home: Home, tmp_path: Path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PRESGEN_WORKSPACE", "mine")

    environment = home.environment(8123, schedule=True)

    assert environment["PRESGEN_WORKSPACE"] == str(tmp_path / "mine")
    assert environment["PRESGEN_OUTPUT"] == str(ROOT / "output")


def test_nothing_starts_by_itself_without_a_schedule(home: Home):
    assert home.environment(8123, schedule=False)["PRESGEN_SCHEDULE"] == ""


def test_every_option_of_airflow_exists(home: Home):
    from airflow.configuration import conf

    for name in home.environment(8123, schedule=True):
        if name.startswith("AIRFLOW__"):
            section, _, key = name.removeprefix("AIRFLOW__").lower().partition("__")
            assert key in conf.configuration_description.get(section, {}).get("options", {}), name


def test_outside_a_checkout_there_are_no_examples(tmp_path: Path):
    with pytest.raises(BadInput, match="no examples"):
        Home(project=tmp_path, folder=tmp_path).examples()


def test_the_checkout_is_found_from_the_package_and_its_folder_can_be_moved(tmp_path: Path, monkeypatch):
    monkeypatch.delenv("PRESGEN_LOCAL_HOME", raising=False)
    assert here() == Home(project=ROOT, folder=ROOT / ".airflow")

    monkeypatch.setenv("PRESGEN_LOCAL_HOME", str(tmp_path))
    assert here().folder == tmp_path
