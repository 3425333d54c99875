"""What the audit trail costs a lesson, and how fast it answers when it is large.

    python benchmarks/audit.py --sections 100000

Lessons of twenty sections are recorded in a ledger of SQLite, as the pipeline does it: scripted, rendered,
inspected and published. The first hundred are measured, each step in a transaction of its own; the others
are recorded in few large ones.
"""

from __future__ import annotations

import argparse
import os
import platform
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path[:0] = [str(ROOT / "include"), str(ROOT)]

from presgen.audit import trace, why  # noqa: E402
from presgen.ledger import open_ledger  # noqa: E402
from presgen.ledger.trail import Fact, Trail  # noqa: E402

SECTIONS = 20
ANSWERS = 12
COURSE = 400
"""Questions; an answer to one of them was given by many learners."""
PROMISED = 50.0
"""Milliseconds an answer."""
MEASURED = 100
TOGETHER = 500
"""Lessons in one transaction."""


def record(trail: Trail, number: int) -> None:
    """Record one lesson with twenty sections in four steps."""
    lesson, pseudonym, film = f"lesson-{number}", f"learner-{number}", f"film-{number}"

    def fact(kind: str, name: str, **body: object) -> Fact:
        return Fact(kind, name, body, lesson=lesson)

    def shared(kind: str, name: str) -> Fact:
        return Fact(kind, name, {"kind": "remedy", "slug": name, "title": name}, personal=False)

    asked = [(number * 7 + place * 31) % COURSE for place in range(ANSWERS)]
    answers = [fact("answer", f"q{question}", chosen="b", right="c", domain="d") for question in asked]
    gap = fact("gap", "ports", skill_name="Ports", weight=5.0, taught=True)
    plan = fact("plan", lesson, record="r", gaps=["ports"], unreviewed=[])
    texts = [shared("section", f"s{(number + place) % COURSE}") for place in range(SECTIONS)]
    parts = [fact("part", str(place), slug=texts[place].name) for place in range(SECTIONS)]
    edges = [(gap, answer) for answer in answers] + [(plan, gap)]
    for place, part in enumerate(parts):
        edges += [(part, plan), (part, gap), (part, texts[place]), (part, answers[place % ANSWERS])]
    trail.record("run", "scripted", [*answers, gap, plan, *texts, *parts], edges, pseudonym=pseudonym)
    sounds = [shared("narration", f"n-{text.name}") for text in texts]
    clips = [shared("clip", f"c-{text.name}") for text in texts]
    whole = fact("film", film, format="landscape", duration=20.0 * SECTIONS, main=True)
    spans = [
        Fact(
            "span",
            film,
            {"kind": "remedy", "slug": texts[place].name, "title": "t", "format": "landscape"},
            lesson=lesson,
            starts=20.0 * place,
            ends=20.0 * (place + 1),
        )
        for place in range(SECTIONS)
    ]
    edges = []
    for place, span in enumerate(spans):
        edges += [(span, parts[place]), (span, clips[place]), (whole, span)]
        edges += [(clips[place], sounds[place]), (sounds[place], texts[place])]
    trail.record("run", "rendered", [*sounds, *clips, whole, *spans], edges, pseudonym=pseudonym)
    verdict = fact("verdict", film, passed=True, findings=[])
    trail.record("run", "inspected", [verdict], [(verdict, whole)], pseudonym=pseudonym)
    assets = [fact("asset", f"{film}-{role}", role=str(role), publisher="folder") for role in range(9)]
    trail.record("run", "published", assets, [(asset, whole) for asset in assets], pseudonym=pseudonym)


def timed(work: Callable[[int], object], times: int) -> tuple[float, float, float]:
    """Return the median and the longest time, and the median of the processor's, in milliseconds."""
    taken, worked = [], []
    for number in range(times):
        started, spent = time.perf_counter(), time.thread_time()
        work(number)
        taken.append(1000 * (time.perf_counter() - started))
        worked.append(1000 * (time.thread_time() - spent))
    return statistics.median(taken), max(taken), statistics.median(worked)


def main() -> None:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sections", type=int, default=10_000)
    wanted = parser.parse_args().sections
    lessons = wanted // SECTIONS
    with tempfile.TemporaryDirectory() as folder:
        ledger = open_ledger(f"sqlite:///{folder}/ledger.sqlite")
        trail = ledger.trail
        first = min(MEASURED, lessons)
        rows = {
            "recording a lesson": timed(lambda number: record(trail, number), first),
            "recording it again": timed(lambda number: record(trail, number), first),
        }
        for start in range(first, lessons, TOGETHER):
            with ledger.together():
                for number in range(start, min(start + TOGETHER, lessons)):
                    record(trail, number)
        rows |= {
            "why": timed(lambda number: why(ledger, f"film-{number * 7 % lessons}", 73.5), 50),
            "trace, one learner": timed(
                lambda number: trace(ledger, f"q{number * 7 % COURSE}", f"learner-{number}"), min(50, lessons)
            ),
            "trace, all learners": timed(lambda number: trace(ledger, f"q{number}"), 20),
            "verifying everything": timed(lambda _: trail.verify(), 1),
        }
    print(f"{lessons} lessons, {lessons * SECTIONS} sections; milliseconds\n")
    print(f"{'':<24}{'median':>10}{'longest':>10}{'processor':>12}{'promised':>10}")
    for name, (median, longest, worked) in rows.items():
        promised = f"<= {PROMISED:g}" if name.startswith(("why", "trace")) else ""
        print(f"{name:<24}{median:>10.1f}{longest:>10.1f}{worked:>12.1f}{promised:>10}")
    print(f"\n{platform.machine()}, {os.cpu_count()} processors, load {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    main()
