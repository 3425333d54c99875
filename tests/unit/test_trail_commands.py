"""The commands that ask the ledger, on the lesson of one learner."""

from __future__ import annotations

import json
import shutil
import sqlite3
from contextlib import closing

import pytest
import structlog
from typer.testing import CliRunner

from presgen import pipeline, stages
from presgen.cli import app
from presgen.console import BAD_REQUEST, SOME_FAILED
from tests.factories import make_answer
from tests.nights import STAMP, make_learner_record, make_night, write_records


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("deployment")
    night = make_night(folder)
    assert pipeline.produce(night, write_records(folder, [make_learner_record()])).passed
    return folder


@pytest.fixture
def run(folder):
    """Run a command on that deployment."""

    def run(*words, code=0):
        result = CliRunner().invoke(
            app, [str(word) for word in (*words, "--workspace", folder / "workspace")], catch_exceptions=False
        )
        structlog.reset_defaults()
        assert result.exit_code == code, result.output
        return result.output

    yield run
    stages._chosen = None


@pytest.fixture
def made(folder):
    [lesson] = make_night(folder).ledger.lessons()
    return lesson


def film_of(folder):
    [film] = (folder / "output").rglob("*.mp4")
    return film


def test_status_counts_the_lessons_and_tells_of_the_last_run(run):
    assert json.loads(run("status", "--json"))["lessons"] == {"published": 1}
    assert "run-1" in run("status")


def test_runs_are_listed(run):
    [listed] = json.loads(run("runs", "--json"))

    assert (listed["run_id"], listed["passed"]) == ("run-1", True)
    assert (listed["lessons"], listed["set_aside"]) == ({"published": 1}, 0)
    assert listed["cpu"] > 0
    assert "passed" in run("runs")
    assert "1 of 1" in run("runs")


def test_the_head_that_a_run_left_is_in_the_trail(run):
    [listed] = json.loads(run("runs", "--json"))
    [(head, of)] = [line.split() for line in run("runs").splitlines() if line.endswith(" run-1")]

    assert (head, of) == (listed["audit_head"], "run-1")
    run("audit", "verify", "--head", head)


@pytest.mark.parametrize("head", ["", "e65ab4e99455", "HEAD"])
def test_a_head_that_is_cut_short_is_no_alarm(run, head):
    assert "64 hexadecimal digits" in run("audit", "verify", "--head", head, code=BAD_REQUEST)


def test_a_head_of_another_trail_is_one(run):
    assert "another one" in run("audit", "verify", "--head", "f" * 64, code=SOME_FAILED)


def test_a_lesson_is_told_in_full(run, made):
    told = json.loads(run("lesson", made.lesson_id, "--json"))

    assert told["lesson"]["status"] == "published"
    assert told["seconds"][0]["starts"] == 0
    assert told["seconds"][-1]["ends"] == made.duration
    assert [verdict["passed"] for verdict in told["verdicts"]] == [True]
    assert {"video", "manifest"} <= {asset["role"] for asset in told["assets"]}
    assert "publi" in run("lesson", made.lesson_id)


def test_why_takes_the_file_that_was_delivered_or_the_lesson(run, made, folder):
    by_file = json.loads(run("why", film_of(folder), "2.5", "--json"))
    by_lesson = json.loads(run("why", made.lesson_id, "2.5", "--json"))

    assert by_file == by_lesson
    assert by_file["section"]["kind"] == "opening"
    assert "Port 80" in run("why", film_of(folder), "2.5")


def test_trace_tells_the_seconds_of_an_answer(run, made):
    [told] = json.loads(run("trace", "q1", "--learner", made.pseudonym, "--json"))["told"]

    assert told["spans"][0]["kind"] == "remedy"
    assert "remedy" in run("trace", "q1")


@pytest.mark.parametrize(
    "words",
    [("why", "nowhere.mp4", "1"), ("why", "lesson-0", "1"), ("trace", "q404"), ("lesson", "lesson-0")],
)
def test_what_nobody_knows_is_refused_in_one_line(run, words):
    assert run(*words, code=BAD_REQUEST).startswith("presgen: ")


def test_an_intact_trail_is_told_with_its_head(run, folder):
    told = json.loads(run("audit", "verify", "--json"))

    assert told["intact"]
    assert told["head"] == make_night(folder).ledger.trail.head()
    assert "intact" in run("audit", "verify", "--head", told["head"])


