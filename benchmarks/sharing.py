"""How much film a night has to render, beside the film that it delivers: for few learners and for many.

    python benchmarks/sharing.py ../shared/data/spisa                          # 1, 10, 100 and all learners
    python benchmarks/sharing.py ../shared/data/spisa --budget 1800 --gaps 20  # everything they got wrong

Learners are those of SPISA, see ``spisa_records.py``. Each size is a dry run of a new deployment: records are
read, lessons planned and all scripts written, by the settings' own defaults; nothing is rendered. Lengths are
as planned.
"""

from __future__ import annotations

import argparse
import itertools
import json
import logging
import os
import platform
import sys
import tempfile
import time
from pathlib import Path

import structlog

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "include"), str(ROOT)]

from benchmarks.spisa_records import spisa_records  # noqa: E402
from presgen.model.rehearsal import Rehearsal  # noqa: E402
from presgen.pipeline import open_night  # noqa: E402
from presgen.rehearsing import rehearse  # noqa: E402
from presgen.settings import Settings  # noqa: E402

SIZES = (1, 10, 100, 1_075)
COLUMNS = ("learners", "lessons", "film, min", "to render", "share", "sections", "CPU s")


def rehearsed(data: Path, learners: int, **choices: float) -> Rehearsal:
    """Return what a first night would come to for so many learners."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        source = folder / "records.jsonl"
        chosen = itertools.islice(spisa_records(data), learners)
        source.write_text("".join(json.dumps(record) + "\n" for record in chosen), encoding="utf-8")
        settings = Settings(workspace=folder / "workspace", output=folder, **choices)
        return rehearse(open_night(settings, "dry"), f"jsonl:{source}")


def main() -> None:
    """Count and print a table."""
    defaults = Settings()
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("data", type=Path, help="folder with answers.csv and items.csv")
    parser.add_argument("--budget", type=float, default=defaults.budget, help="seconds of a lesson")
    parser.add_argument("--opening", type=float, default=defaults.opening, help="seconds of its opening")
    parser.add_argument("--gaps", type=int, default=defaults.top_gaps, help="gaps that a lesson closes")
    chosen = parser.parse_args()
    if not (chosen.data / "answers.csv").is_file():
        parser.error(f"{chosen.data} holds no answers.csv")
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    print("{:>9}{:>9}{:>11}{:>11}{:>8}{:>10}{:>8}".format(*COLUMNS))
    for size in SIZES:
        spent = time.process_time()
        night = rehearsed(
            chosen.data, size, budget=chosen.budget, top_gaps=chosen.gaps, opening=chosen.opening
        )
        spent = time.process_time() - spent
        print(
            f"{size:>9,}{night.lessons:>9,}{night.film / 60:>11,.0f}{night.rendering / 60:>11,.0f}"
            f"{night.rendering / night.film:>8.0%}{night.to_render:>10,}{spent:>8.0f}"
        )
    print(f"\nLessons of at most {chosen.budget:g} s that close {chosen.gaps} gaps at most, in landscape,")
    print(f"with openings of {chosen.opening:g} s at the most where that is enough.")
    print(f"{platform.machine()}, {os.cpu_count()} processors, load {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    main()
