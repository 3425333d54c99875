"""Deployments to break: nights in processes of their own, and what they leave on the disk."""

from __future__ import annotations

import hashlib
import multiprocessing
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path

from presgen import pipeline
from presgen.media.clip import ClipWriter
from presgen.stages import configure_logs
from presgen.workspace import Workspace
from tests.nights import STAMP, TALL, make_night

EDITIONS = {"formats": (STAMP, TALL)}
"""The settings of a deployment that delivers every lesson twice."""


def produce(folder: Path, run_id: str, **settings: object) -> None:
    """Produce the folder's records."""
    pipeline.produce(make_night(folder, run_id, **settings), f"jsonl:{folder / 'records.jsonl'}")


def in_a_process(work: Callable[..., None], *words: object) -> multiprocessing.Process:
    """Start the work in a copy of this process, which is quicker than starting Python and importing again."""
    process = multiprocessing.get_context("fork").Process(target=work, args=words)
    process.start()
    return process


def exit_code(process: multiprocessing.Process) -> int | None:
    """Wait for the process to end."""
    process.join(120)
    return process.exitcode


def produce_editions(folder: Path, run_id: str) -> None:
    """Produce the folder's records in two formats."""
    produce(folder, run_id, **EDITIONS)


def produce_until(folder: Path, run_id: str, what: str, count: int, **settings: object) -> None:
    """Produce, and be killed just before that many calls of ``fsync`` or frames, or when the disk fills then.

    Whatever is to last passes through ``fsync``, so its calls enumerate the moments at which a crash could
    leave something behind.
    """
    before_each(what, count, lambda: os.kill(os.getpid(), signal.SIGKILL))
    produce(folder, run_id, **settings)


def before_each(what: str, count: int, act: Callable[[], None]) -> None:
    """Do ``act`` in this process before call number ``count`` of ``fsync``, or before that frame."""
    calls = 0
    owner, name = (os, "fsync") if what == "fsync" else (ClipWriter, "_writable")
    real = getattr(owner, name)

    def counted(*words: object) -> object:
        nonlocal calls
        calls += 1
        if calls == count:
            act()
        return real(*words)

    setattr(owner, name, counted)


def delivered(folder: Path) -> dict[str, str]:
    """Return every file a learner can see, and its digest."""
    root = folder / "output"
    return {
        path.relative_to(root).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in root.rglob("*")
        if path.is_file() and ".incoming" not in path.parts
    }


def kept_sections(folder: Path) -> set[str]:
    """Return the keys of the sections that are whole."""
    return set(Workspace(folder / "workspace").sections.keys())


def drafts(folder: Path) -> list[Path]:
    """Return what a process that died has left of unfinished sections."""
    return list((folder / "workspace" / "sections").glob(".*"))


if __name__ == "__main__":
    # python -m tests.faults.deployments FOLDER RUN WORKERS
    configure_logs(json=True)
    produce(Path(sys.argv[1]), sys.argv[2], workers=int(sys.argv[3]))
