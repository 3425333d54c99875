"""Background processes that can be found again and stopped: by process id *and* start time."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

import psutil  # type: ignore[import-untyped]

from presgen.errors import PresGenError
from presgen.model.base import Model

GRACE = 20.0
"""Seconds a process gets to end by itself; a scheduler lets its tasks know first."""


class Started(Model):
    """A process that was started in the background."""

    name: str
    pid: int
    started: float
    """As the operating system counts it: with the pid, it names one process for ever."""


class Ended(PresGenError):
    """A process ended by itself although it should go on.

    Attributes:
        log: what it printed.
    """

    def __init__(self, name: str, log: Path) -> None:
        self.log = log
        super().__init__(f"Airflow's {name} ended by itself. The end of {log}:\n{tail(log)}")


def start(
    name: str, command: Sequence[str], folder: Path, environment: Mapping[str, str], cwd: Path
) -> Started:
    """Start ``command`` in a session of its own and write down which process it is.

    ``folder`` gets ``<name>.log`` and ``<name>.json``.
    """
    with (folder / f"{name}.log").open("ab") as log:
        process = subprocess.Popen(  # noqa: S603 - our own command line
            command,
            cwd=cwd,
            env=dict(environment),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    process.returncode = 0  # it outlives us on purpose: no ResourceWarning about that
    started = Started(name=name, pid=process.pid, started=psutil.Process(process.pid).create_time())
    (folder / f"{name}.json").write_text(started.model_dump_json(), encoding="utf-8")
    return started


def running(folder: Path) -> dict[str, Started]:
    """Return the processes written down in ``folder`` that still run, by name."""
    return {started.name: started for started in _written_down(folder) if _find(started) is not None}


def stop(folder: Path, last: Sequence[str] = ()) -> tuple[str, ...]:
    """Stop the processes written down in ``folder`` and all they started; return the names that ran.

    Those named ``last`` go when the others have gone. A process that is not the one written down, though it
    has the same pid, is left alone.
    """
    known = _written_down(folder)
    names = tuple(running(folder))
    _end([started for started in known if started.name not in last])
    _end([started for started in known if started.name in last])
    for path in folder.glob("*.json"):
        path.unlink()
    return names


def tail(log: Path, lines: int = 15) -> str:
    """Return the last lines of a log."""
    if not log.exists():
        return ""
    return "\n".join(log.read_text("utf-8", errors="replace").splitlines()[-lines:])


def _written_down(folder: Path) -> list[Started]:
    return [Started.model_validate_json(path.read_text("utf-8")) for path in sorted(folder.glob("*.json"))]


def _find(started: Started) -> psutil.Process | None:
    """Return the very process that was started, if it still runs."""
    try:
        process = psutil.Process(started.pid)
        same = abs(process.create_time() - started.started) < 1.0 and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return None
    return process if same else None


def _end(processes: Sequence[Started]) -> None:
    """End processes and then what is left of their families, politely first."""
    leaders = [leader for started in processes if (leader := _find(started)) is not None]
    family = [member for started in processes for member in _family(started)]
    for leader in leaders:
        _signal(leader.terminate)
    _wait_for(leaders)
    family += [member for started in processes for member in _family(started)]
    for member in filter(_alive, family):
        _signal(member.terminate)
    _wait_for(family)
    for member in filter(_alive, family):
        _signal(member.kill)
    _wait_for(family)


def _family(started: Started) -> list[psutil.Process]:
    """Return the process, all that it started, however deep, and what lost its parent but not its session."""
    leader = _find(started)
    found = [leader] if leader is not None else []
    with suppress(psutil.NoSuchProcess):
        found += leader.children(recursive=True) if leader is not None else []
    for process in psutil.process_iter():
        try:
            # A session's number is not given to anybody else while one of its processes lives.
            if os.getsid(process.pid) == started.pid and process.create_time() >= started.started - 1.0:
                found.append(process)
        except (psutil.NoSuchProcess, ProcessLookupError, PermissionError):
            continue
    return [process for process in dict.fromkeys(found) if _alive(process)]


def _wait_for(processes: Sequence[psutil.Process]) -> None:
    """Wait until all have ended, or until the grace is over.

    An ended process whose parent does not ask for its end has ended all the same: psutil would wait for more.
    """
    until = time.monotonic() + GRACE
    while any(_alive(process) for process in processes) and time.monotonic() < until:
        time.sleep(0.05)


def _alive(process: psutil.Process) -> bool:
    try:
        return bool(process.is_running() and process.status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False


def _signal(send: Callable[[], None]) -> None:
    with suppress(psutil.NoSuchProcess):
        send()
