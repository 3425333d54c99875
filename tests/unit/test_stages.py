from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
import structlog
from structlog.testing import capture_logs

from presgen import stages
from presgen.errors import BadInput, QualityRejected, StoreUnavailable
from presgen.stages import Stage, cause_of, configure_logs, kept_by, reason_of, stage, waited


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
    assert line.pop("cpu") >= 0
    assert line == {
        "event": "tts_synthesize",
        "section": "abc",
        "seconds": 3.5,
        "outcome": "ok",
        "log_level": "info",
    }


def test_cpu_seconds_are_counted_once_however_stages_lie_in_each_other():
    with capture_logs() as lines, stage(Stage.AVATAR_RENDER), stage(Stage.TTS_SYNTHESIZE):
        busy_until = time.process_time() + 0.05
        while time.process_time() < busy_until:
            pass

    speech, picture = lines
    assert speech["cpu"] >= 0.05
    assert picture["cpu"] < 0.04


def test_the_cpu_seconds_of_a_child_that_has_ended_count():
    child = "import time\nwhile time.process_time() < 0.1: pass"
    with stage(Stage.LESSON_JOIN) as facts:
        subprocess.run([sys.executable, "-c", child], check=True)

    assert facts["cpu"] >= 0.1


def test_the_nearest_keeper_keeps_what_the_stages_in_its_block_tell():
    outer, inner = [], []

    def keeper(kept):
        return lambda name, facts: kept.append((name, facts["outcome"]))

    with kept_by(keeper(outer)), stage(Stage.AVATAR_RENDER):
        with stage(Stage.TTS_SYNTHESIZE):
            pass
        with kept_by(keeper(inner)), pytest.raises(BadInput), stage(Stage.QA_INSPECT):
            raise BadInput("No words.")

    assert outer == [("tts_synthesize", "ok"), ("avatar_render", "ok")]
    assert inner == [("qa_inspect", "failed")]


def test_a_keeper_that_is_away_hides_no_error():
    def away(name, facts):
        raise StoreUnavailable("The ledger is away.")

    with kept_by(away), pytest.raises(BadInput), stage(Stage.QA_INSPECT):
        raise BadInput("No words.")
    with kept_by(away), pytest.raises(StoreUnavailable), stage(Stage.QA_INSPECT):
        pass


def test_waiting_is_told_like_a_stage():
    with capture_logs() as lines:
        waited(Stage.RENDER_WAIT, -0.5, lesson="lesson-1")

    [line] = lines
    assert (line["event"], line["latency"], line["cpu"], line["lesson"]) == ("render_wait", 0, 0, "lesson-1")


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


CHATTER = """
import os
from presgen.stages import Stage, configure_logs, waited

configure_logs(json=True)
for process in range(4):
    if os.fork() == 0:
        for number in range(500):
            waited(Stage.RENDER_WAIT, number, lesson="lesson-" + 200 * "0")
        os._exit(0)
for process in range(4):
    assert os.wait()[1] == 0
"""


@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_lines_of_several_processes_stay_lines(unbuffered):
    path = str(Path(__file__).parents[2] / "include")
    said = subprocess.run(
        [sys.executable, "-c", CHATTER],
        env={**os.environ, "PYTHONPATH": path, "PYTHONUNBUFFERED": unbuffered},
        capture_output=True,
        check=True,
    ).stderr

    lines = [json.loads(line) for line in said.splitlines()]
    assert sorted(line["latency"] for line in lines) == sorted(4 * list(range(500)))