def test_a_trail_that_was_tampered_with_fails_the_command_and_names_the_place(run, folder):
    with closing(sqlite3.connect(folder / "workspace" / "ledger.sqlite")) as other:
        other.execute("DROP TRIGGER trail_events_update")
        other.execute("UPDATE trail_events SET run_id = 'run-2' WHERE number = 2")
        other.commit()
        told = run("audit", "verify", code=SOME_FAILED)
        other.execute("UPDATE trail_events SET run_id = 'run-1' WHERE number = 2")
        other.commit()

    assert "Event 2 was changed" in told
    assert "intact" in run("audit", "verify")


def test_a_lock_is_written_and_verified(run, made, tmp_path):
    lock = tmp_path / "lesson.lock.json"

    run("lock", made.lesson_id, "--output", lock)

    assert json.loads(run("verify", lock, "--json"))["same"]
    changed = json.loads(lock.read_text())
    changed["script"] = "0" * 64
    lock.write_text(json.dumps(changed))
    told = run("verify", lock, code=SOME_FAILED)
    assert "Altered: script is '000" in told
    assert "NOT the lock" in told


@pytest.mark.parametrize("place", [".", "/proc/presgen/lesson.lock.json", "file/lesson.lock.json"])
def test_a_lock_that_cannot_be_written_there_is_told_in_one_line(run, made, tmp_path, place):
    (tmp_path / "file").touch()

    told = run("lock", made.lesson_id, "--output", tmp_path / place, code=BAD_REQUEST)

    assert told.startswith("presgen: ")
    assert "cannot be written" in told
    assert [each.name for each in tmp_path.iterdir()] == ["file"]


def test_what_is_no_lock_is_refused(run, tmp_path):
    (tmp_path / "nonsense").write_text("{}")

    assert "no lock" in run("verify", tmp_path / "nonsense", code=BAD_REQUEST)


def unfolded(table):
    """Return what the cells of a table's last column say, without the breaks between its lines."""
    return "".join(line.rstrip().rstrip("│").rpartition("│")[2].strip() for line in table.splitlines())


def test_nothing_that_people_copy_is_cut_short(run, made, folder):
    film = film_of(folder).relative_to(folder / "output")

    assert made.editions in unfolded(run("lesson", made.lesson_id))
    assert str(film) in unfolded(run("why", made.lesson_id, "2.5"))
    assert "…" not in run("runs")


def test_a_lesson_is_told_as_it_is_and_not_as_it_was(own, monkeypatch):
    copy, run = own
    record = make_learner_record(answers=[make_answer("q1", user_answer="Port 22")])
    night = make_night(copy, "run-2")
    assert pipeline.produce(night, write_records(copy, [record])).passed
    [lesson] = night.ledger.lessons()

    told = json.loads(run("lesson", lesson.lesson_id, "--json").stdout)

    assert len(told["verdicts"]) == 1
    assert [asset["role"] for asset in told["assets"]].count("video") == 1
    assert len(told["assets"]) == 9


@pytest.fixture
def own(folder, tmp_path, monkeypatch):
    """A copy of the deployment for a command that changes it, and how to run one there."""
    copy = shutil.copytree(folder, tmp_path / "deployment")
    monkeypatch.setenv("PRESGEN_OUTPUT", str(copy / "output"))
    monkeypatch.setenv("PRESGEN_PSEUDONYM_KEY", "k" * 32)
    monkeypatch.setenv("PRESGEN_RENDERER", "card")
    monkeypatch.setenv("PRESGEN_FORMATS", STAMP)

    def run(*words):
        words = (*words, "--workspace", str(copy / "workspace"))
        return CliRunner().invoke(app, list(words), catch_exceptions=False)

    return copy, run


def test_a_damaged_report_costs_its_run_the_head_alone(own):
    copy, run = own
    [report] = (copy / "workspace" / "reports").glob("run-1*.json")
    report.write_text("{")

    listed, told = run("runs"), run("runs", "--json")

    assert (listed.exit_code, told.exit_code) == (0, 0)
    assert "1 of 1" in listed.stdout
    assert "audit head of the run run-1 is not known" in listed.stderr
    assert json.loads(told.stdout)[0]["audit_head"] == ""


