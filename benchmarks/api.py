"""How fast the API answers: a night of a thousand lessons in the ledger, fifty people who watch.

    python benchmarks/api.py [--lessons 1075] [--clients 50] [--seconds 10]
    python benchmarks/api.py --nights 1000 [--events 500]       # after a thousand nights of so many events

The API runs in this process without a socket, so what is measured is ours and not a server's. Each client
asks for the status of a lesson of its own, again as soon as it has an answer (`--pause 0`) or after a second.
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import sys
import tempfile
import time
from pathlib import Path

import httpx

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "include")]

from presgen.client.calls import PREFIX  # noqa: E402
from presgen.ledger import Ledger, SectionOutcome  # noqa: E402
from presgen.ledger.contents import content_of  # noqa: E402
from presgen.model.lesson import LessonStatus  # noqa: E402
from presgen.monitoring import Tally, exposition, keep_sums  # noqa: E402
from tests.desks import make_desk, transport_of  # noqa: E402
from tests.nights import make_script  # noqa: E402

RUN = "scheduled__2026-11-22T02:00:00+00:00"
KEYS = [f"{number:064x}" for number in range(12)]
PAST = 50
"""Lessons of each night before."""
LIMIT = 0.1
"""Seconds that 95 of 100 answers may take."""


def main() -> int:
    """Fill a ledger, ask, and print; 1: something failed or took too long."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--lessons", type=int, default=1075)
    parser.add_argument("--nights", type=int, default=0, help="that have ended before this one")
    parser.add_argument("--events", type=int, default=500, help="of each of those")
    parser.add_argument("--clients", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=10.0)
    parser.add_argument("--pause", type=float, default=1.0, help="between an answer and the next request")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="presgen-api-") as folder:
        desk = make_desk(Path(folder))
        begun = time.perf_counter()
        fill_past(desk.ledger, chosen.nights, chosen.events)
        print(f"{chosen.nights} nights before this one, written in {time.perf_counter() - begun:.0f} s")
        keep_sums(desk.ledger)
        fill(desk.ledger, chosen.lessons)
        tally = Tally(desk.ledger)
        for turn in ("first", "second"):
            begun = time.perf_counter()
            exposition(tally, 1.0)
            print(f"{'a scrape of all metrics':62} {turn:10} {(time.perf_counter() - begun) * 1000:7.0f} ms")
        failed = asyncio.run(measure(transport_of(desk), chosen))
    return int(failed)


def fill_past(ledger: Ledger, nights: int, events: int) -> None:
    """Enter nights that have ended: fifty lessons, a dozen sections that they share, and many events each."""
    ids = [f"lesson-{number + 10**9:016x}" for number in range(PAST)]
    for night in range(nights):
        run_id = f"night-{night}"
        with ledger.together():
            ledger.begin_run(run_id)
            enter(ledger, run_id, ids, SectionOutcome.REUSED if night else SectionOutcome.RENDERED)
            for number in range(events):
                stage, subject = (
                    ("section_reuse", KEYS[number % 12]) if number % 2 else ("qa_inspect", "lesson")
                )
                facts = {"outcome": "ok", "latency": 0.2, "cpu": 0.1, "attempt": 1, "sections": 12}
                ledger.note_event(run_id, stage, subject, facts)
        ledger.end_run(run_id, passed=True)


def fill(ledger: Ledger, lessons: int) -> None:
    """Enter the lessons of a night, on their way."""
    ledger.begin_run(RUN)
    ids = [f"lesson-{number:016x}" for number in range(lessons)]
    enter(ledger, RUN, ids, SectionOutcome.RENDERED)
    for lesson_id in ids:
        ledger.advance(lesson_id, LessonStatus.SCRIPT_GENERATED, run_id=RUN)


def enter(ledger: Ledger, run_id: str, ids: list[str], outcome: SectionOutcome) -> None:
    """Enter lessons that share a dozen sections, and say what the run has made of those."""
    for number, lesson_id in enumerate(ids):
        person = f"learner-{number:012d}"
        ledger.enter_lesson(run_id, lesson_id, pseudonym=person, certification="networking", record="r" * 64)
    for key in KEYS:
        ledger.note_section(run_id, key, outcome, slug="remedy-q1-a", kind="remedy", seconds=20.0)
    script = make_script()
    sections, causes = script.sections * 4, script.causes * 4
    ledger.contents.note(
        content_of(
            script.model_copy(update={"lesson_id": lesson_id, "sections": sections, "causes": causes}),
            [("landscape", KEYS)],
        )
        for lesson_id in ids
    )


async def measure(transport: httpx.AsyncBaseTransport, chosen: argparse.Namespace) -> bool:
    """Ask for lists once and for statuses in parallel; return whether anything failed or took too long."""
    headers = {"Authorization": "Bearer operator"}
    async with httpx.AsyncClient(
        transport=transport, base_url=f"http://presgen{PREFIX}", headers=headers, timeout=60
    ) as client:
        for path in (
            "/nights",
            "/videos?limit=50",
            f"/videos?limit=200&run_id={RUN.replace('+', '%2B')}",
            "/sections",
        ):
            for turn in ("first", "second"):
                begun = time.perf_counter()
                answer = await client.get(path)
                took = time.perf_counter() - begun
                print(f"{path:62.62} {turn:6} {answer.status_code} {took * 1000:7.0f} ms")
        times: list[float] = []
        wrong: list[int] = []
        worked, until = time.process_time(), time.perf_counter() + chosen.seconds

        async def watch(number: int) -> None:
            await asyncio.sleep(chosen.pause * number / chosen.clients)
            while time.perf_counter() < until:
                begun = time.perf_counter()
                answer = await client.get(f"/videos/lesson-{number:016x}/status")
                times.append(time.perf_counter() - begun)
                if answer.status_code != 200:
                    wrong.append(answer.status_code)
                await asyncio.sleep(chosen.pause)

        await asyncio.gather(*(watch(number) for number in range(chosen.clients)))
        worked = time.process_time() - worked
    cuts = statistics.quantiles(times, n=100)
    print(
        f"{len(times)} statuses for {chosen.clients} clients: median {cuts[49] * 1000:.0f} ms, "
        f"p95 {cuts[94] * 1000:.0f} ms, longest {max(times) * 1000:.0f} ms; {len(wrong)} wrong; "
        f"{worked / len(times) * 1000:.1f} ms of processor for each"
    )
    return bool(wrong) or cuts[94] > LIMIT


if __name__ == "__main__":
    sys.exit(main())
