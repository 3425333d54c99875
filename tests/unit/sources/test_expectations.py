"""What a table of records has to look like."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from presgen.errors import BadInput
from presgen.sources import expectations
from presgen.sources.cleaning import clean_record
from presgen.sources.expectations import ONCE, SUITE, flat_row, problem_of, unmet_rules
from tests.unit.sources.exports import make_export


def make_row(number=1, **cells):
    return flat_row(f"learner-{number}", clean_record(make_export())) | cells


def test_a_faultless_record_breaks_no_rule():
    assert unmet_rules([make_row(1), make_row(2)]) == {}


def test_the_table_holds_no_learner_data():
    record = clean_record(make_export("L-4711"))

    cells = flat_row("learner-x", record).values()

    assert not {"L-4711", "Ada Example", "ada@example.org"} & set(map(str, cells))


BROKEN = [
    ({"learner": None}, "learner.id", "absent", "every record needs one."),
    ({"certification": None}, "certification.id", "absent", "every record needs one."),
    ({"assessment": None}, "gap_analysis.workflow_id", "absent", "every record needs one."),
    ({"overall_score": 131.5}, "gap_analysis.overall_score", "131.5", "it has to lie between 0 and 100."),
    ({"overall_score": -1.0}, "gap_analysis.overall_score", "-1", "it has to lie between 0 and 100."),
    (
        {"total_questions": 5.0},
        "gap_analysis.total_questions",
        "5",
        "2 right and 2 wrong answers do not add up to it.",
    ),
    (
        {"correct_answers": -1.0, "marked_answers": 4.0},
        "gap_analysis.correct_answers",
        "-1",
        "it has to be at least 0.",
    ),
    (
        {"incorrect_answers": -1.0, "wrong_answers": 0.0},
        "gap_analysis.incorrect_answers",
        "-1",
        "it has to be at least 0.",
    ),
    ({"answers": 5.0}, "answers", "5", "there are only 4 questions."),
    ({"wrong_answers": 3.0}, "answers", "3", "only 2 are reported wrong."),
    ({"least_severity": -0.5}, "gap_analysis.skill_gaps.severity", "-0.5", "it has to lie between 0 and 10."),
    (
        {"greatest_severity": 11.0},
        "gap_analysis.skill_gaps.severity",
        "11",
        "it has to lie between 0 and 10.",
    ),
    ({"least_score": -5.0}, "gap_analysis.performance_by_domain", "-5", "it has to lie between 0 and 100."),
    (
        {"greatest_score": 250.0},
        "gap_analysis.performance_by_domain",
        "250",
        "it has to lie between 0 and 100.",
    ),
]


def test_every_broken_rule_is_found_in_its_row_only():
    rows = [make_row(0), *(make_row(number, **cells) for number, (cells, *_) in enumerate(BROKEN, start=1))]

    unmet = unmet_rules(rows)

    assert sorted(unmet) == list(range(1, len(rows)))
    for number, (_, field, value, reason) in enumerate(BROKEN, start=1):
        [rule, *_] = unmet[number]
        problem = problem_of(rule, rows[number])
        assert (problem.field, problem.value, problem.reason) == (field, value, reason)


def test_every_rule_of_the_suite_is_broken_by_a_test():
    rows = [make_row(number, **cells) for number, (cells, *_) in enumerate(BROKEN)]

    broken = {rule.field + rule.column for rules in unmet_rules(rows).values() for rule in rules}

    assert broken == {rule.field + rule.column for rule in SUITE if rule is not ONCE} | {
        "gap_analysis.total_questionstotal_questions"
    }


def test_a_learner_may_be_there_once_for_each_course():
    rows = [make_row(1), make_row(1), make_row(1, certification="another"), make_row(2)]

    assert unmet_rules(rows) == {0: [ONCE], 1: [ONCE]}


def test_absent_numbers_break_no_rule_because_the_model_names_them_better():
    absent = make_row(
        **dict.fromkeys(
            [column for column, cell in make_row().items() if isinstance(cell, float)],
        )
    )

    assert unmet_rules([absent]) == {}


def test_no_rows_need_no_library(monkeypatch):
    monkeypatch.setattr(expectations, "_validate", pytest.fail)

    assert unmet_rules([]) == {}


def test_an_expectation_that_could_not_be_evaluated_is_an_error_and_no_pass(monkeypatch):
    whole = expectations._table
    monkeypatch.setattr(expectations, "_table", lambda rows: whole(rows).drop(columns="overall_score"))

    with pytest.raises(BadInput, match="could not evaluate ExpectColumnValuesToBeBetween"):
        unmet_rules([make_row()])


def test_great_expectations_writes_no_file_and_calls_nobody(tmp_path):
    script = """
import socket
def refuse(*_): raise SystemExit("Great Expectations called somebody")
socket.socket.connect = socket.create_connection = socket.getaddrinfo = refuse
from tests.unit.sources.test_expectations import make_row
from presgen.sources.expectations import unmet_rules
assert unmet_rules([make_row(overall_score=101.0)])
"""
    root = Path(__file__).parents[3]
    home = tmp_path / "home"
    home.mkdir()

    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=home,
        env={
            "PATH": os.environ["PATH"],
            "HOME": str(home),
            "TMPDIR": str(home),
            "PYTHONPATH": f"{root}:{root / 'include'}",
        },
        capture_output=True,
        text=True,
        check=False,
    )

    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert [path for path in home.rglob("*") if path.is_file()] == []
