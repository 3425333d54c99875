"""What judging films costs: a new section, decoded once, and a lesson joined of sections that were.

    python benchmarks/qa.py                  # a new section of 60 s, a lesson of 3 minutes, 1280 x 720
    python benchmarks/qa.py --seconds 30     # quicker

The section is the studio's own, repeated until it is long enough. Prints CPU seconds of this process, all
threads, beside the limits we promise; libraries are imported before, and what that costs is printed too.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "include"))

from presgen.media import decode
from presgen.media.clip import ClipWriter
from presgen.media.formats import Format, formats
from presgen.media.join import join_clips
from presgen.media.sound import read_wav, write_wav
from presgen.model.base import Seconds
from presgen.model.lesson import BulletSlide, Cause, LessonScript, Section, SectionKind, Sentence
from presgen.model.media import Clip, StoredSection
from presgen.personas import load_persona
from presgen.rendering import render_section

NEW, JOINED = 2.5, 0.5
"""CPU seconds we promise at the most: for a minute of new section, and for a joined lesson of 3 minutes."""

TEXTS = (
    "Let us look at what a subnet mask does.",
    "The mask draws a line: left of it is the network, and right of it is the host.",
    "Ones in the mask mean network, and zeros mean host.",
)


def main() -> None:
    """Make the films, judge them, and print the table."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    arguments.add_argument("--seconds", type=int, default=60, choices=range(10, 301), metavar="10-300")
    chosen = arguments.parse_args()
    ordered = formats["landscape"]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        section, clip = make_section(folder, ordered, chosen.seconds)

        start = time.process_time()
        from presgen import quality
        from presgen.quality import expectations

        warm_up(folder, section, clip, ordered)
        expectations.validate(expectations.LESSON, [{}])
        imports = time.process_time() - start

        measured, spent = timed(lambda: quality.inspect_section(section, clip, folder, "a" * 64, ordered))
        evidence, report = measured
        rows: list[tuple[str, float, float | None, Any]] = []
        rows.append(
            (f"a new section of {clip.duration:.0f} s", spent, NEW * clip.duration / 60, report.findings)
        )

        count = max(3, round(180 / clip.duration))
        stored = StoredSection(key="a" * 64, folder=folder, clip=clip, files={})
        script = make_script(section, count)
        video = join_clips([stored] * count, script.sections, folder / "lesson.mp4", ordered, "Subnets")
        report, spent = timed(lambda: quality.inspect_lesson(video, script, [evidence] * count, ordered))
        rows.append(
            (f"a lesson of {video.duration:.0f} s of {count} such sections", spent, JOINED, report.findings)
        )
        report, spent = timed(lambda: quality.inspect_file(video.path))
        rows.append((f"the same as a film of others, {video.duration:.0f} s", spent, None, report.findings))
    print_table(rows, imports)


def make_section(folder: Path, ordered: Format, seconds: int) -> tuple[Section, Clip]:
    """Render a short section and repeat it until it lasts ``seconds``."""
    section = Section(
        kind=SectionKind.DEEP_DIVE,
        slug="deep-dive",
        title="What a subnet mask does",
        persona="mentor",
        locale="en-US",
        sentences=tuple(Sentence(text=text, step=min(number, 1)) for number, text in enumerate(TEXTS)),
        slide=BulletSlide(
            kicker="IP addressing",
            title="What a subnet mask does",
            points=(("Ones mean network,", "zeros mean host."),),
            source="RFC 4632, Section 3.1",
        ),
        planned=Seconds(12),
    )
    short = folder / "short"
    short.mkdir()
    clip = render_section(section, load_persona("mentor"), ordered, "studio", short, None)
    times = max(1, round(seconds / clip.duration))
    sound, _ = read_wav(short / "narration.wav")
    write_wav(folder / "narration.wav", np.tile(sound, times))
    with ClipWriter(folder / "clip.mp4", ordered, np.tile(sound, times)) as writer:
        for _ in range(times):
            for _, picture in decode.pictures(short / "clip.mp4"):
                writer.picture.put(picture)
                writer.write()
    shifts = [Seconds(number * clip.duration) for number in range(times)]
    long = clip.model_copy(
        update={
            "frames": clip.frames * times,
            "duration": Seconds(clip.duration * times),
            "words": tuple(moved(word, shift) for shift in shifts for word in clip.words),
            "cues": tuple(moved(cue, shift) for shift in shifts for cue in clip.cues),
            "presenter": tuple(moved(place, shift) for shift in shifts for place in clip.presenter),
        }
    )
    sentences = section.sentences * times
    planned = Seconds(clip.duration * times)
    return section.model_copy(update={"sentences": sentences, "planned": planned}), long


def moved(timed: Any, by: Seconds) -> Any:
    """Return a word, caption or place that much later."""
    return timed.model_copy(
        update={"start": Seconds(round(timed.start + by, 3)), "end": Seconds(round(timed.end + by, 3))}
    )


def make_script(section: Section, count: int) -> LessonScript:
    """Return a script of the section, several times."""
    return LessonScript(
        lesson_id="lesson-0123456789abcdef",
        pseudonym="learner-01234567",
        title="Subnets",
        persona="mentor",
        locale="en-US",
        sections=(section,) * count,
        causes=(Cause(),) * count,
    )


def warm_up(folder: Path, section: Section, clip: Clip, ordered: Format) -> None:
    """Judge once, so that no import is measured."""
    from presgen import quality

    quality.inspect_section(section, clip, folder, "a" * 64, ordered)


def timed(judge: Callable[[], Any]) -> tuple[Any, float]:
    """Return what ``judge`` returns, and the CPU seconds it took."""
    start = time.process_time()
    result = judge()
    return result, time.process_time() - start


def print_table(rows: list[tuple[str, float, float | None, Any]], imports: float) -> None:
    """Print what each verdict took, and what was found."""
    print(f"{'':50}{'CPU-s':>8}{'limit':>8}  findings")
    for name, spent, limit, findings in rows:
        found = ", ".join(sorted({finding.check for finding in findings})) or "none"
        print(f"{name:50}{spent:8.2f}{'' if limit is None else f'{limit:.2f}':>8}  {found}")
    print(f"{'imports and suites, once a process':50}{imports:8.2f}")


if __name__ == "__main__":
    main()
