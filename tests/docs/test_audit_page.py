"""What `docs/audit.md` tells people to type works, and says what the page shows."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
import structlog
from typer.testing import CliRunner

from presgen import pipeline, stages
from presgen.cli import app
from tests.nights import STAMP, make_learner_record, make_night, write_records

PAGE = Path(__file__).parents[2] / "docs" / "audit.md"
LEARNER, QUESTION, LESSON = "L-1003", "q13", "lesson-76564a12b0bd12d9"
"""Those of the page."""


def examples():
    """Return the commands of the page, each with the lines that are shown of what it prints."""
    found = []
    for line in PAGE.read_text(encoding="utf-8").splitlines():
        if re.match(r" {4}(PRESGEN_\w+=\S+ )?presgen ", line):
            found.append((line.strip(), []))
        elif line.startswith("#"):
            found.append(("", []))
        elif found and found[-1][0] and re.match(r" {4}[A-Z][a-z]+\b.*[.…]$| {4}lesson-", line):
            found[-1][1].append(line.strip())
    return [(command, shown) for command, shown in found if command]


@pytest.fixture
def run(tmp_path, monkeypatch):
    """Run a line of the page on the lesson of one learner."""
    night = make_night(tmp_path, credentials="local", budget=60.0)
    source = write_records(tmp_path, [make_learner_record()])
    assert pipeline.produce(night, source).passed
    [lesson] = night.ledger.lessons()
    monkeypatch.chdir(tmp_path)
    for name, value in {"WORKSPACE": "workspace", "RENDERER": "card", "FORMATS": STAMP}.items():
        monkeypatch.setenv(f"PRESGEN_{name}", value)
    monkeypatch.setenv("PRESGEN_PSEUDONYM_KEY", "k" * 32)
    here = {LEARNER: "L-1", QUESTION: "q1", LESSON: lesson.lesson_id}

    def run(line):
        words = [here.get(word, word) for word in shlex.split(line)]
        program = words.index("presgen")
        env = dict(word.split("=", 1) for word in words[:program])
        if LEARNER in line and not night.ledger.lessons():
            # The page erases the same learner in several ways.
            assert pipeline.produce(night, source).passed
        result = CliRunner().invoke(app, words[program + 1 :], env=env, catch_exceptions=False)
        structlog.reset_defaults()
        assert result.exit_code == 0, (line, result.output)
        return result.output

    yield run
    stages._chosen = None


def plain(text):
    """Return the text with a sign for whatever is a number or a digest, in one line."""
    return re.sub(r"\b[0-9a-f]*\d[0-9a-f.]*\b", "#", " ".join(text.split()))


def test_every_command_of_the_page_does_what_the_page_shows(run):
    lines = examples()

    for command, shown in lines:
        printed = plain(run(command))
        for line in shown:
            if not line.startswith("Altered"):
                assert plain(line.rstrip("…")).rstrip("# ") in printed
    told = {re.sub(r"^.*presgen ", "", command).split()[0] for command, _ in lines}
    assert told == {"status", "runs", "lesson", "why", "trace", "audit", "lock", "verify", "erase"}
    assert sum(len(shown) for _, shown in lines) >= 4
