"""What a new section costs, for each framing and at 1080p, beside the floor: x264 alone on the same pictures.

    python benchmarks/render.py [--persona mentor] [--section deep_dive] [--framing beside] [--moviepy]

Each row is a process of its own. It renders the section once, which pays for loading models and fonts, and
once more, which is measured; then it lets x264 encode the same pictures with nothing else to do. Prints CPU
seconds (all threads) a second of video, and the most memory the process ever held. Then two such processes
run side by side. ``--moviepy`` makes ten seconds of the same film with moviepy, as its users would.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from importlib.metadata import version
from pathlib import Path
from typing import Any
from unittest import mock

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "include"))

from presgen.brands import load_brand
from presgen.media.clip import ClipWriter
from presgen.media.formats import Format, formats
from presgen.media.picture import rgb_from_picture
from presgen.model.base import Seconds
from presgen.model.lesson import (
    BulletSlide,
    ClosingSlide,
    Framing,
    QuestionSlide,
    Section,
    SectionKind,
    Sentence,
    Slide,
    TitleSlide,
)
from presgen.personas import load_persona, persona_names
from presgen.rendering import render_section
from presgen.rendering.studio import assembly, staging, voice
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
PARTS = ("voice", "slides", "presenter", "compose", "poster", "encode", "rest")
ROWS = (
    ("landscape", "beside"),
    ("landscape", "inset"),
    ("landscape", "absent"),
    ("landscape", "full"),
    ("portrait", "beside"),
    ("square", "beside"),
    ("landscape-1080p", "beside"),
)
"""(format, framing) of each row. Only here is a presenter full for a whole section."""
SAMPLE = 10
"""Seconds of film that moviepy makes: enough to know, and kind to the machine."""


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
    """Measure every row, and print the table."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    options.add_argument("--persona", choices=persona_names(), default="mentor")
    options.add_argument("--section", choices=sorted(SECTIONS), default="deep_dive")
    options.add_argument("--format", choices=formats.names(), help="only this one")
    options.add_argument("--framing", choices=[framing.value for framing in Framing], help="only this one")
    options.add_argument("--moviepy", action="store_true", help="also make it with moviepy, at 1080p")
    options.add_argument("--worker", choices=["render", "moviepy"], help=argparse.SUPPRESS)
    chosen = options.parse_args()
    if chosen.worker:
        measure = measured if chosen.worker == "render" else with_moviepy
        section = make_section(chosen.section, chosen.persona, chosen.framing)
        print(json.dumps(measure(section, formats[chosen.format])))
        return
    rows = [row for row in ROWS if chosen.format in (None, row[0]) and chosen.framing in (None, row[1])] or [
        (chosen.format or "landscape", chosen.framing or "beside")
    ]
    told = ["--persona", chosen.persona, "--section", chosen.section]
    print(f"{chosen.section} by {chosen.persona} on {machine()}; CPU-s / video-s\n")
    titles = (*PARTS, "in all", "x264", "ratio", "MB")
    print(f"{'':<24}" + "".join(f"{title:>10}" for title in titles))
    found = {row: show(row, worker("render", row, told)) for row in rows}
    two_side_by_side(rows[0], told)
    if chosen.moviepy:
        row = ("landscape-1080p", "beside")
        ours = found.get(row) or show(row, worker("render", row, told))
        theirs = worker("moviepy", row, told)
        print(f"\nmoviepy {theirs['version']} at 1080p, {SAMPLE} s of it, without voice, slides and poster:")
        total = sum(ours["spent"].values())
        alike = total - sum(ours["spent"].get(part, 0.0) for part in ("voice", "slides", "poster"))
        print(
            f"{theirs['cpu']:.3f} CPU-s / video-s, {theirs['cpu'] / alike:.1f} x ours without them, "
            f"{theirs['cpu'] / total:.1f} x ours with them; {theirs['memory']:.0f} MB"
        )


def worker(kind: str, row: tuple[str, str], told: Sequence[str]) -> dict[str, Any]:
    """Return what a process of its own measures."""
    ran = subprocess.run(command(kind, row, told), check=True, capture_output=True, text=True)
    found: dict[str, Any] = json.loads(ran.stdout.splitlines()[-1])
    return found


def command(kind: str, row: tuple[str, str], told: Sequence[str]) -> list[str]:
    """Return how to start that process."""
    return [sys.executable, __file__, "--worker", kind, "--format", row[0], "--framing", row[1], *told]


