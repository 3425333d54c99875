"""Start, find and stop the processes of a local Airflow."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from presgen.errors import PresGenError, TransientError
from presgen.model.base import Model
from presgen_airflow.local import processes
from presgen_airflow.local.client import Client
from presgen_airflow.local.home import LOOPBACK, USER, Home, reserved_port
from presgen_airflow.references import RENDER_POOL

DAG_ID = "produce_lessons"

COMMANDS: dict[str, tuple[str, ...]] = {
    # Without servers for task logs: the API reads them from the same disk.
    "api-server": ("api-server",),
    "scheduler": ("scheduler", "--skip-serve-logs"),
    "dag-processor": ("dag-processor",),
    "triggerer": ("triggerer", "--skip-serve-logs"),
}

HEALTH_NAMES = {"scheduler": "scheduler", "dag-processor": "dag_processor", "triggerer": "triggerer"}

PATIENCE = 180.0
"""Seconds until a start counts as failed; two slow cores need about twenty."""


class NotReady(TransientError):
    """Airflow did not come up in time."""


class DagBroken(PresGenError):
    """A DAG file cannot be read."""


class Address(Model):
    """Where a local Airflow listens."""

    port: int
    schedule: bool

    @property
    def url(self) -> str:
        """The UI's and the API's address."""
        return f"http://{LOOPBACK}:{self.port}"


@dataclass(frozen=True, slots=True)
class Instance:
    """A local Airflow that runs."""

    home: Home
    address: Address
    fresh: tuple[str, ...]
    """The processes that this call started; the others ran before."""

    def client(self) -> Client:
        """Return a client that is logged in."""
        client = Client(self.address.url, USER, self.home.password())
        client.log_in()
        return client


def find(home: Home) -> Instance | None:
    """Return the local Airflow if its API server runs."""
    if "api-server" not in processes.running(home.logs) or not _address_file(home).exists():
        return None
    address = Address.model_validate_json(_address_file(home).read_text("utf-8"))
    return Instance(home=home, address=address, fresh=())


def bring_up(
    home: Home,
    names: Sequence[str] = tuple(COMMANDS),
    *,
    schedule: bool = True,
    say: Callable[[str], None] = lambda _: None,
) -> Instance:
    """Start what of ``names`` does not run, and wait until ``produce_lessons`` can be started.

    Raises:
        NotReady: Airflow did not come up in time.
        DagBroken: a DAG file cannot be read.
        Ended: a process ended by itself.
    """
    home.prepare()
    home.password()
    there = find(home)
    if there is None:
        processes.stop(home.logs)  # what is left of an Airflow without its API is of no use
    with ExitStack() as until_ready:
        if there is not None:
            address = there.address
        else:
            address = Address(port=until_ready.enter_context(reserved_port()), schedule=schedule)
        return _started(home, address, names, anew=there is None, say=say)


def _started(
    home: Home, address: Address, names: Sequence[str], *, anew: bool, say: Callable[[str], None]
) -> Instance:
    """Start what of ``names`` does not run at that address, and wait for all of it."""
    environment = home.environment(address.port, schedule=address.schedule)
    if anew:
        _migrate(home, environment, say)
        _address_file(home).write_text(address.model_dump_json(), encoding="utf-8")
    missing = [name for name in names if name not in processes.running(home.logs)]
    since = datetime.now(UTC) if "dag-processor" in missing else datetime.min.replace(tzinfo=UTC)
    if missing:
        say(f"Starting Airflow: {', '.join(missing)} …")
    for name in missing:
        command = [sys.executable, "-m", "airflow", *COMMANDS[name]]
        processes.start(name, command, home.logs, environment, home.project)
    found = Instance(home=home, address=address, fresh=tuple(missing))
    _wait(found, names, since)
    return found


def is_healthy(airflow: Instance) -> bool:
    """Return whether all that runs of an Airflow says that it is well."""
    alive = processes.running(airflow.home.logs)
    with Client(airflow.address.url, USER, airflow.home.password()) as client:
        health = client.health()
    return bool(health) and all(health.get(HEALTH_NAMES[name]) for name in alive if name in HEALTH_NAMES)


def take_down(home: Home) -> tuple[str, ...]:
    """Stop every process of the local Airflow and of its tasks; return the names of those that ran."""
    if not home.logs.exists():
        return ()
    # Tasks that end in time tell the API so.
    return processes.stop(home.logs, last=("api-server",))


def _migrate(home: Home, environment: dict[str, str], say: Callable[[str], None]) -> None:
    """Make or upgrade Airflow's database, once for each version."""
    stamp = home.folder / "migrated"
    wanted = version("apache-airflow-core")
    if stamp.exists() and stamp.read_text("utf-8") == wanted and (home.folder / "airflow.db").exists():
        return
    say("Preparing Airflow's database …")
    log = home.logs / "migrate.log"
    with log.open("wb") as output:
        done = subprocess.run(
            [sys.executable, "-m", "airflow", "db", "migrate"],
            cwd=home.project,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            check=False,
        )
    if done.returncode:
        raise NotReady(f"Airflow's database could not be prepared. The end of {log}:\n{processes.tail(log)}")
    stamp.write_text(wanted, encoding="utf-8")


def _wait(airflow: Instance, names: Sequence[str], since: datetime) -> None:
    """Wait until all of ``names`` are healthy and the DAG, read after ``since``, can start."""
    wanted = {HEALTH_NAMES[name] for name in names if name in HEALTH_NAMES}
    until = time.monotonic() + PATIENCE
    with Client(airflow.address.url, USER, airflow.home.password()) as client:
        _until(
            lambda: wanted <= {name for name, fine in client.health().items() if fine}, until, airflow, names
        )
        client.log_in()
        client.ensure_pool(RENDER_POOL, os.cpu_count() or 1, "Whatever keeps a core busy")
        _until(lambda: _listed(client, since), until, airflow, names)
        client.unpause(DAG_ID)


def _listed(client: Client, since: datetime) -> bool:
    dag = client.dag(DAG_ID)
    if broken := client.import_errors():
        raise DagBroken("A DAG file cannot be read: " + "\n".join(broken))
    return dag is not None and datetime.fromisoformat(dag["last_parsed_time"]) >= since


def _until(fact: Callable[[], bool], until: float, airflow: Instance, names: Sequence[str]) -> None:
    while not fact():
        alive = processes.running(airflow.home.logs)
        for name in names:
            if name not in alive:
                raise processes.Ended(name, airflow.home.logs / f"{name}.log")
        if time.monotonic() > until:
            raise NotReady(
                f"Airflow was not ready after {PATIENCE:.0f} s. Its processes print to {airflow.home.logs}."
            )
        time.sleep(0.5)


def _address_file(home: Home) -> Path:
    return home.folder / "address.json"
