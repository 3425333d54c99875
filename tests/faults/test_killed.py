"""Killed at any moment, a night goes on where it was: nothing is lost, and nothing is there twice."""

from __future__ import annotations

import errno
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest

from presgen.errors import StoreUnavailable
from presgen.ledger import SectionOutcome
from presgen.model.lesson import LessonStatus
from presgen.sources.identity import pseudonym_of
from tests.conftest import ROOT
from tests.faults.conftest import RECORDS
from tests.faults.deployments import (
    EDITIONS,
    before_each,
    delivered,
    drafts,
    each_crash,
    exit_code,
    in_a_process,
    kept_sections,
    produce,
    produce_editions,
    produce_until,
)
from tests.nights import make_night, write_records

pytestmark = pytest.mark.usefixtures("without_tables")

MOMENTS = [
    ("frame", 1),  # the first picture of the first section
    ("frame", 1600),
    ("fsync", 1),  # the first record
    ("fsync", 20),
    ("fsync", 45),
    ("fsync", 70),
]


def delivered_of(learners: int, files: dict[str, str]) -> dict[str, str]:
    """Return what belongs to the first so many learners of the records."""
    key = b"k" * 32
    names = [pseudonym_of(record.learner.id, key) for record in RECORDS[:learners]]
    return {name: digest for name, digest in files.items() if any(each in name for each in names)}


def is_recovered(
    folder: Path, undisturbed: dict[str, str], again: Callable[..., None] = produce, *, dead: bool = True
) -> None:
    """Run the night again and hold what it delivers against what an undisturbed one does.

    A draft is swept away once the process that wrote it is dead.
    """
    kept = kept_sections(folder)

    assert exit_code(in_a_process(again, folder, "run-2")) == 0

    night = make_night(folder, "run-2")
    rendered = {
        each.key for each in night.ledger.sections("run-2") if each.outcome is SectionOutcome.RENDERED
    }
    assert not rendered & kept
    assert rendered | kept == kept_sections(folder)
    assert {lesson.status for lesson in night.ledger.lessons()} == {LessonStatus.PUBLISHED}
    assert delivered(folder) == undisturbed
    assert not rendered or not dead or not drafts(folder)


@pytest.mark.parametrize(("what", "count"), MOMENTS)
def test_a_killed_night_is_finished_by_the_next(folder, undisturbed, what, count):
    assert exit_code(in_a_process(produce_until, folder, "run-1", what, count)) == -signal.SIGKILL
    assert delivered(folder).items() <= undisturbed.items()  # no part of a file at a final path

    is_recovered(folder, undisturbed)


@pytest.mark.slow
def test_every_moment_at_which_something_is_written_down_may_be_the_last(tmp_path, undisturbed):
    write_records(tmp_path / "live", RECORDS[:1])
    crashed = tmp_path / "crashed"

    moments = 0
    with closing(each_crash(tmp_path / "live", crashed)) as found:
        for moment in found:
            assert delivered(crashed).items() <= undisturbed.items(), moment
            is_recovered(crashed, delivered_of(1, undisturbed), dead=False)
            moments += 1

    assert delivered(tmp_path / "live") == delivered_of(1, undisturbed)
    assert moments > 20


@pytest.mark.parametrize("count", [20, 45, 70, 95])
def test_a_night_killed_between_two_editions_is_finished_by_the_next(tmp_path, undisturbed_editions, count):
    write_records(tmp_path, RECORDS[:1])
    wanted = delivered_of(1, undisturbed_editions)
    killed = partial(produce_until, **EDITIONS)
    assert exit_code(in_a_process(killed, tmp_path, "run-1", "fsync", count)) == -signal.SIGKILL
    assert delivered(tmp_path).items() <= wanted.items()

    is_recovered(tmp_path, wanted, produce_editions)


@pytest.mark.parametrize("count", [10, 40, 60])
def test_a_format_may_be_added_by_a_night_that_is_killed(deployment, undisturbed_editions, count):
    folder = deployment
    whole = delivered(folder)
    killed = partial(produce_until, **EDITIONS)
    assert exit_code(in_a_process(killed, folder, "run-1", "fsync", count)) == -signal.SIGKILL
    films = {name for name in whole if name.endswith(".mp4")}
    assert {name: whole[name] for name in films}.items() <= delivered(folder).items()

    is_recovered(folder, undisturbed_editions, produce_editions)


def test_a_night_killed_again_and_again_comes_to_its_end(folder, undisturbed):
    for count in (5, 15, 25, 15, 25):
        exit_code(in_a_process(produce_until, folder, "run-1", "fsync", count))

    is_recovered(folder, undisturbed)


def test_the_same_run_can_be_taken_up_again(folder, undisturbed):
    exit_code(in_a_process(produce_until, folder, "run-1", "frame", 1000))

    produce(folder, "run-1")

    assert delivered(folder) == undisturbed
    assert make_night(folder, "run-1").ledger.run("run-1").passed


def fill_the_disk() -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


def produce_on_a_full_disk(folder: Path, count: int) -> None:
    before_each("fsync", lambda number: fill_the_disk() if number == count else None)
    try:
        produce(folder, "run-1")
    except StoreUnavailable:
        sys.exit(75)


@pytest.mark.parametrize("count", [1, 40, 80])
def test_a_disk_that_fills_up_stops_what_it_must_and_the_next_night_makes_up_for_it(
    folder, undisturbed, count
):
    assert exit_code(in_a_process(produce_on_a_full_disk, folder, count)) in (0, 75)
    assert delivered(folder).items() <= undisturbed.items()

    is_recovered(folder, undisturbed)


def children_of(pid: int) -> set[int]:
    """Return the processes that this one started."""
    found = set()
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            parent = int(stat.read_text().rpartition(")")[2].split()[1])
        except (FileNotFoundError, ProcessLookupError):
            continue
        if parent == pid:
            found.add(int(stat.parent.name))
    return found


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="needs /proc to see other processes")
def test_workers_follow_a_killed_parent_and_what_they_finished_is_kept(folder, undisturbed):
    command = [sys.executable, "-m", "tests.faults.deployments", str(folder), "run-1", "2"]
    path = os.pathsep.join([str(ROOT / "include"), str(ROOT)])
    with subprocess.Popen(
        command, cwd=ROOT, env={**os.environ, "PYTHONPATH": path}, stderr=subprocess.PIPE, text=True
    ) as night:
        rendered = next(
            line
            for line in night.stderr
            if line.startswith("{") and json.loads(line)["event"] == "avatar_render"
        )
        workers = children_of(night.pid)
        night.kill()

    assert len(workers) >= 2
    patience = time.monotonic() + 30
    while any(Path(f"/proc/{pid}").exists() for pid in workers) and time.monotonic() < patience:
        time.sleep(0.05)
    assert not [pid for pid in workers if Path(f"/proc/{pid}").exists()]
    assert len(kept_sections(folder)) >= 1
    assert json.loads(rendered)["outcome"] == "ok"

    is_recovered(folder, undisturbed)