def show(row: tuple[str, str], found: dict[str, Any]) -> dict[str, Any]:
    """Print a row of the table, and return it."""
    spent, floor = found["spent"], found["floor"]
    total = sum(spent.values())
    numbers = [*(spent.get(part, 0.0) for part in PARTS), total, floor]
    cells = "".join(f"{number:>10.4f}" for number in numbers)
    print(f"{' '.join(row):<24}{cells}{total / floor:>10.2f}{found['memory']:>10.0f}", flush=True)
    return found


def two_side_by_side(row: tuple[str, str], told: Sequence[str]) -> None:
    """Print how much more two processes get done than one.

    By the clock on the wall, which is true on a machine with nothing else to do, and by CPU time: what two
    cores would do if they had nothing else to do.
    """
    load = os.getloadavg()[0]
    alone = worker("render", row, told)
    started = [subprocess.Popen(command("render", row, told), stdout=subprocess.PIPE) for _ in range(2)]
    both = [json.loads(process.communicate()[0].splitlines()[-1]) for process in started]
    by_wall = 2 * alone["wall"] / max(one["wall"] for one in both)
    by_cpu = 2 * sum(alone["spent"].values()) / max(sum(one["spent"].values()) for one in both)
    print(f"\ntwo processes do {by_wall:.2f} x as much as one by the clock, {by_cpu:.2f} x by CPU time")
    print(f"({load:.1f} other processes wanted the {os.cpu_count()} cores when it began)")


def measured(section: Section, format: Format) -> dict[str, Any]:
    """Return what rendering costs: CPU seconds a second of film by part, x264's own, and megabytes."""
    with tempfile.TemporaryDirectory() as name:
        first, second, third = (Path(name) / part for part in ("first", "second", "third"))
        for folder in (first, second, third):
            folder.mkdir()
        render(section, first, format, [])
        clock, started = Clock(), time.perf_counter()
        with clock.part("rest"):
            frames = render(section, second, format, timed_by(clock))
        wall = time.perf_counter() - started
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        with raw_x264(third / "floor.mp4", frames, format) as (floor, patches):
            render(section, third, format, patches)
    length = frames / format.fps
    return {
        "spent": {part: seconds / length for part, seconds in clock.spent.items()},
        "floor": floor["x264"] / length,
        "memory": memory,
        "wall": wall,
    }


def make_section(kind: str, persona: str, framing: str | None) -> Section:
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
        framing=Framing(framing) if framing else None,
        planned=Seconds(20),
    )


def render(section: Section, folder: Path, format: Format, patches: list[Any]) -> int:
    """Render ``section`` with ``patches`` in place, and return how many pictures it has."""
    with ExitStack() as stack:
        for patch in patches:
            stack.enter_context(patch)
        return render_section(section, load_persona(section.persona), format, "studio", folder, None).frames


def timed_by(clock: Clock) -> list[Any]:
    """Return patches that let ``clock`` watch the parts of the studio."""
    watched = {
        "voice": [(voice, "narrate")],
        "slides": [(staging, "draw_slides"), (staging, "draw_paper")],
        "presenter": [
            (presenter, "perform"),
            (presenter.Presenter, "__init__"),
            (presenter.Presenter, "draw"),
        ],
        "compose": [(staging, "build_views"), (assembly.Film, "show")],
        "poster": [(assembly, "write_poster")],
        "encode": [(ClipWriter, name) for name in ("__enter__", "write", "repeat", "__exit__")],
    }
    return [
        mock.patch.object(owner, name, clock.watching(part, getattr(owner, name)))
        for part, functions in watched.items()
        for owner, name in functions
    ]


