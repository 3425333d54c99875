"""The account of a night equals what its ledger knows."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from presgen import pipeline
from presgen.bulletin import (
    NightAccount,
    account_of,
    forget_in_reports,
    keep_account,
    kept_account,
    page_of,
    text_of,
)
from presgen.errors import BadInput
from presgen.model.lesson import LessonStatus
from tests.factories import make_answer
from tests.nights import make_learner_record, make_night, write_records

DUE = datetime(2126, 1, 1, tzinfo=UTC)


class Kept:
    """A night of two lessons, one that is not needed, one that failed, and a record that makes no sense."""

    def __init__(self, folder: Path) -> None:
        well = make_learner_record(3, answers=(make_answer("q2", is_correct=True),), gaps=())
        source = write_records(folder, [make_learner_record(1), make_learner_record(2), well])
        with (folder / "records.jsonl").open("a") as file:
            file.write('{"learner": {"id": "L-<b>9", "name": "Bo Sample"}}\n')
        self.night = make_night(folder, "night-1", cpu_hour_price=36.0)
        self.night.ledger.note_event("night-1", "test", "nothing", {})
        pipeline.produce(self.night, source)
        [*_, last] = [e for e in self.night.ledger.lessons("night-1") if e.status is LessonStatus.PUBLISHED]
        self.night.ledger.reset(last.lesson_id, run_id="night-1", why="test")
        self.failed = last.lesson_id
        pipeline.fail_lesson(self.night, last.lesson_id, BadInput("An <i>exhibit</i> has no rows."))
        self.report = pipeline.report(self.night)
        self.night.ledger.figures.note_due("night-1", DUE)
        self.page = keep_account(self.night, self.report)
        self.account = kept_account(self.night.workspace, "night-1")


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Kept:
    return Kept(tmp_path_factory.mktemp("kept"))


def test_it_counts_what_the_ledger_counts(kept: Kept):
    account, ledger = kept.account, kept.night.ledger

    assert account.lessons == kept.report.lessons == {"failed": 1, "not_needed": 1, "published": 1}
    assert (account.needed, account.published, account.failed, account.quarantined) == (2, 1, 1, 1)
    assert [(one.cause, one.count) for one in account.causes] == [("BadInput", 1)]
    figures = ledger.figures.night("night-1")
    assert (account.rendered, account.places) == (figures.rendered, figures.places)
    assert account.reused == figures.reused > 0
    assert account.cpu == figures.cpu == [one.cpu for one in account.before if one.run_id == "night-1"].pop()
    spent = {one.stage: one for one in account.stages}
    events = [e for e in ledger.events("night-1") if e.name == "avatar_render"]
    assert spent["avatar_render"].times == len(events)
    assert account.cpu == pytest.approx(sum(one.cpu for one in account.stages), abs=0.01)
    assert account.cost == pytest.approx(account.cpu / 100)
    assert account.audit_head == ledger.trail.head() != ""
    assert [one.where for one in account.set_aside] == ["records.jsonl:4"]


def test_the_deadline_is_held_against_the_end(kept: Kept):
    ended = datetime.fromisoformat(kept.account.ended)

    def due(moment: datetime | None) -> NightAccount:
        kept.night.ledger.figures.note_due("night-1", moment)
        return account_of(kept.night.ledger, kept.report)

    early, late, never = (
        due(each) for each in (ended + timedelta(minutes=7), ended - timedelta(minutes=7), None)
    )
    kept.night.ledger.figures.note_due("night-1", DUE)

    assert (early.spare, late.spare) == (420, -420)
    assert "7 min 00 s before the deadline" in text_of(early)
    assert "7 min 00 s after the deadline" in text_of(late)
    assert "missed" in page_of(late)
    assert never.spare is None


def test_the_page_is_whole_by_itself_and_runs_nothing(kept: Kept):
    page = kept.page.read_text("utf-8")

    assert not re.search(r"<script|<link|<img|@import|url\(|https?://|\son\w+=", page)
    assert "&lt;i&gt;exhibit&lt;/i&gt;" in page
    assert "<i>" not in page
    assert "prefers-color-scheme: dark" in page
    assert "@media print" in page


def test_every_chart_says_what_it_is_and_stands_beside_a_table(kept: Kept):
    page = kept.page.read_text("utf-8")
    charts = re.findall(r"<svg.*?</svg>", page, re.DOTALL)

    assert len(charts) == 5
    ids: set[str] = set()
    for chart in charts:
        drawn = ET.fromstring(chart)
        title, told = drawn[0], drawn[1]
        assert (title.tag, told.tag) == ("title", "desc")
        assert title.text
        assert told.text
        assert drawn.get("aria-labelledby") == f"{title.get('id')} {told.get('id')}"
        ids |= {str(title.get("id")), str(told.get("id"))}
    assert len(ids) == 10
    assert page.count("<table>") >= len(charts)


def test_the_lines_for_an_e_mail_hold_the_numbers(kept: Kept):
    text = text_of(kept.account)

    assert "FAILED: 1 of 2 lessons are published; 1 are not." in text
    assert "1  BadInput: An <i>exhibit</i> has no rows." in text
    assert "records.jsonl:4" in text
    assert kept.account.audit_head in text
    assert max(map(len, text.splitlines())) < 200


def test_nobody_is_named(kept: Kept):
    written = "".join(path.read_text("utf-8") for path in kept.page.parent.glob("report.*"))

    pseudonyms = [entry.pseudonym for entry in kept.night.ledger.lessons("night-1")]
    for secret in ("Ada", "Bo Sample", "@example.org", "L-1", *pseudonyms):
        assert secret not in written


def test_whoever_is_erased_is_taken_out_of_the_reports(kept: Kept, tmp_path: Path):
    place = tmp_path / "reports" / "night-1"
    place.mkdir(parents=True)
    for path in kept.page.parent.glob("report.*"):
        (place / path.name).write_bytes(path.read_bytes())

    assert forget_in_reports(tmp_path, [kept.failed]) == 3
    assert kept.failed not in "".join(path.read_text("utf-8") for path in place.iterdir())
    assert json.loads((place / "report.json").read_text("utf-8"))["needed"] == 2


def test_a_run_without_a_report_is_told_apart(kept: Kept):
    with pytest.raises(BadInput, match="no report of run 'night-9'"):
        kept_account(kept.night.workspace, "night-9")


def test_a_night_of_nothing_has_a_page_too(tmp_path: Path):
    night = make_night(tmp_path)
    report = pipeline.report(night)

    account = account_of(night.ledger, report)

    assert account.needed == account.places == 0
    assert "Nobody needed a lesson." in page_of(account)


def test_shares_that_are_not_all_never_read_as_all(kept: Kept):
    fields: dict[str, Any] = {"needed": 10_000, "published": 9_999}

    page = page_of(NightAccount.model_validate(kept.account.model_dump() | fields))

    assert "99.9 %" in page
    assert "100 %" not in page.split("Published</dt>")[1][:60]
