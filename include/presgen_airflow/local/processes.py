"""Background processes that can be found again and stopped: by process id *and* start time."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Iterator, Mapping, Sequence
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
    known = [Started.model_validate_json(path.read_text("utf-8")) for path in sorted(folder.glob("*.json"))]
    return {process.name: process for process in known if _find(process) is not None}


def stop(folder: Path, last: Sequence[str] = ()) -> tuple[str, ...]:
    """Stop the processes written down in ``folder`` and all they started; return the names that ran.

    Those named ``last`` go when the others have gone. A process that is not the one written down, though it
    has the same pid, is left alone.
    """
    stopping = running(folder)
    for group in (set(stopping) - set(last), set(stopping) & set(last)):
        _end([process for name in sorted(group) if (process := _find(stopping[name])) is not None])
    for path in folder.glob("*.json"):
        path.unlink()
    return tuple(stopping)


def _end(leaders: Sequence[psutil.Process]) -> None:
    """End processes and their families, politely first."""
    family = [member for leader in leaders for member in (leader, *_descendants(leader))]
    for leader in leaders:
        _signal(leader.terminate)
    _, left = psutil.wait_procs(family, timeout=GRACE)
    left += [orphan for leader in leaders for orphan in _session(leader.pid)]
    for process in left:
        _signal(process.kill)
    psutil.wait_procs(left, timeout=GRACE)


def tail(log: Path, lines: int = 15) -> str:
    """Return the last lines of a log."""
    if not log.exists():
        return ""
    return "\n".join(log.read_text("utf-8", errors="replace").splitlines()[-lines:])


def _find(started: Started) -> psutil.Process | None:
    """Return the very process that was started, if it still runs."""
    try:
        process = psutil.Process(started.pid)
        same = abs(process.create_time() - started.started) < 1.0 and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return None
    return process if same else None


def _descendants(process: psutil.Process) -> list[psutil.Process]:
    """Return all that ``process`` started, however deep, and what lost its parent but not its session."""
    try:
        children = process.children(recursive=True)
    except psutil.NoSuchProcess:
        children = []
    return list({child.pid: child for child in [*children, *_session(process.pid)]}.values())


def _session(leader: int) -> Iterator[psutil.Process]:
    """Find the processes of a session, without its leader."""
    for process in psutil.process_iter():
        try:
            if process.pid != leader and os.getsid(process.pid) == leader:
                yield process
        except (psutil.NoSuchProcess, ProcessLookupError, PermissionError):
            continue


def _signal(send: Callable[[], None]) -> None:
    with suppress(psutil.NoSuchProcess):
        send()
