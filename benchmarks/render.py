"""What a new section costs, part by part, beside the floor: x264 alone on the same pictures.

    python benchmarks/render.py [--persona mentor] [--section deep_dive]

Renders one section twice in this process: the first time pays for loading models and fonts, the second time
is measured. Prints CPU seconds (of this process, all threads) a second of video.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest import mock

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "include"))

from presgen.media.clip import ClipWriter
from presgen.media.formats import Format, formats
from presgen.model.base import Seconds
from presgen.model.lesson import (
    BulletSlide,
    ClosingSlide,
    QuestionSlide,
    Section,
    SectionKind,
    Sentence,
    Slide,
    TitleSlide,
)
from presgen.personas import load_persona, persona_names
from presgen.rendering import render_section
from presgen.rendering.studio import assembly, slides, voice
from presgen.rendering.studio.stage import presenter

TITLE = TitleSlide(
    kicker="Networking Essentials",
    title="Two gaps to close tonight",
    subtitle="Made from last night’s practice test",
    cards=(("62%", "overall score"), ("13 of 21", "right answers"), ("2", "gaps to close tonight")),
    domains=(
        ("Switching and routing", 100),
        ("DNS and DHCP", 66.7),
        ("TCP, UDP and ports", 66.7),
        ("IP addressing", 33.3),
    ),
)
BULLETS = BulletSlide(
    kicker="IP addressing",
    title="What a subnet mask does",
    points=(
        ("The mask draws a line.", "Left of it is the network, right of it the host."),
        ("Ones mean network,", "zeros mean host."),
        ("A longer prefix", "makes a smaller network: /26 leaves 62 hosts."),
    ),
    source="RFC 4632, Section 3.1",
)
QUESTION = QuestionSlide(
    kicker="DNS and DHCP",
    question="What does a DHCP server do first when a new host asks for an address?",
    options=(
        "It sends an acknowledgement",
        "It offers a free address",
        "It asks DNS for the host’s name",
        "It blocks the switch port",
    ),
    chosen=0,
    right=1,
    why="The host discovers, the server offers, the host requests, and only then the server acknowledges.",
)
CLOSING = ClosingSlide(
    kicker="Networking Essentials",
    title="That is two gaps closed",
    recap=("A mask splits an address into network and host", "DHCP offers before it acknowledges"),
    next_steps=("Answer five subnet questions tomorrow", "Draw the DHCP steps from memory"),
)
SECTIONS: dict[str, tuple[Slide, tuple[str, ...]]] = {
    "opening": (
        TITLE,
        (
            "Good evening, and welcome back.",
            "You answered thirteen of twenty-one questions right last night.",
            "Switching and routing is at one hundred percent, and addressing is the one to work on.",
            "So tonight we close two gaps, one after the other.",
        ),
    ),
    "deep_dive": (
        BULLETS,
        (
            "Let us look at what a subnet mask does.",
            "The mask draws a line: left of it is the network, and right of it is the host.",
            "Ones in the mask mean network, and zeros mean host.",
            "A longer prefix makes a smaller network, so a /26 leaves 62 addresses for hosts.",
        ),
    ),
    "remedy": (
        QUESTION,
        (
            "Here is the question about DHCP once more.",
            "The acknowledgement was your choice.",
            "The right answer is that the server offers a free address.",
            "The host discovers, the server offers, the host requests, and only then it gets the address.",
        ),
    ),
    "closing": (
        CLOSING,
        (
            "That is it for tonight.",
            "You have seen how a mask splits an address, and in which order DHCP works.",
            "Answer five subnet questions tomorrow, and draw the DHCP steps from memory.",
            "See you tomorrow night.",
        ),
    ),
}
PARTS = ("voice", "slides", "presenter", "compose", "encode", "rest")


class Clock:
    """CPU time by part. A part within a part counts for itself only."""

    def __init__(self) -> None:
        self.spent: dict[str, float] = defaultdict(float)
        self._stack: list[str] = []
        self._since = 0.0

    @contextmanager
    def part(self, name: str) -> Iterator[None]:
        """Count what happens within for ``name``."""
        self._turn()
        self._stack.append(name)
        try:
            yield
        finally:
            self._turn()
            self._stack.pop()

    def _turn(self) -> None:
        now = time.process_time()
        if self._stack:
            self.spent[self._stack[-1]] += now - self._since
        self._since = now

    def watching(self, name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        """Return ``function``, whose time counts for ``name``."""

        def watched(*arguments: Any, **named: Any) -> Any:
            with self.part(name):
                return function(*arguments, **named)

        return watched


def main() -> None:
    """Render the chosen section, measure, and print the table."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--persona", choices=persona_names(), default="mentor")
    options.add_argument("--section", choices=sorted(SECTIONS), default="deep_dive")
    chosen = options.parse_args()
    landscape = formats["landscape"]
    section = make_section(chosen.section, chosen.persona)
    with tempfile.TemporaryDirectory() as name, (Path(name) / "pictures.yuv").open("w+b") as pictures:
        folder = Path(name)
        frames = render(section, folder, landscape, recording_to(pictures))
        clock = Clock()
        with clock.part("rest"):
            render(section, folder, landscape, timed_by(clock))
        pictures.seek(0)
        floor = raw_x264(pictures, folder / "floor.mp4", frames, landscape)
        size = (folder / "clip.mp4").stat().st_size
    print_table(chosen.section, clock.spent, floor, frames, size, landscape)


