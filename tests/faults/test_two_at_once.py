"""Two nights at once, on one workspace, end with one set of lessons."""

from __future__ import annotations

import multiprocessing
import struct
from collections import Counter
from contextlib import nullcontext
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from presgen import pipeline
from presgen.marking import SIGNED_AGAIN
from presgen.model.lesson import LessonStatus
from presgen.publishing.drive import uploading
from presgen.workspace import Workspace, sha256_of
from tests.faults.deployments import delivered, drafts, exit_code, in_a_process, produce, produce_editions
from tests.nights import make_learner_record, make_night, write_records


def test_two_nights_at_once_deliver_one_set_of_lessons(folder, undisturbed):
    nights = [in_a_process(produce, folder, run_id) for run_id in ("run-1", "run-2")]

    assert [exit_code(night) for night in nights] == [0, 0]

    ledger = make_night(folder, "run-1").ledger
    assert delivered(folder) == undisturbed
    assert not drafts(folder)
    for run_id in ("run-1", "run-2"):
        assert ledger.run(run_id).passed
        assert {lesson.status for lesson in ledger.lessons(run_id)} == {LessonStatus.PUBLISHED}
    taken = Counter((event.subject, event.facts["to"]) for event in ledger.events() if event.name == "status")
    assert set(taken.values()) == {1}  # every step of every lesson was taken once, by one of the two


def test_two_nights_that_force_the_same_lessons_still_agree(folder, undisturbed):
    produce(folder, "run-0")

    nights = [in_a_process(produce, folder, run_id) for run_id in ("run-1", "run-2", "run-3")]

    assert [exit_code(night) for night in nights] == [0, 0, 0]
    assert delivered(folder) == undisturbed


def test_two_nights_at_once_deliver_one_set_of_editions(folder, undisturbed_editions):
    nights = [in_a_process(produce_editions, folder, run_id) for run_id in ("run-1", "run-2")]

    assert [exit_code(night) for night in nights] == [0, 0]

    ledger = make_night(folder, "run-1").ledger
    assert delivered(folder) == undisturbed_editions
    assert not drafts(folder)
    assert {lesson.status for lesson in ledger.lessons()} == {LessonStatus.PUBLISHED}
    assert ledger.run("run-1").passed
    assert ledger.run("run-2").passed


@pytest.mark.slow
def test_nights_that_want_different_formats_end_with_what_the_last_one_wants(folder, undisturbed_editions):
    nights = [in_a_process(work, folder, work.__name__) for work in (produce, produce_editions)]
    assert [exit_code(night) for night in nights] == [0, 0]

    produce_editions(folder, "run-3")

    assert delivered(folder) == undisturbed_editions


@pytest.mark.usefixtures("without_tables")
@pytest.mark.parametrize("how", ["damaged", "lost"])
def test_nights_that_find_a_signed_copy_damaged_or_lost_sign_it_anew_once(folder, how):
    signing = partial(produce, credentials="local")
    signing(folder, "run-0")
    copies = list((folder / "workspace" / "lessons").rglob("*.signed-*.mp4"))
    assert copies
    for copy in copies:
        if how == "lost":
            copy.unlink()
        else:
            # C2PA does not look at room that is free.
            copy.write_bytes(copy.read_bytes() + struct.pack(">I4s", 12, b"free") + b"junk")

    nights = [in_a_process(signing, folder, run_id) for run_id in ("run-1", "run-2", "run-3")]

    assert [exit_code(night) for night in nights] == [0, 0, 0]
    ledger = make_night(folder, "run-1").ledger
    assert [ledger.run(run_id).passed for run_id in ("run-1", "run-2", "run-3")] == [True] * 3
    anew = [event.subject for event in ledger.events() if event.name == SIGNED_AGAIN]
    assert sorted(anew) == sorted(lesson.lesson_id for lesson in ledger.lessons())
    films = (folder / "output").rglob("*.mp4")
    assert sorted(map(sha256_of, films)) == sorted(map(sha256_of, copies))
    assert not drafts(folder)


def deliver_slowly(role: str, begun: Any, go_on: Any, folder: Path, settings: dict[str, Any]) -> None:
    """Produce, where no lock keeps others waiting, and wait before that file's bytes are sent."""
    real = uploading._send
    Workspace.in_turn = lambda *_: nullcontext()

    def send(line: Any, request: Any, item: Any, *words: Any) -> Any:
        if item.role == role and not begun.is_set():
            begun.set()
            go_on.wait(60)
        return real(line, request, item, *words)

    uploading._send = send
    produce(folder, "run-1", **settings)


@pytest.mark.usefixtures("without_tables")
@pytest.mark.parametrize("role", ["video", "transcript"])
def test_a_night_that_was_overtaken_in_the_middle_of_a_delivery_spoils_nothing(drive, deployment, role):
    settings = drive.settings()
    write_records(deployment, [make_learner_record(1)])
    begun, go_on = multiprocessing.Event(), multiprocessing.Event()
    first = in_a_process(deliver_slowly, role, begun, go_on, deployment, settings)
    assert begun.wait(60)
    learner = make_learner_record(1).learner.model_copy(update={"name": "Grace Example"})
    write_records(deployment, [make_learner_record(1).model_copy(update={"learner": learner})])
    assert exit_code(in_a_process(partial(produce, **settings), deployment, "run-2")) == 0

    go_on.set()

    assert exit_code(first) == 0
    ledger = make_night(deployment).ledger
    [lesson] = ledger.lessons("run-2")
    told = {asset.asset_id: asset.sha256 for asset in ledger.assets(lesson.lesson_id, "drive")}
    assert {each.id: sha256_of(drive.storage._content(each.id)) for each in drive.storage.files()} == told
    assert ledger.run("run-2").passed


def wait_and_deliver(begun: Any, go_on: Any, folder: Path, settings: dict[str, Any]) -> None:
    """Produce, and wait before anything is delivered."""
    real = pipeline._deliver

    def deliver(*words: Any) -> Any:
        begun.set()
        go_on.wait(60)
        return real(*words)

    pipeline._deliver = deliver
    produce(folder, "run-1", **settings)


@pytest.mark.usefixtures("without_tables")
@pytest.mark.parametrize("publisher", ["folder", "object-store"])
def test_what_a_lesson_was_before_never_replaces_what_it_is_now(tmp_path, new_folder, publisher):
    def settings(folder):
        return {"publishers": (publisher,), "object_store": (folder / "output").as_uri()}

    learner = make_learner_record(1).learner.model_copy(update={"name": "Grace Example"})
    newer, alone = make_learner_record(1).model_copy(update={"learner": learner}), new_folder()
    write_records(alone, [newer])
    produce(alone, "run-1", **settings(alone))
    write_records(tmp_path, [make_learner_record(1)])
    begun, go_on = multiprocessing.Event(), multiprocessing.Event()
    first = in_a_process(wait_and_deliver, begun, go_on, tmp_path, settings(tmp_path))
    assert begun.wait(60)
    write_records(tmp_path, [newer])
    second = in_a_process(partial(produce, **settings(tmp_path)), tmp_path, "run-2")
    # Whoever is not kept waiting has delivered by then.
    second.join(3)

    go_on.set()

    assert [exit_code(first), exit_code(second)] == [0, 0]
    assert delivered(tmp_path) == delivered(alone)
    assert make_night(tmp_path).ledger.run("run-2").passed
