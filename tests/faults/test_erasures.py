"""Killed at any moment, or beside a night, an erasure comes to its end, and nothing comes back."""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import pytest

from presgen import erasing
from presgen.erasing import erase_learner
from presgen.errors import BadInput, LearnerErased, LessonUnderWay
from presgen.ledger.erasures import Erasures
from presgen.ledger.trail import Trail
from presgen.model.base import Seconds
from presgen.model.lesson import LessonStatus
from presgen.night import ending
from presgen.pipeline import load_learners
from presgen.publishing.drive.line import Line
from presgen.publishing.publishers import folder
from presgen.publishing.publishers.object_store import Store
from presgen.sources.identity import lesson_id_of, pseudonym_of
from presgen.workspace import Workspace
from tests.faults.deployments import before_each_call, die, each_crash, exit_code, in_a_process, produce
from tests.nights import make_learner_record, make_night, write_records

pytestmark = pytest.mark.usefixtures("without_tables")

LEARNER = "L-1"


@pytest.fixture(scope="module")
def made(new_folder):
    """A deployment with one learner's lesson."""
    folder = new_folder()
    write_records(folder, [make_learner_record(1)])
    produce(folder, "run-0")
    return folder


def killed_before(owner: Any, name: str, count: int, work: Callable[..., None], *words: Any) -> None:
    """Do the work, and be killed before that call of a step of it."""
    before_each_call(owner, name, lambda number: die() if number == count else None)
    work(*words)


def erase(folder: Path, settings: dict[str, Any]) -> None:
    erase_learner(make_night(folder, "erasure-1", **settings), LEARNER)


def left_of(night, folder, pseudonym, lesson):
    """Return the files and paths that tell of the learner."""
    marks = [each.encode() for each in (pseudonym, lesson, "Ada1 Example", "ada1@example.org")]
    found = [path for path in folder.rglob("*") if path.name != "records.jsonl"]
    return [
        path
        for path in found
        if any(mark in str(path.relative_to(folder)).encode() for mark in marks)
        or (path.is_file() and any(mark in path.read_bytes() for mark in marks))
    ]


MOMENTS = [
    (Erasures, "begin", 2),
    (erasing, "withdraw", 1),
    (Line, "call", 3),
    (Line, "call", 8),
    (erasing, "_remove", 2),
    (erasing, "_clear", 1),
    (Trail, "erase", 1),
    (Erasures, "remove", 1),
    (Workspace, "save", 1),
    (Erasures, "end", 1),
]


@pytest.mark.parametrize(
    ("owner", "name", "count"), MOMENTS, ids=lambda value: getattr(value, "__name__", value)
)
def test_a_killed_erasure_is_finished_by_the_next(drive, deployment, owner, name, count):
    settings = drive.settings() | {"publishers": ("folder", "drive")}
    produce(deployment, "run-1", **settings)
    night = make_night(deployment, "erasure-2", **settings)
    [lesson] = night.ledger.lessons()
    assert len(list(drive.storage.files())) == 9

    killed = in_a_process(killed_before, owner, name, count, erase, deployment, settings)
    assert exit_code(killed) == -signal.SIGKILL

    assert bool(list(deployment.glob("workspace/receipts/*"))) is (name == "end")
    assert night.ledger.erasures.begun() == (lesson.pseudonym,)
    with pytest.raises(LearnerErased), ending(night, lesson.lesson_id):
        pass
    assert load_learners(night, f"jsonl:{deployment / 'records.jsonl'}") == ()
    receipt = erase_learner(night, LEARNER)
    assert night.ledger.trail.verify(receipt.head).intact
    assert night.ledger.erasures.begun() == ()
    assert not list(drive.storage.files())
    assert not [each for each in drive.storage.items.values() if lesson.pseudonym in drive.storage.path(each)]
    assert not left_of(night, deployment, lesson.pseudonym, lesson.lesson_id)


def work(folder: Path, lesson: str, begun: Any, go_on: Any) -> None:
    """Take one step of a lesson for as long as it is told, then try to take the next."""
    night = make_night(folder, "run-7")
    with ending(night, lesson):
        begun.set()
        go_on.wait(60)
    try:
        with ending(night, lesson):
            os._exit(1)
    except LearnerErased as error:
        os._exit(0 if lesson in str(error) else 2)