def make_section(kind: str, persona: str) -> Section:
    """Return the section to render."""
    slide, texts = SECTIONS[kind]
    return Section(
        kind=SectionKind(kind),
        slug=kind.replace("_", "-"),
        title=slide.kicker,
        persona=persona,
        locale=load_persona(persona).locale,
        sentences=tuple(Sentence(text=text, step=step) for step, text in enumerate(texts)),
        slide=slide,
        planned=Seconds(20),
    )


def render(section: Section, folder: Path, format: Format, patches: list[Any]) -> int:
    """Render ``section`` with ``patches`` in place, and return how many pictures it has."""
    for patch in patches:
        patch.start()
    try:
        persona = load_persona(section.persona)
        return render_section(section, persona, format, "studio", folder, None).frames
    finally:
        for patch in reversed(patches):
            patch.stop()


def recording_to(pictures: Any) -> list[Any]:
    """Return patches that write every picture to an open file as it goes to the encoder."""
    write = ClipWriter.write

    def writing(clip: ClipWriter) -> None:
        for plane in clip.picture.planes:
            pictures.write(np.ascontiguousarray(plane))
        write(clip)

    return [mock.patch.object(ClipWriter, "write", writing)]


def timed_by(clock: Clock) -> list[Any]:
    """Return patches that let ``clock`` watch the parts of the studio."""
    watched = {
        "voice": [(voice, "narrate")],
        "slides": [(slides, "draw_slides")],
        "presenter": [
            (presenter, "perform"),
            (presenter.Presenter, "__init__"),
            (presenter.Presenter, "draw"),
        ],
        "compose": [(assembly.Screen, "__init__"), (assembly.Screen, "show"), (assembly, "_show_presenter")],
        "encode": [(ClipWriter, "__enter__"), (ClipWriter, "write"), (ClipWriter, "__exit__")],
    }
    return [
        mock.patch.object(owner, name, clock.watching(part, getattr(owner, name)))
        for part, functions in watched.items()
        for owner, name in functions
    ]


def raw_x264(pictures: Any, path: Path, frames: int, format: Format) -> float:
    """Return the CPU seconds x264 takes for the recorded pictures, with nothing else to do."""
    silence = np.zeros(frames * format.sample_rate // format.fps, np.int16)
    spent = 0.0
    with ClipWriter(path, format, silence) as clip:
        for _ in range(frames):
            for plane in clip.picture.planes:
                plane[...] = np.frombuffer(pictures.read(plane.size), np.uint8).reshape(plane.shape)
            start = time.process_time()
            clip.write()
            spent += time.process_time() - start
    return spent


def print_table(
    kind: str, spent: dict[str, float], floor: float, frames: int, size: int, format: Format
) -> None:
    """Print what each part took."""
    length = frames / format.fps
    total = sum(spent.values())
    print(f"\n{kind}: {length:.1f} s of {format.width}x{format.height}, {size / length / 125:.0f} kbit/s")
    print(f"on {machine()}\n")
    print(f"{'part':<12}{'CPU-s / video-s':>16}{'ms / frame':>12}{'x floor':>9}")
    for part in PARTS:
        print(row(part, spent[part], length, frames, floor))
    print(row("in all", total, length, frames, floor))
    print(row("x264 alone", floor, length, frames, floor))


def row(name: str, seconds: float, length: float, frames: int, floor: float) -> str:
    """Return a line of the table."""
    return f"{name:<12}{seconds / length:>16.4f}{1000 * seconds / frames:>12.2f}{seconds / floor:>9.2f}"


def machine() -> str:
    """Return the CPU's model and the number of cores."""
    lines = Path("/proc/cpuinfo").read_text().splitlines() if Path("/proc/cpuinfo").exists() else []
    models = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return f"{models[0] if models else 'an unknown CPU'}, {os.cpu_count()} cores"


if __name__ == "__main__":
    main()
