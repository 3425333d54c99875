"""Nights as the ledger has them, made without rendering anything."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from presgen.alerting import Limits
from presgen.ledger import Ledger, SectionOutcome, open_ledger
from presgen.ledger.contents import Content, Part
from presgen.model.base import Seconds
from presgen.model.lesson import LessonStatus
from presgen.model.references import NightReport

NIGHT = "night-1"
_WAY = (
    LessonStatus.SCRIPT_GENERATED,
    LessonStatus.AVATAR_RENDERING,
    LessonStatus.AVATAR_VIDEOS_GENERATED,
    LessonStatus.QA_PASSED,
    LessonStatus.PUBLISHED,
)


class Book:
    """Writes nights into a ledger."""

    def __init__(self, ledger: Ledger) -> None:
        self.ledger = ledger
        self.count = 0

    def lesson(self, status: LessonStatus, run_id: str = NIGHT, cause: str = "", reason: str = "") -> str:
        """Enter a lesson and take it to that status."""
        self.count += 1
        lesson_id = f"lesson-{self.count:016x}"
        self.ledger.begin_run(run_id)
        self.ledger.enter_lesson(
            run_id,
            lesson_id,
            pseudonym=f"learner-{self.count:012d}",
            certification="networking",
            record="r" * 64,
        )
        if status is LessonStatus.NOT_NEEDED:
            self.ledger.advance(lesson_id, status, run_id=run_id)
        for step in _WAY:
            if status in (LessonStatus.PENDING, LessonStatus.NOT_NEEDED):
                break
            if status is LessonStatus.FAILED and step is LessonStatus.AVATAR_VIDEOS_GENERATED:
                break
            if status is LessonStatus.QUARANTINED and step is LessonStatus.QA_PASSED:
                break
            if status is LessonStatus.DELIVERY_BLOCKED and step is LessonStatus.PUBLISHED:
                break
            self.ledger.advance(lesson_id, step, run_id=run_id)
            if step is status:
                break
        if status in (LessonStatus.FAILED, LessonStatus.QUARANTINED, LessonStatus.DELIVERY_BLOCKED):
            self.ledger.end(lesson_id, status, run_id=run_id, cause=cause, reason=reason)
        return lesson_id

    def lessons(self, count: int, status: LessonStatus, **fields: str) -> list[str]:
        """Enter several lessons of one kind."""
        return [self.lesson(status, **fields) for _ in range(count)]

    def stage(self, name: str, latency: float, run_id: str = NIGHT, **facts: Any) -> None:
        """Note that a stage has ended."""
        told = {"outcome": "ok", "latency": latency, **facts}
        self.ledger.note_event(run_id, name, "k" * 64, told)

    def failed_section(self, slug: str, key: str, lessons: list[str], reason: str = "no frame") -> None:
        """Note that a section failed, which those lessons need."""
        self.ledger.note_section(
            NIGHT,
            key,
            SectionOutcome.REJECTED,
            slug=slug,
            kind="remedy",
            cause="QualityRejected",
            reason=reason,
        )
        part = Part(edition=0, format="stamp", number=0, slug=slug, kind="remedy", title="Ports", key=key)
        self.ledger.contents.note(
            Content(
                lesson_id=lesson,
                title="A lesson",
                persona="mentor",
                locale="en-US",
                planned=Seconds(60),
                parts=(part,),
            )
            for lesson in lessons
        )


@pytest.fixture(scope="session")
def fresh_ledger(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The file of a new ledger: making one anew for every test would take most of their time."""
    file = tmp_path_factory.mktemp("ledger") / "ledger.sqlite"
    open_ledger(f"sqlite:///{file}").begin_run(NIGHT)
    whole = file.with_name("whole.sqlite")
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("VACUUM INTO ?", (str(whole),))
    return whole.read_bytes()


@pytest.fixture
def book(tmp_path: Path, fresh_ledger: bytes) -> Book:
    """A ledger with one run, in which nothing has happened."""
    file = tmp_path / "ledger.sqlite"
    file.write_bytes(fresh_ledger)
    return Book(open_ledger(f"sqlite:///{file}"))


@pytest.fixture
def limits() -> Limits:
    """A fifth of the lessons, or twenty, or a section that more than five learners need."""
    return Limits(ratio=0.2, failures=20, section_learners=5)


@pytest.fixture
def report() -> Callable[..., NightReport]:
    """A maker of night reports; those of good nights unless told otherwise."""

    def make(**fields: Any) -> NightReport:
        defaults: dict[str, Any] = {
            "run_id": NIGHT,
            "lessons": {},
            "quarantined": 0,
            "sections_rendered": 0,
            "sections_reused": 0,
            "film": Seconds(0),
            "failures": {},
            "passed": True,
        }
        return NightReport(**defaults | fields)

    return make
