from __future__ import annotations

import pytest

from presgen import pipeline
from presgen.errors import BadInput
from presgen.orders import (
    VIDEO_ID,
    OrderChoices,
    addressed,
    conf_of,
    forget_records,
    keep_record,
    kept_choices,
    new_video_id,
    run_of,
    source_of,
)
from presgen.workspace import Workspace
from tests.nights import make_learner_record, make_night


def test_videos_have_ids_of_their_own_that_fit_wherever_an_id_goes():
    made = {new_video_id() for _ in range(50)}

    assert len(made) == 50
    assert all(VIDEO_ID.fullmatch(each) for each in made)
    assert run_of("video-1") == run_of("video-1")


def test_only_the_deployment_s_own_user_can_read_an_order_s_record(tmp_path):
    video_id = new_video_id()

    keep_record(Workspace(tmp_path), video_id, make_learner_record())

    folder = tmp_path / "orders" / video_id
    assert {each.name: each.stat().st_mode & 0o777 for each in folder.iterdir()} == {
        "record.json": 0o600,
        "choices.json": 0o600,
    }
    assert folder.stat().st_mode & 0o777 == 0o700


def test_the_choices_of_an_order_are_there_where_its_record_is(tmp_path):
    workspace, video_id = Workspace(tmp_path), new_video_id()
    choices = OrderChoices(formats=("square",), persona="coach", budget=90.0)

    before = kept_choices(workspace, video_id)
    keep_record(workspace, video_id, make_learner_record(), choices)
    kept = kept_choices(workspace, video_id)
    (tmp_path / "orders" / video_id / "record.json").unlink()

    assert (before, kept, kept_choices(workspace, video_id)) == (None, choices, None)
    assert conf_of(video_id, choices) == {
        "source": f"order:{video_id}",
        "formats": ["square"],
        "publishers": [],
        "persona": "coach",
        "budget": 90.0,
    }


@pytest.mark.parametrize("source", ["order:../records", "order:", "order:video-1", "order:/etc/passwd"])
def test_an_order_s_source_is_an_id_and_no_path(tmp_path, source):
    with pytest.raises(BadInput):
        addressed(Workspace(tmp_path), source)


def test_other_sources_stay_as_they_are(tmp_path):
    assert addressed(Workspace(tmp_path), "jsonl:records.jsonl") == "jsonl:records.jsonl"


def test_a_run_reads_the_record_of_its_order_and_the_ledger_names_no_path(tmp_path):
    video_id = new_video_id()
    night = make_night(tmp_path, run_of(video_id))
    keep_record(night.workspace, video_id, make_learner_record(7))

    [learner] = pipeline.load_learners(night, source_of(video_id))

    assert night.workspace.has("records", learner.lesson_id)
    assert night.ledger.run(night.run_id).source == f"order:{video_id}"


def test_records_that_are_forgotten_are_gone(tmp_path):
    workspace, video_id = Workspace(tmp_path), new_video_id()
    keep_record(workspace, video_id, make_learner_record())

    assert forget_records(workspace, [video_id, new_video_id()]) == 1
    assert not list((tmp_path / "orders").iterdir())
    assert forget_records(workspace, [video_id]) == 0
