"""The table of what is measured, and what a stage adds to it."""

from __future__ import annotations

import pytest

from presgen import metrics
from presgen.metrics import METRICS, Kind, measured_by
from presgen.stages import Stage, stage


@pytest.mark.parametrize(
    ("facts", "outcome", "bytes"),
    [
        ({"outcome": "ok", "publisher": "drive", "unchanged": True, "bytes": 7}, "unchanged", 0),
        ({"outcome": "ok", "publisher": "drive", "unchanged": False, "bytes": 7}, "delivered", 7),
        ({"outcome": "failed", "publisher": "drive"}, "failed", 0),
    ],
)
def test_only_what_was_not_there_counts_as_delivered(facts, outcome, bytes):
    found = list(measured_by("video_publish", {"latency": 1.0, "cpu": 0.1, **facts}))

    [upload] = [each for each in found if each.metric is metrics.UPLOADS]
    assert upload.tags == {"publisher": "drive", "outcome": outcome}
    assert sum(each.value for each in found if each.metric is metrics.UPLOAD_BYTES) == bytes


@pytest.mark.parametrize(
    ("facts", "outcome"),
    [
        ({"outcome": "ok"}, "ok"),
        ({"outcome": "ok", "failed": "No."}, "failed"),
        ({"outcome": "failed"}, "failed"),
    ],
)
def test_a_fix_counts_as_applied_or_not(facts, outcome):
    found = measured_by("qa_fix", {"latency": 1.0, "cpu": 0.1, "fix": "normalize", **facts})

    [fix] = [each for each in found if each.metric is metrics.FIXES]
    assert fix.tags == {"fix": "normalize", "outcome": outcome}


def test_a_stage_is_pushed_when_it_ends(listener):
    with stage(Stage.LESSON_JOIN, lesson="lesson-1") as facts:
        facts["format"] = "square"

    assert ("count", "presgen.stages", 1, {"stage": "lesson_join", "outcome": "ok"}) in listener.told
    assert ("count", "presgen.videos", 1, {"format": "square"}) in listener.told
    [duration] = [value for _, name, value, _ in listener.told if name == "presgen.stage.duration"]
    assert duration == facts["latency"] * 1000


def test_names_say_kind_and_unit_as_prometheus_wants_it():
    for metric in METRICS:
        assert metric.name.startswith("presgen_")
        assert metric.name.endswith("_total") == (metric.kind is Kind.COUNTER)
        if metric.unit in ("seconds", "bytes", "ratio"):
            assert f"_{metric.unit}" in metric.name
    assert len({metric.name for metric in METRICS}) == len(METRICS)
