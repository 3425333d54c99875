"""A demo that delivers to Google Drive without an account: the emulator, started before and stopped after."""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console

from presgen.errors import BadInput
from presgen.settings import Settings
from presgen_airflow.local import instance, processes
from presgen_airflow.local.home import Home

EMULATOR = "drive-emulator"
"""What a demo calls the publisher ``drive`` with the emulator behind it."""

NAME = "drive"
PATIENCE = 60.0
"""Seconds until a start counts as failed; it takes one."""


@contextmanager
def chosen_publishers(home: Home, named: str) -> Iterator[None]:
    """Choose the publishers of what is started meanwhile; run the emulator if it is one of them.

    Raises:
        BadInput: an Airflow runs already, which has chosen its own.
        Ended: the emulator ended by itself.
    """
    if not named:
        yield
        return
    if instance.find(home) is not None:
        raise BadInput("Airflow runs already, with publishers of its own: stop it first (make down).")
    names = [name.strip() for name in named.split(",")]
    choices = {"PRESGEN_PUBLISHERS": ",".join("drive" if name == EMULATOR else name for name in names)}
    try:
        if EMULATOR in names:
            choices |= _start_emulator(home)
        with _environment(choices):
            yield
    finally:
        processes.stop(_logs(home))


def tell_drive(home: Home, settings: Settings, console: Console) -> None:
    """Say what lies on the emulated Drive, if that is where lessons went."""
    if not settings.drive_endpoint or not (_folder(home) / "items").is_dir():
        return
    from presgen_airflow.local.drive_emulator import Storage

    storage = Storage(_folder(home))
    paths = sorted(storage.path(each) for each in storage.files())
    console.print(f"\nOn the emulated Google Drive ({_folder(home)}), {len(paths)} files:")
    for folder in dict.fromkeys(path.rpartition("/")[0] for path in paths):
        inside = [path for path in paths if path.rpartition("/")[0] == folder]
        console.print(f"  {folder}/  {len(inside)} files", markup=False)


def _start_emulator(home: Home) -> dict[str, str]:
    """Start the emulator and return the environment that leads to it."""
    from presgen_airflow.local.drive_emulator.__main__ import STATION

    logs = _logs(home)
    logs.mkdir(parents=True, exist_ok=True)
    processes.stop(logs)
    station = _folder(home) / STATION
    station.unlink(missing_ok=True)
    command = [sys.executable, "-m", "presgen_airflow.local.drive_emulator", str(_folder(home))]
    environment = {**os.environ, "PYTHONPATH": str(home.project / "include")}
    processes.start(NAME, command, logs, environment, home.project)
    until = time.monotonic() + PATIENCE
    while not station.exists():
        if NAME not in processes.running(logs) or time.monotonic() > until:
            raise processes.Ended(NAME, logs / f"{NAME}.log")
        time.sleep(0.1)
    where = json.loads(station.read_text("utf-8"))
    connection = {"conn_type": "google_cloud_platform", "extra": {"key_path": where["key"]}}
    return {
        "PRESGEN_DRIVE_ENDPOINT": where["endpoint"],
        "PRESGEN_DRIVE_FOLDER": where["folder"],
        "AIRFLOW_CONN_PRESGEN_DRIVE": json.dumps(connection),
    }


@contextmanager
def _environment(choices: Mapping[str, str]) -> Iterator[None]:
    before = {name: os.environ.get(name) for name in choices}
    os.environ.update(choices)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


def _folder(home: Home) -> Path:
    return home.folder / "drive"


def _logs(home: Home) -> Path:
    return home.folder / "drive-process"