def test_a_trail_without_its_head_stops_the_night_and_says_so(own):
    copy, run = own
    with closing(sqlite3.connect(copy / "workspace" / "ledger.sqlite")) as other:
        for name in other.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            other.execute(f"DROP TRIGGER {name[0]}")
        other.execute("UPDATE trail_head SET nodes = 3")
        other.commit()
    night = make_night(copy, "run-2")

    assert not pipeline.produce(night, write_records(copy, [make_learner_record(2)])).passed

    [lesson] = night.ledger.lessons("run-2")
    assert lesson.cause == "TrailDamaged"
    assert "presgen audit verify" in lesson.reason
    verified = run("audit", "verify")
    assert verified.exit_code == SOME_FAILED
    assert "3 nodes were numbered" in verified.stdout


@pytest.mark.parametrize(
    "words",
    [
        ("status",),
        ("runs",),
        ("lesson", "lesson-1"),
        ("why", "lesson-1", "1"),
        ("trace", "q1"),
        ("lock", "lesson-1"),
        ("erase", "L-1"),
        ("erase", "--expired"),
        ("audit", "verify"),
        ("timeline", "lesson-1"),
        ("metrics",),
        ("report",),
    ],
)
def test_a_ledger_that_is_not_there_is_missed_and_not_made(tmp_path, words):
    place = tmp_path / "typo"

    told = CliRunner().invoke(app, [*words, "--workspace", str(place)], catch_exceptions=False)

    assert (told.exit_code, told.stdout) == (BAD_REQUEST, "")
    assert str(place) in told.stderr
    assert "PRESGEN_WORKSPACE" in told.stderr
    assert not place.exists()


def test_a_lock_is_not_held_against_a_ledger_that_is_not_there(run, made, tmp_path):
    lock = tmp_path / "lesson.lock.json"
    run("lock", made.lesson_id, "--output", lock)

    words = ["verify", str(lock), "--workspace", str(tmp_path / "typo")]
    told = CliRunner().invoke(app, words, catch_exceptions=False)

    assert told.exit_code == BAD_REQUEST
    assert "no ledger" in told.stderr
    assert not (tmp_path / "typo").exists()


def test_a_time_that_no_calendar_holds_is_refused(own, monkeypatch):
    _, run = own
    monkeypatch.setenv("PRESGEN_RETENTION_DAYS", "999999")

    told = run("erase", "--expired")

    assert told.exit_code == BAD_REQUEST
    assert "PRESGEN_RETENTION_DAYS" in told.stderr
    monkeypatch.setenv("PRESGEN_RETENTION_DAYS", "36500")
    assert "nobody to erase" in run("erase", "--expired").stdout


def test_a_learner_is_erased_by_id_and_then_unknown(own):
    copy, run = own

    erased = run("erase", "L-1")

    assert (erased.exit_code, erased.stdout[:17]) == (0, "Erased: 1 lessons")
    assert not list((copy / "output").rglob("*.mp4"))
    again = run("erase", "L-1")
    assert again.exit_code == BAD_REQUEST
    assert "PRESGEN_PSEUDONYM_KEY" in again.stderr
    assert "L-1" not in again.stderr


def test_who_cannot_be_erased_is_told_with_the_remedy_and_the_command_fails(own, monkeypatch, made):
    copy, run = own
    monkeypatch.setenv("PRESGEN_RETENTION_DAYS", "1")
    monkeypatch.setattr("presgen.erasing.expired", lambda *_: (made.pseudonym,))
    monkeypatch.setenv("PRESGEN_OUTPUT", str(copy / "nowhere"))

    told = run("erase", "--expired")

    assert (told.exit_code, told.stdout) == (SOME_FAILED, "")
    assert made.pseudonym in told.stderr
    assert "Set PRESGEN_OUTPUT" in told.stderr
    monkeypatch.setenv("PRESGEN_OUTPUT", str(copy / "output"))
    assert json.loads(run("erase", "--expired", "--json").stdout)[0]["lessons"] == 1


def test_nobody_is_named_or_everybody_whose_time_is_over(own):
    _, run = own

    assert "Name one learner, or ask for --expired" in run("erase").stderr
    assert "PRESGEN_RETENTION_DAYS" in run("erase", "--expired").stderr
