"""One lesson's night, told from the ledger and from log lines alike."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest
from typer.testing import CliRunner

from presgen.cli import app
from presgen.timeline import timeline_in_ledger, timeline_in_log
from tests.conftest import ROOT
from tests.nights import make_learner_record, make_night, write_records


@pytest.fixture(scope="module")
def night(tmp_path_factory):
    """A deployment after a night of two learners in a process of its own, and the lines it has logged."""
    folder = tmp_path_factory.mktemp("deployment")
    write_records(folder, [make_learner_record(number) for number in (1, 2)])
    program = (
        "import sys, pathlib\n"
        "from presgen.stages import configure_logs\n"
        "from presgen import pipeline\n"
        "from tests.nights import make_night\n"
        "configure_logs(json=True)\n"
        "folder = pathlib.Path(sys.argv[1])\n"
        "pipeline.produce(make_night(folder), f'jsonl:{folder}/records.jsonl')\n"
    )
    ran = subprocess.run(
        [sys.executable, "-c", program, str(folder)],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT / "include"), str(ROOT)])},
        capture_output=True,
        text=True,
        check=True,
    )
    return make_night(folder), ran.stderr.splitlines()


def told(moments):
    return [moment.model_dump(exclude={"ended"}) for moment in moments]


def test_log_lines_tell_the_same_timeline_as_the_ledger(night):
    opened, lines = night
    for entry in opened.ledger.lessons():
        from_log = timeline_in_log(lines, entry.lesson_id)

        assert told(from_log) == told(timeline_in_ledger(opened.ledger, entry.lesson_id))
        stages = [moment.stage for moment in from_log]
        for before, after in (
            ("avatar_render", "lesson_join"),
            ("script_generate", "render_wait"),
            ("render_wait", "lesson_join"),
            ("lesson_join", "qa_inspect"),
            ("lesson_join", "video_publish"),
        ):
            assert stages.index(before) < len(stages) - 1 - stages[::-1].index(after), (before, after)
        assert {moment.attempt for moment in from_log} == {1}
        assert {moment.run_id for moment in from_log} == {"run-1"}


def test_lines_in_any_order_and_among_others_tell_the_same(night):
    opened, lines = night
    [entry, _] = opened.ledger.lessons()
    noise = ["", "{", "[1]", '{"event": "ti.finish"}', '{"event": "lesson_join"}', "plain text"]

    assert timeline_in_log([*reversed(lines), *noise], entry.lesson_id) == timeline_in_log(
        lines, entry.lesson_id
    )


def test_a_line_of_publishing_has_run_attempt_assets_and_digests_and_names_nobody(night):
    opened, lines = night
    published = [line for line in map(json.loads, lines) if line["event"] == "video_publish"]

    assert {line["video"] for line in published} == {entry.video for entry in opened.ledger.lessons()}
    for line in published:
        assert (line["run"], line["attempt"], line["outcome"]) == ("run-1", 1, "ok")
        assert len(line["assets"]["video"]) == 64
        assert line["latency"] >= 0
        assert line["cpu"] >= 0
    assert "Ada" not in "".join(lines)
    assert "L-1" not in "".join(lines)


def test_another_runs_stages_are_left_out_where_one_is_asked_for(night):
    opened, lines = night
    [entry, _] = opened.ledger.lessons()

    assert timeline_in_ledger(opened.ledger, entry.lesson_id, "run-2") == ()
    assert timeline_in_log(lines, entry.lesson_id, "run-2") == ()


def test_the_command_tells_it_from_either(night, tmp_path):
    opened, lines = night
    [entry, _] = opened.ledger.lessons()
    (tmp_path / "lines.jsonl").write_text("\n".join(lines))
    asked = ["timeline", entry.lesson_id, "--json"]

    by_ledger = CliRunner().invoke(app, [*asked, "--workspace", str(opened.workspace.root)])
    by_log = CliRunner().invoke(app, [*asked, "--log", str(tmp_path / "lines.jsonl")])

    stages = [moment["stage"] for moment in json.loads(by_ledger.output)]
    assert stages == [moment["stage"] for moment in json.loads(by_log.output)]
    assert "lesson_join" in stages


def test_a_price_is_told_where_there_is_one(night, monkeypatch):
    opened, _ = night
    [entry, _] = opened.ledger.lessons()
    monkeypatch.setenv("PRESGEN_CPU_HOUR_PRICE", "0.04")

    result = CliRunner().invoke(app, ["timeline", entry.lesson_id, "-w", str(opened.workspace.root)])

    assert "CPU seconds" in result.output
    assert "at 0.04 an hour" in result.output


def test_an_unknown_lesson_is_told_as_that(night):
    opened, _ = night

    result = CliRunner().invoke(app, ["timeline", "lesson-none", "-w", str(opened.workspace.root)])

    assert result.exit_code == 2


def test_all_metrics_can_be_printed(night):
    opened, _ = night

    result = CliRunner().invoke(app, ["metrics", "-w", str(opened.workspace.root)])

    assert 'presgen_lessons{status="published"} 2.0' in result.output
