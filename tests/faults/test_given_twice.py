"""What is asked for twice, at the same moment or in one file, is made and delivered once."""

from __future__ import annotations

import multiprocessing
from collections import Counter
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from presgen.ledger import open_ledger
from presgen.model.lesson import LessonStatus
from presgen.orders import keep_record, new_video_id, run_of
from presgen.pipeline import produce as produce_night
from presgen.sources.identity import lesson_id_of, pseudonym_of
from tests.faults.deployments import REMEMBERED, exit_code, in_a_process, in_folder, on_drive, produce
from tests.nights import make_learner_record, make_night, make_settings, write_records

BOTH = {"publishers": ("folder", "drive")}

# With `made`, the nights find in their memory what the lessons' sections look like.


def is_made_once(folder: Path, drive: Any, run_id: str) -> None:
    """Hold that one lesson went its way once, and that each publisher has delivered it once."""
    ledger = make_night(folder, run_id).ledger
    [lesson] = ledger.lessons()
    assert lesson.status is LessonStatus.PUBLISHED
    events = ledger.events()
    steps = Counter(each.facts["to"] for each in events if each.name == "status")
    assert set(steps.values()) == {1}
    deliveries = [each.facts["publisher"] for each in events if each.name == "delivery"]
    assert sorted(deliveries) == ["drive", "folder"]
    assert len(on_drive(drive)) == 9
    assert on_drive(drive) == in_folder(folder)
    assert {len(each.revisions) for each in drive.storage.files()} == {1}


@pytest.mark.usefixtures("without_tables", "made")
def test_a_trigger_that_arrives_twice_makes_one_lesson(tmp_path, drive):
    folder = tmp_path / "deployment"
    write_records(folder, [make_learner_record(1)])
    work = partial(produce, **drive.settings() | BOTH)

    runs = [in_a_process(work, folder, "triggered-1") for _ in range(2)]

    assert [exit_code(run) for run in runs] == [0, 0]
    is_made_once(folder, drive, "triggered-1")


def order(folder: Path, settings: dict[str, Any], start: Any) -> None:
    """Place an order with an idempotency key as the API does, and do what its run does."""
    chosen = make_settings(folder, renderer=REMEMBERED, **settings)
    record = make_learner_record(1)
    pseudonym = pseudonym_of(record.learner.id, b"k" * 32)
    video_id = new_video_id()
    start.wait(60)
    noted = open_ledger(chosen.ledger).orders.reserve(
        video_id,
        by="ada",
        key="key-1",
        body="b" * 64,
        pseudonym=pseudonym,
        lesson_id=lesson_id_of(
            pseudonym, record.certification.id, record.gap_analysis.workflow_id, order=video_id
        ),
        run_id=run_of(video_id),
    )
    night = make_night(folder, noted.run_id, renderer=REMEMBERED, **settings)
    keep_record(night.workspace, noted.video_id, record)
    produce_night(night, f"order:{noted.video_id}")


@pytest.mark.usefixtures("without_tables", "made")
def test_an_order_that_is_sent_twice_at_once_makes_one_lesson(tmp_path, drive):
    folder = tmp_path / "deployment"
    start = multiprocessing.Barrier(2)
    orders = [in_a_process(order, folder, drive.settings() | BOTH, start) for _ in range(2)]

    assert [exit_code(each) for each in orders] == [0, 0]

    ledger = make_night(folder).ledger
    [noted] = ledger.orders.all()
    assert {each.run_id for each in ledger.runs()} >= {noted.run_id}
    is_made_once(folder, drive, noted.run_id)


@pytest.mark.usefixtures("made")
def test_a_learner_who_is_there_twice_gets_one_video_and_whom_two_records_contradict_gets_none(
    tmp_path, drive
):
    folder = tmp_path / "deployment"
    same, other = make_learner_record(1), make_learner_record(2)
    analysis = other.gap_analysis.model_copy(update={"overall_score": 12.0})
    changed = other.model_copy(update={"gap_analysis": analysis})
    write_records(folder, [same, other, same, changed])

    assert exit_code(in_a_process(partial(produce, **drive.settings() | BOTH), folder, "run-1")) == 0

    is_made_once(folder, drive, "run-1")
    ledger = make_night(folder).ledger
    refused = ledger.quarantined("run-1")
    assert {each.pseudonym for each in refused} == {pseudonym_of("L-2", b"k" * 32)}
    assert len(refused) == 2
    assert ledger.run("run-1").passed
