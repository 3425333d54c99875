"""Runs that somebody starts: rehearsed first, or for a night that is long past."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from tests.dags.conftest import Ran
from tests.nights import make_learner_record

Night = Callable[..., Ran]


def test_a_dry_run_makes_nothing_and_says_what_it_would_make(night: Night, capfd):
    ran = night(make_learner_record(1), make_learner_record(2), dry_run=True)

    assert ran.state == "success"
    assert ran.states("report") == ["success"]
    assert not ran.ledger.lessons()
    assert not ran.output.exists()
    assert not ran.workspace.sections.keys()
    would = ran.report.rehearsal
    assert would is not None
    assert would.lessons == 2
    assert "2 lessons would be made" in capfd.readouterr().out
    assert "Ada1" not in ran.xcoms


@pytest.mark.slow
def test_a_night_that_is_long_past_finds_everything_done(night: Night):
    ran = night(make_learner_record(1), at=datetime(2026, 11, 22, 2, tzinfo=UTC))
    delivered = {path: path.stat().st_mtime_ns for path in ran.output.rglob("*") if path.is_file()}
    entries = ran.ledger.lessons()

    backfill = night(make_learner_record(1), at=datetime(2026, 10, 3, 2, tzinfo=UTC))

    assert backfill.state == "success"
    assert backfill.run_id != ran.run_id
    assert backfill.report.sections_rendered == 0
    assert delivered == {path: path.stat().st_mtime_ns for path in ran.output.rglob("*") if path.is_file()}
    assert ran.ledger.lessons() == entries
