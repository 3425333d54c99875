"""Deployments to break: nights in processes of their own, and what they leave on the disk.

They are many, and what is tried is never how a section is drawn or measured: what this process has drawn or
measured is taken from its memory, which every forked night has a copy of.
"""

from __future__ import annotations

import hashlib
import multiprocessing
import os
import signal
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from multiprocessing.connection import Connection
from pathlib import Path
from shutil import copytree, rmtree
from typing import Any
from unittest import mock

from presgen import pipeline
from presgen.media.clip import ClipWriter
from presgen.media.formats import Format
from presgen.media.probe import Probe
from presgen.model.base import digest_of
from presgen.model.lesson import LessonStatus, Section
from presgen.model.media import Clip
from presgen.model.quality import SectionEvidence
from presgen.quality import inspection
from presgen.rendering.backends import renderers
from presgen.stages import configure_logs
from presgen.workspace import Workspace, sha256_of
from tests.deliveries import DriveHere
from tests.nights import STAMP, TALL, make_night

EDITIONS = {"formats": (STAMP, TALL)}
"""The settings of a deployment that delivers every lesson twice."""


class Remembered:
    """The renderer ``card``, which draws nothing twice, and the measuring of its clips."""

    def __init__(self) -> None:
        self.drawn: dict[str, tuple[Clip, dict[str, bytes]]] = {}
        self.measured: dict[tuple[str, str], SectionEvidence] = {}

    def fingerprint(self, *words: Any, **named: Any) -> Any:
        return renderers["card"].fingerprint(*words, **named)

    def render(self, section: Section, persona: Any, format: Format, folder: Path, *words: Any, **named: Any):
        name = f"{digest_of(section)} {format.name}"
        if name not in self.drawn:
            clip = renderers["card"].render(section, persona, format, folder, *words, **named)
            self.drawn[name] = clip, {path.name: path.read_bytes() for path in folder.iterdir()}
        clip, files = self.drawn[name]
        for each, content in files.items():
            (folder / each).write_bytes(content)
        return clip

    def measure(self, film: Probe, clip: Clip, folder: Path, key: str) -> SectionEvidence:
        name = sha256_of(film.path), key
        if name not in self.measured:
            self.measured[name] = _measure(film, clip, folder, key)
        return self.measured[name]


_measure = inspection._measured
REMEMBERED = "remembered"
memory = Remembered()
renderers.add(REMEMBERED, memory)


def produce(folder: Path, run_id: str, **settings: object) -> None:
    """Produce the folder's records."""
    night = make_night(folder, run_id, **{"renderer": REMEMBERED} | settings)
    with mock.patch.object(inspection, "_measured", memory.measure):
        pipeline.produce(night, f"jsonl:{folder / 'records.jsonl'}")


def produce_editions(folder: Path, run_id: str) -> None:
    """Produce the folder's records in two formats."""
    produce(folder, run_id, **EDITIONS)


def in_a_process(work: Callable[..., None], *words: object) -> multiprocessing.Process:
    """Start the work in a copy of this process, which is quicker than starting Python and importing again."""
    process = multiprocessing.get_context("fork").Process(target=work, args=words)
    process.start()
    return process


def exit_code(process: multiprocessing.Process) -> int | None:
    """Wait for the process to end."""
    process.join(120)
    return process.exitcode


def produce_until(folder: Path, run_id: str, what: str, count: int, **settings: object) -> None:
    """Produce, and be killed just before that many calls of ``fsync`` or frames.

    Whatever is to last passes through ``fsync``, so its calls enumerate the moments at which a crash could
    leave something behind.
    """
    before_each(what, lambda number: die() if number == count else None)
    if what == "frame":
        memory.drawn.clear()
    produce(folder, run_id, **settings)


def die(*_: Any, **__: Any) -> None:
    """Be killed, at once and without a last word."""
    os.kill(os.getpid(), signal.SIGKILL)


def before_each(what: str, act: Callable[[int], None]) -> None:
    """Do ``act`` in this process before every call of ``fsync``, or every frame, with its number."""
    owner, name = (os, "fsync") if what == "fsync" else (ClipWriter, "_writable")
    before_each_call(owner, name, act)


def before_each_call(owner: Any, name: str, act: Callable[[int], None]) -> None:
    """Do ``act`` in this process before every call of that function, with its number."""
    calls = 0
    real = getattr(owner, name)

    def counted(*words: Any, **named: Any) -> Any:
        nonlocal calls
        calls += 1
        act(calls)
        return real(*words, **named)

    setattr(owner, name, counted)


def produce_step_by_step(folder: Path, run_id: str, crashed: Path, door: Connection) -> None:
    """Produce, and before every third ``fsync`` lay down in ``crashed`` what a crash would leave then.

    A process that is killed loses what it has in its memory and nothing that it has written, so that is what
    lies in the folder. Each time a word is sent through the door, and the night waits until one comes back.
    """

    def show(number: int) -> None:
        if number % 3 != 1:
            return
        copytree(folder, crashed)
        door.send(number)
        door.recv()

    before_each("fsync", show)
    produce(folder, run_id)
    door.send(0)


def each_crash(live: Path, crashed: Path) -> Iterator[int]:
    """Produce in ``live``, and yield for every moment that ``crashed`` shows as if it had been the last.

    To be closed, for the night waits until the next moment is asked for.
    """
    here, there = multiprocessing.Pipe()
    night = in_a_process(produce_step_by_step, live, "run-1", crashed, there)
    there.close()
    try:
        while moment := here.recv():
            yield moment
            rmtree(crashed)
            here.send("go on")
    except BaseException:
        night.kill()
        raise
    assert exit_code(night) == 0


def delivered(folder: Path) -> dict[str, str]:
    """Return every file a learner can see, and its digest."""
    root = folder / "output"
    return {
        path.relative_to(root).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in root.rglob("*")
        if path.is_file() and ".incoming" not in path.parts
    }


def on_drive(drive: DriveHere) -> Counter[str]:
    """Return every file that lies on Drive, by name and digest, and how often it does."""
    return Counter(
        f"{path.rpartition('/')[2]} {hashlib.sha256(content).hexdigest()}" for path, content in drive.files()
    )


def in_folder(folder: Path) -> Counter[str]:
    """Return what the publisher ``folder`` has delivered there, as `on_drive` does."""
    return Counter(f"{name.rpartition('/')[2]} {digest}" for name, digest in delivered(folder).items())


def statuses(folder: Path) -> set[LessonStatus]:
    """Return how the deployment's lessons stand."""
    return {lesson.status for lesson in make_night(folder).ledger.lessons()}


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