def test_a_step_under_way_is_waited_for_and_no_other_begins(deployment):
    night = make_night(deployment, "erasure-1")
    [lesson] = night.ledger.lessons()
    before = {path for path in deployment.rglob("*") if path.is_file()}
    begun, go_on = multiprocessing.Event(), multiprocessing.Event()
    run = in_a_process(work, deployment, lesson.lesson_id, begun, go_on)
    assert begun.wait(60)

    with pytest.raises(LessonUnderWay, match="run-7") as refused:
        erase_learner(night, LEARNER, patience=Seconds(0.3))

    assert refused.value.runs == ("run-7",)
    assert {path for path in before if path.suffix in (".mp4", ".json")} <= set(deployment.rglob("*"))
    go_on.set()
    assert exit_code(run) == 0
    erase_learner(night, LEARNER)
    assert not left_of(night, deployment, lesson.pseudonym, lesson.lesson_id)


def test_a_killed_run_is_not_waited_for(deployment):
    night = make_night(deployment, "erasure-1")
    [lesson] = night.ledger.lessons()
    begun = multiprocessing.Event()
    run = in_a_process(work, deployment, lesson.lesson_id, begun, multiprocessing.Event())
    assert begun.wait(60)
    run.kill()
    run.join(60)

    erase_learner(night, LEARNER, patience=Seconds(0))

    assert not left_of(night, deployment, lesson.pseudonym, lesson.lesson_id)


def test_a_night_beside_an_erasure_brings_nothing_back_by_halves(deployment):
    night = make_night(deployment, "erasure-1")
    [lesson] = night.ledger.lessons()
    run = in_a_process(produce, deployment, "run-8")

    erase_learner(night, LEARNER)

    assert exit_code(run) in (0, 1)
    left = left_of(night, deployment, lesson.pseudonym, lesson.lesson_id)
    # The night read the source after all was done, and made the lesson anew; or it found it gone.
    assert bool(left) is bool(night.ledger.lessons())
    assert night.ledger.trail.verify().intact


@pytest.mark.slow
def test_whatever_a_killed_night_has_left_of_a_learner_goes(tmp_path):
    record = make_learner_record(1)
    write_records(tmp_path / "live", [record])
    crashed = tmp_path / "crashed"
    pseudonym = pseudonym_of(LEARNER, b"k" * 32)
    lesson = lesson_id_of(pseudonym, record.certification.id, record.gap_analysis.workflow_id)

    erased = 0
    with closing(each_crash(tmp_path / "live", crashed)) as moments:
        for moment in moments:
            night = make_night(crashed, "erasure-1")
            with suppress(BadInput):
                erase_learner(night, LEARNER)
                erased += 1
            assert not left_of(night, crashed, pseudonym, lesson), moment

    assert erased > 20


def deliver(folder: Path, settings: dict[str, Any]) -> None:
    produce(folder, "run-1", **settings)


BEGUN = [
    ("drive", Line, "call", 24),
    ("object-store", Store, "deliver", 4),
    ("folder", folder, "_deliver", 4),
]


@pytest.mark.parametrize(("publisher", "owner", "name", "count"), BEGUN, ids=[each[0] for each in BEGUN])
def test_what_a_killed_delivery_left_goes_though_lessons_are_delivered_otherwise_since(
    drive, tmp_path, publisher, owner, name, count
):
    write_records(tmp_path, [make_learner_record(1)])
    objects = {"object_store": (tmp_path / "objects").as_uri()}
    settings = drive.settings() | objects | {"publishers": (publisher,)}
    killed = in_a_process(killed_before, owner, name, count, deliver, tmp_path, settings)
    assert exit_code(killed) == -signal.SIGKILL
    begun = [path for path in tmp_path.rglob("*.mp4") if "workspace" not in path.parts]
    assert begun or list(drive.storage.files())
    others = settings | {"publishers": ("object-store" if publisher == "folder" else "folder",)}
    produce(tmp_path, "run-2", **others)
    night = make_night(tmp_path, "erasure-1", **others)
    [lesson] = night.ledger.lessons()
    assert lesson.status is LessonStatus.PUBLISHED

    erase_learner(night, LEARNER)

    assert not list(drive.storage.files())
    assert not left_of(night, tmp_path, lesson.pseudonym, lesson.lesson_id)
