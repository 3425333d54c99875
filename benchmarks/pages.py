"""How soon the pages are there with 1,075 lessons, and what they weigh: a real browser on loopback."""

from __future__ import annotations

import shutil
import statistics
import sys
import tempfile
import time
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parents[1]), str(Path(__file__).parents[1] / "include")]

from playwright.sync_api import sync_playwright  # noqa: E402
from rich.console import Console  # noqa: E402
from rich.table import Table  # noqa: E402

from tests.browser.conftest import NIGHT, PAGES, served  # noqa: E402
from tests.desks import TestDesk, make_desk  # noqa: E402

LESSONS = 1_075
ROUNDS = 5
SHOWN = {
    "nights": ("nights", "a.night"),
    "a night's lessons": (f"nights/{NIGHT}", ".poster"),
    "all lessons": ("lessons", ".poster"),
    "studio": ("studio", ".persona"),
    "sections": ("sections", ".figure"),
}
"""Name of a view to its address and to what has to be seen."""


def main() -> None:
    """Print the table."""
    browser_path = shutil.which("chromium")
    if browser_path is None:
        sys.exit("This needs Debian's package chromium.")
    table = Table(
        title=f"Pages with {LESSONS:,} lessons, a browser that has seen none of it", title_justify="left"
    )
    for name in ("view", "seen after, ms", "slowest of 5, ms", "kB, without pictures and films"):
        table.add_column(name, justify="left" if name == "view" else "right")
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        desk = make_desk(Path(folder))
        fill(desk)
        browser = playwright.chromium.launch(executable_path=browser_path, args=["--no-sandbox"])
        with served(desk) as url:
            for name, (address, seen) in SHOWN.items():
                rounds = [opened(browser, url, address, seen) for _ in range(ROUNDS)]
                times = [taken for taken, _ in rounds]
                middle, weight = statistics.median(times), rounds[0][1] / 1000
                table.add_row(name, f"{middle:.0f}", f"{max(times):.0f}", f"{weight:.0f}")
        browser.close()
    Console().print(table)


def fill(desk: TestDesk) -> None:
    """Enter a night of that many lessons."""
    desk.ledger.begin_run(NIGHT, "jsonl:records.jsonl")
    for number in range(LESSONS):
        name = f"lesson-{number:016x}"
        desk.ledger.enter_lesson(
            NIGHT, name, pseudonym=f"learner-{number:012d}", certification="networking", record="0" * 64
        )


def opened(browser: object, url: str, address: str, seen: str) -> tuple[float, int]:
    """Open a view in a fresh browser; return the milliseconds until it is seen, and its bytes."""
    context = browser.new_context(viewport={"width": 1440, "height": 900})  # type: ignore[attr-defined]
    context.add_cookies([{"name": "_token", "value": "operator", "url": url}])
    page = context.new_page()
    sizes: list[int] = []
    page.on("response", lambda got: sizes.append(int(got.header_value("content-length") or 0)))
    begun = time.perf_counter()
    page.goto(f"{url}{PAGES}/{address}", wait_until="commit")
    page.locator(seen).first.wait_for()
    taken = (time.perf_counter() - begun) * 1000
    page.wait_for_load_state("networkidle")
    context.close()
    return taken, sum(sizes)


if __name__ == "__main__":
    main()