@contextmanager
def raw_x264(path: Path, frames: int, format: Format) -> Iterator[tuple[dict[str, float], list[Any]]]:
    """Yield the CPU seconds that x264 takes for all pictures, and patches that let it have them, too."""
    silence = np.zeros(frames * format.sample_rate // format.fps, np.int16)
    spent: dict[str, float] = defaultdict(float)
    write, repeat = ClipWriter.write, ClipWriter.repeat
    with ClipWriter(path, format, silence) as alone:

        def encode(clip: ClipWriter) -> None:
            alone.picture.put(clip.picture)
            start = time.process_time()
            write(alone)
            spent["x264"] += time.process_time() - start

        def writing(clip: ClipWriter) -> None:
            encode(clip)
            write(clip)

        def repeating(clip: ClipWriter, count: int = 1) -> None:
            for _ in range(count):
                encode(clip)
            repeat(clip, count)

        patches = [
            mock.patch.object(ClipWriter, "write", writing),
            mock.patch.object(ClipWriter, "repeat", repeating),
        ]
        yield spent, patches


def with_moviepy(section: Section, format: Format) -> dict[str, Any]:
    """Return what the first seconds of the same film cost in moviepy, its encoder's process included.

    Slides are pictures, the presenter is drawn when moviepy asks for a frame, and captions are its own.
    Voice and slides are made before the clock starts.
    """
    import moviepy

    from presgen.media.captions import lay_out_cues
    from presgen.rendering.fonts import font_folders
    from presgen.rendering.studio.scene import HOME, scale_of, scene_of
    from presgen.rendering.studio.stage.presenters import presenters

    persona, scale, scene = load_persona(section.persona), scale_of(format), scene_of(format, HOME)
    with tempfile.TemporaryDirectory() as name:
        narration = voice.narrate(section, persona, Path(name), None)
        steps = range(len(section.sentences))
        slides = staging.draw_slides(
            section.slide, steps[-1], section.locale, scene, format, load_brand("house")
        )
        shown = [rgb_from_picture(slides.steps[min(step, len(slides.steps) - 1)]) for step in steps]
        paper = rgb_from_picture(slides.paper)
        starts, ends = narration.sentences, [*narration.sentences[1:], Seconds(SAMPLE)]
        place, box = scene.presenter, scene.captions
        assert place is not None
        width, height = round(place.width * scale), round(place.height * scale)
        actor = presenter.Presenter(presenters[persona.presenter], width, height, label=persona.title)
        poses = presenter.perform(narration, SAMPLE * format.fps, 1)
        font = str(min(font_folders()[0].glob("*.ttf")))
        before = cpu_with_children()

        def picture(moment: float) -> Any:
            pose = poses[min(round(moment * format.fps), len(poses) - 1)]
            return actor.draw(pose).pixels[..., 2::-1]

        layers = [moviepy.ImageClip(paper).with_duration(SAMPLE)]
        layers += [
            moviepy.ImageClip(pixels)
            .with_start(start)
            .with_duration(max(end - start, 0.1))
            .with_effects([moviepy.vfx.CrossFadeIn(0.25)])
            for pixels, start, end in zip(shown, starts, ends, strict=True)
            if start < SAMPLE
        ]
        layers.append(moviepy.VideoClip(picture, duration=SAMPLE).with_position((round(place.x * scale), 0)))
        layers += [
            moviepy.TextClip(
                font=font,
                text=cue.text,
                font_size=round(scene.lettering * scale),
                color="#FFFFFF",
                bg_color="#0E1B36",
                method="caption",
                text_align="center",
                size=(round(box.width * scale * 0.8), None),
            )
            .with_start(cue.start)
            .with_duration(cue.end - cue.start)
            .with_position((round(box.x * scale + box.width * scale * 0.1), round(box.y * scale)))
            for cue in lay_out_cues(narration.words, until=Seconds(SAMPLE))
            if cue.start < cue.end <= SAMPLE
        ]
        line = scene.line
        assert line is not None
        long, thick, at = (round(side * scale) for side in (line.width, line.height, line.y))
        layers.append(
            moviepy.ColorClip((long, thick), color=(34, 184, 207), duration=SAMPLE).with_position(
                lambda moment: (round(long * (moment / SAMPLE - 1)), at)
            )
        )
        film = moviepy.CompositeVideoClip(layers, size=(format.width, format.height)).with_duration(SAMPLE)
        sound = moviepy.AudioFileClip(str(narration.path)).with_duration(SAMPLE)
        film.with_audio(sound).write_videofile(
            str(Path(name) / "moviepy.mp4"),
            fps=format.fps,
            codec="libx264",
            preset=format.preset,
            audio_codec="aac",
            ffmpeg_params=["-crf", str(format.crf), "-tune", "stillimage"],
            threads=1,
            logger=None,
        )
        cpu = cpu_with_children() - before
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"cpu": cpu / SAMPLE, "memory": memory, "version": version("moviepy")}


def cpu_with_children() -> float:
    """Return the CPU seconds of this process and of those it started and waited for."""
    used = os.times()
    return used.user + used.system + used.children_user + used.children_system


def machine() -> str:
    """Return the CPU's model and the number of cores."""
    lines = Path("/proc/cpuinfo").read_text().splitlines() if Path("/proc/cpuinfo").exists() else []
    models = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return f"{models[0] if models else 'an unknown CPU'}, {os.cpu_count()} cores"


if __name__ == "__main__":
    main()
