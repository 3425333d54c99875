from __future__ import annotations

import json
import logging

import pytest
import structlog
from structlog.testing import capture_logs

from presgen import stages
from presgen.errors import BadInput, QualityRejected
from presgen.stages import Stage, cause_of, configure_logs, reason_of, stage


@pytest.fixture
def plain_logs():
    """Leave structlog as it was found."""
    yield
    structlog.reset_defaults()
    stages._chosen = None


def test_a_stage_tells_what_it_did_and_how_long_it_took():
    with capture_logs() as lines, stage(Stage.TTS_SYNTHESIZE, section="abc") as facts:
        facts["seconds"] = 3.5

    [line] = lines
    assert line.pop("latency") >= 0
    assert line == {
        "event": "tts_synthesize",
        "section": "abc",
        "seconds": 3.5,
        "outcome": "ok",
        "log_level": "info",
    }


def test_a_stage_that_fails_tells_that_too():
    with capture_logs() as lines, pytest.raises(BadInput), stage(Stage.AVATAR_RENDER, section="abc"):
        raise BadInput("The section has no words.")

    [line] = lines
    assert (line["outcome"], line["cause"], line["log_level"]) == ("failed", "BadInput", "warning")


def test_an_unexpected_failure_is_told_by_its_place_and_not_by_its_words():
    with capture_logs() as lines, pytest.raises(KeyError), stage(Stage.AVATAR_RENDER, section="abc"):
        raise KeyError("Canary Name")

    [line] = lines
    assert line["cause"].startswith("KeyError at test_stages.py:")
    assert line["log_level"] == "error"
    assert "Canary" not in str(line)


def test_our_own_errors_speak_for_themselves_and_foreign_ones_are_only_placed():
    ours = QualityRejected("lesson-1", ("narration-is-at-level: Too quiet.",))

    assert (cause_of(ours), reason_of(ours)) == (
        "QualityRejected",
        "lesson-1 is rejected: narration-is-at-level: Too quiet.",
    )
    assert "Canary" not in reason_of(ValueError("Canary Name"))


def test_lines_for_programs_are_json_on_standard_error(plain_logs, capsys):
    configure_logs(json=True)

    with stage(Stage.VIDEO_PUBLISH, lesson="lesson-1"):
        pass

    captured = capsys.readouterr()
    assert captured.out == ""
    line = json.loads(captured.err)
    assert (line["event"], line["lesson"], line["level"]) == ("video_publish", "lesson-1", "info")
    assert line["timestamp"].endswith("Z")


def test_lines_below_the_level_are_not_told(plain_logs, capsys):
    configure_logs(json=False, level=logging.WARNING)

    with stage(Stage.VIDEO_PUBLISH, lesson="lesson-1"):
        pass

    assert capsys.readouterr().err == ""


def test_another_process_can_log_in_the_same_way(plain_logs, capsys):
    assert stages.log_settings() is None
    configure_logs(json=True)
    same = stages.log_settings()
    structlog.reset_defaults()

    assert same is not None
    same()
    with stage(Stage.VIDEO_PUBLISH, lesson="lesson-1"):
        pass

    assert json.loads(capsys.readouterr().err)["event"] == "video_publish"
