"""What the ledger costs a lesson, with its audit trail: on SQLite, and on PostgreSQL where there is one.

    python benchmarks/ledger.py                 # 30 lessons
    python benchmarks/ledger.py --lessons 5     # quicker

Small lessons are made whole, from the record to the delivered folder, by the card renderer and one process.
Whatever is called in the ledger, or told to the audit trail, from writing the script to the delivery, is
measured by the wall clock, and by the processor's. Most is waiting for the disk, once a transaction that
writes: a busy machine tells little, but for the number of transactions. Shared sections are there already, as
in any night but the first.
"""

from __future__ import annotations

import argparse
import contextlib
import functools
import logging
import os
import platform
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import structlog

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "include"), str(ROOT)]

from presgen import accounting, pipeline  # noqa: E402
from presgen.ledger import (  # noqa: E402
    Ledger,
    book,
    contents,
    erasures,
    open_ledger,
    trail,
    transactions,
)
from presgen.ledger.trail import Trail  # noqa: E402
from presgen.model.learner import AssessmentRecord  # noqa: E402
from tests import postgres  # noqa: E402
from tests.factories import make_answer, make_gap, make_outline  # noqa: E402
from tests.nights import make_learner_record, make_settings, write_records  # noqa: E402

PROMISED = 20.0
"""Milliseconds a lesson, at the most, on SQLite."""

SKILLS, QUESTIONS = 2, 3
"""Gaps of a learner, and wrong answers for each."""

COMMITS = 50


class Cost(NamedTuple):
    """What the ledger took of one lesson."""

    wall: float
    """Milliseconds."""
    worked: float
    """Milliseconds of the processor."""
    reads: int
    writes: int
    """Transactions."""


class Meter:
    """Measures what is called in the ledger, the outermost call of each."""

    def __init__(self) -> None:
        self._within = False
        self._wall = self._worked = 0.0
        self._reads = self._writes = 0

    def reset(self) -> Cost:
        """Return what was measured since the last time."""
        found = Cost(1000 * self._wall, 1000 * self._worked, self._reads, self._writes)
        self._wall = self._worked = 0.0
        self._reads = self._writes = 0
        return found

    @contextlib.contextmanager
    def running(self) -> Iterator[None]:
        """Measure the block, unless it is part of one that is measured."""
        if self._within:
            yield
            return
        self._within = True
        started, spent = time.perf_counter(), time.thread_time()
        try:
            yield
        finally:
            self._wall += time.perf_counter() - started
            self._worked += time.thread_time() - spent
            self._within = False

    def measured(self, work: Callable[..., Any]) -> Callable[..., Any]:
        """Return the function with a clock on it."""

        @functools.wraps(work)
        def clocked(*arguments: Any, **named: Any) -> Any:
            with self.running():
                return work(*arguments, **named)

        return clocked

    def install(self) -> None:
        """Measure the ledger, its trail, and what the pipeline gathers for the trail."""
        for room in (Ledger, Trail):
            for name, found in list(vars(room).items()):
                if callable(found) and not name.startswith("_"):
                    setattr(room, name, self.measured(found))
        for name in ("script", "films", "verdict", "delivery"):
            told = self.measured(getattr(accounting, f"account_for_{name}"))
            setattr(pipeline, f"account_for_{name}", told)
        for kind in ("reading", "writing"):
            counted = self._counted(getattr(transactions, kind), kind)
            for module in (transactions, book, contents, erasures, trail):
                setattr(module, kind, counted)

    def _counted(self, opened: Callable[..., Any], kind: str) -> Callable[..., Any]:
        @contextlib.contextmanager
        def counting(engine: Any) -> Iterator[Any]:
            if transactions.is_open(engine):
                with opened(engine) as connection:
                    yield connection
                return
            self._reads += kind == "reading"
            self._writes += kind == "writing"
            with self.running(), opened(engine) as connection:
                yield connection

        return counting


def commit_cost(folder: Path) -> float:
    """Return how many milliseconds it takes here to write one row to SQLite, as the ledger does."""
    ledger = open_ledger(f"sqlite:///{folder / 'one-row.sqlite'}")
    taken = []
    for number in range(COMMITS):
        started = time.perf_counter()
        ledger.note_event("run", "measured", "nothing", {"number": number})
        taken.append(1000 * (time.perf_counter() - started))
    return statistics.median(taken)


def records(count: int) -> Iterator[AssessmentRecord]:
    """Make learners with the same gaps."""
    skills = [f"skill-{number}" for number in range(SKILLS)]
    answers = [
        make_answer(f"q{skill}-{number}", domain=f"Domain {skill}")
        for skill in range(SKILLS)
        for number in range(QUESTIONS)
    ]
    gaps = [
        make_gap(
            skill,
            exam_domain=f"Domain {number}",
            question_ids=tuple(f"q{number}-{each}" for each in range(QUESTIONS)),
        )
        for number, skill in enumerate(skills)
    ]
    outline = [make_outline(skill, exam_domain=f"Domain {number}") for number, skill in enumerate(skills)]
    for number in range(count):
        yield make_learner_record(number, answers=answers, gaps=gaps, outline=outline)


def measure(meter: Meter, folder: Path, lessons: int, ledger: str) -> tuple[list[Cost], int]:
    """Make the lessons; return what the ledger took of each, and how many sections one has."""
    settings = make_settings(folder, ledger_url=ledger, top_gaps=SKILLS, budget=1800.0)
    night = pipeline.open_night(settings, "run-1")
    learners = pipeline.load_learners(night, write_records(folder, records(lessons + 1)))
    for section in pipeline.plan_sections(night, learners):
        pipeline.make_section(night, section)
    costs = []
    for learner in learners:
        meter.reset()
        lesson = pipeline.produce_lesson(night, learner)
        costs.append(meter.reset())
    # The first one imports, and tells the trail of the shared sections.
    sections = night.ledger.trail.of_lesson(lesson.lesson_id, "part")
    return costs[1:], len(sections)


def main() -> None:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--lessons", type=int, default=30, choices=range(1, 1001), metavar="1-1000")
    lessons = parser.parse_args().lessons
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    meter = Meter()
    rows: list[tuple[str, list[Cost]]] = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        row = commit_cost(folder)
        meter.install()
        found, sections = measure(meter, folder / "sqlite", lessons, "")
        rows.append(("SQLite", found))
        try:
            with postgres.running_server() as url:
                rows.append(("PostgreSQL", measure(meter, folder / "postgres", lessons, url)[0]))
        except postgres.NoServer as absent:
            print(f"PostgreSQL was not measured: {absent}\n")
    print(f"{lessons} lessons of {sections} sections, one format, one publisher; milliseconds a lesson\n")
    print(f"{'':<14}{'median':>10}{'longest':>10}{'processor':>12}{'reads':>8}{'writes':>8}{'promised':>10}")
    for title, costs in rows:
        walls = [cost.wall for cost in costs]
        worked = statistics.median(cost.worked for cost in costs)
        print(
            f"{title:<14}{statistics.median(walls):>10.1f}{max(walls):>10.1f}{worked:>12.1f}"
            f"{costs[-1].reads:>8}{costs[-1].writes:>8}{f'<= {PROMISED:g}' if title == 'SQLite' else '':>10}"
        )
    print(f"\nOne row alone, on SQLite: {row:.1f}")
    print(f"{platform.machine()}, {os.cpu_count()} processors, load {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    main()
