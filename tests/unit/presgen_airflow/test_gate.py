"""Findings as an operator sees them."""

from __future__ import annotations

from presgen.model.base import Seconds
from presgen.model.quality import Finding, Remedy, Severity
from presgen_airflow.gate import summary_of, table_of

FOUND = (
    Finding(check="captions-can-be-read", severity=Severity.WARN, message="Caption 3 is [bold]empty[/bold]."),
    Finding(
        check="narration-is-at-level",
        severity=Severity.REJECT,
        message="'Ports' is at -30.1 LUFS; -16 within 1 would be fine.",
        at=Seconds(12.5),
        remedy=Remedy.REMIX_LOUDNESS,
    ),
)


def test_the_table_is_plain_text_with_the_worst_first():
    table = table_of(FOUND)

    lines = table.splitlines()
    assert lines.index(next(each for each in lines if "LUFS" in each)) < len(lines) - 2
    assert "| reject   | narration-is-at-level | 12.50 s |" in table
    assert "remix_loudness" in table
    assert "\x1b" not in table
    assert all(len(line) <= 160 for line in lines)


def test_what_a_finding_says_is_never_taken_for_markup():
    assert "[bold]empty[/bold]" in table_of(FOUND)


def test_the_summary_counts_and_names_checks_and_quotes_nothing():
    assert summary_of(FOUND) == {
        "counts": {"reject": 1, "warn": 1},
        "checks": ["captions-can-be-read", "narration-is-at-level"],
    }
