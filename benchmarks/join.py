"""A lesson of cached sections: what joining by packet copy costs, beside encoding the same again.

    python benchmarks/join.py                  # 20 sections of about 5 seconds, 1280 x 720
    python benchmarks/join.py --sections 5     # quicker

The sections are synthetic: a moving shape, tones that come and go. Making them is not measured. Two more
tables say what the join costs in every format, with and without music, and what a still picture costs that is
repeated instead of encoded.
"""

from __future__ import annotations

import argparse
import os
import platform
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "include"))

from presgen.media import decode
from presgen.media.bed import PAD, bed
from presgen.media.captions import lay_out_cues
from presgen.media.clip import ClipWriter, clip_name, clip_writer
from presgen.media.formats import Format, formats
from presgen.media.join import join_clips
from presgen.media.probe import probe
from presgen.media.sound import (
    AAC_SAMPLES,
    GRID_SAMPLES,
    SAMPLE_RATE,
    Samples,
    master,
    on_grid,
    true_peak,
    write_wav,
)
from presgen.model.base import Seconds, digest_of
from presgen.model.lesson import BulletSlide, Section, SectionKind, Sentence
from presgen.model.media import Clip, StoredSection, WordTiming
from presgen.workspace import SectionStore, Workspace


class Cost(NamedTuple):
    """What one way of joining took, and how well it kept time."""

    way: str
    cpu: float
    wall: float
    size: int
    worst_ms: float
    """The most by which the sound of a section lies off its place."""
    picture_and_sound_ms: float
    """By how much picture and sound end apart."""


def main() -> None:
    """Make the sections, join them in every way there is, and print a table."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    arguments.add_argument("--sections", type=int, default=20, choices=range(1, 101), metavar="1-100")
    films = [name for name, shape in formats if shape.container == "mp4"]
    arguments.add_argument("--format", default="landscape", choices=films)
    chosen = arguments.parse_args()
    shape = formats[chosen.format]
    with tempfile.TemporaryDirectory(prefix="presgen-join-") as folder:
        store = Workspace(Path(folder)).sections
        print(f"Making {chosen.sections} sections …", file=sys.stderr)
        sounds = [tones(3.0 + n % 5, seed=n) for n in range(chosen.sections)]
        sections = [make_section(store, shape, sound, n) for n, sound in enumerate(sounds)]
        costs = [
            measured("packet copy (join_clips)", lambda path: join(sections, path, shape), folder, sounds),
            measured(
                "decode and encode again (PyAV)", lambda path: encode(sections, path, shape), folder, sounds
            ),
        ]
        if shutil.which("ffmpeg"):
            costs.append(
                measured("ffmpeg -f concat -c copy", lambda path: concat(sections, path), folder, sounds)
            )
        every = [in_format(shape, sounds, Path(folder)) for _, shape in formats]
    report(costs, sum(len(sound) for sound in sounds) / SAMPLE_RATE, chosen.sections, shape)
    report_formats(every)
    report_stills([still(shape) for _, shape in formats if shape.pictured])


def tones(seconds: float, seed: int) -> Samples:
    """A tune no other section has, with the rhythm of syllables."""
    moments = np.arange(round(seconds * 24_000)) / 24_000
    sweep = np.sin(2 * np.pi * (150 + 13 * seed + 40 * np.sin(moments)) * moments)
    syllables = np.clip(np.sin(2 * np.pi * 4 * moments), 0, 1) ** 1.5
    noise = np.random.default_rng(seed).normal(size=len(moments))
    return on_grid(
        np.concatenate([np.zeros(AAC_SAMPLES, np.int16), master(0.1 * syllables * (sweep + 0.2 * noise))])
    )


def make_section(
    store: SectionStore, format: Format, sound: Samples, seed: int, every: int = 1
) -> StoredSection:
    """Put a section into the store: a square wanders over a slide, once in ``every`` pictures."""
    key = digest_of([format.name, seed])
    duration = Seconds(len(sound) / SAMPLE_RATE)
    words = tuple(
        WordTiming(text=f"word{n}", start=Seconds(0.2 + 0.3 * n), end=Seconds(0.45 + 0.3 * n))
        for n in range(8)
    )
    with store.draft(key) as draft:
        write_wav(draft.folder / "narration.wav", sound)
        with clip_writer(draft.folder / clip_name(format), format, sound) as clip:
            slide = np.random.default_rng(seed).integers(90, 160, (format.height // 16, format.width // 16))
            still = np.kron(slide, np.ones((16, 16))).astype(np.uint8)
            for number in range(clip.frames if format.pictured else 0):
                if number % every:
                    clip.repeat()
                    continue
                clip.picture.y[: still.shape[0], : still.shape[1]] = still
                clip.picture.y[200:400, 2 * number : 2 * number + 200] = 200
                clip.write()
        return draft.commit(
            Clip(
                backend="benchmark",
                format=format.name,
                frames=clip.frames,
                duration=duration,
                words=words,
                cues=lay_out_cues(words, until=duration),
                sentences=(words[0].start,),
            )
        )


def join(sections: list[StoredSection], path: Path, format: Format, music: Path | None = None) -> None:
    """Join as a lesson is joined: with chapters, a caption track and captions beside it."""
    scripted = [
        Section(
            kind=SectionKind.DEEP_DIVE,
            slug=f"section-{n}",
            title=f"Section {n}",
            persona="mentor",
            locale="en-US",
            sentences=(Sentence(text="Words."),),
            slide=BulletSlide(kicker="", title="", points=()),
            planned=section.clip.duration,
        )
        for n, section in enumerate(sections)
    ]
    join_clips(sections, scripted, path, format, "A lesson", music=music)


class FormatCost(NamedTuple):
    """What joining takes in one format."""

    name: str
    cpu: float
    with_music: float
    size: int
    with_music_peak: float
    """dBTP of what is heard."""


def in_format(format: Format, sounds: list[Samples], folder: Path) -> FormatCost:
    """Join sections of ``format`` with and without music."""
    print(f"Joining {format.name} …", file=sys.stderr)
    store = Workspace(folder / format.name).sections
    sections = [make_section(store, format, sound, n, every=12) for n, sound in enumerate(sounds)]
    path = folder / f"{format.name}.{format.container}"
    bed(Path(PAD))  # made once a process
    before = cpu_seconds()
    join(sections, path, format, Path(PAD))
    with_music = cpu_seconds() - before
    peak = true_peak(*decode.sound(path))
    before = cpu_seconds()
    join(sections, path, format)
    return FormatCost(format.name, cpu_seconds() - before, with_music, path.stat().st_size, peak)


class StillCost(NamedTuple):
    """What a slide that nothing moves on takes, in CPU seconds and bytes."""

    name: str
    encoded: float
    encoded_size: int
    repeated: float
    repeated_size: int


def still(format: Format) -> StillCost:
    """Write twenty seconds of a slide, once encoding every picture and once repeating the first."""
    print(f"A still in {format.name} …", file=sys.stderr)
    slide = np.random.default_rng(1).integers(90, 160, (-(-format.height // 16), -(-format.width // 16)))
    pixels = np.kron(slide, np.ones((16, 16))).astype(np.uint8)[: format.height, : format.width]

    def written(*, repeat: bool) -> tuple[float, int]:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / clip_name(format)
            before = cpu_seconds()
            with clip_writer(path, format, np.zeros(38 * GRID_SAMPLES, np.int16)) as clip:
                clip.picture.y[...] = pixels
                clip.write()
                for _ in range(clip.frames - 1):
                    if repeat:
                        clip.repeat()
                    else:
                        clip.write()
            return cpu_seconds() - before, path.stat().st_size

    return StillCost(format.name, *written(repeat=False), *written(repeat=True))


def encode(sections: list[StoredSection], path: Path, format: Format) -> None:
    """Do what joining avoids: decode every picture and sample, and encode them with the same settings."""
    clips = [section.folder / "clip.mp4" for section in sections]
    decoded = np.concatenate([decode.sound(clip)[0] for clip in clips])
    sound = np.round(np.clip(decoded, -1, 1) * 32_767).astype(np.int16)
    sound[:AAC_SAMPLES] = sound[-AAC_SAMPLES:] = 0
    with ClipWriter(path, format, sound) as writer:
        for clip in clips:
            for _, picture in decode.pictures(clip):
                writer.picture.put(picture)
                writer.write()


def concat(sections: list[StoredSection], path: Path) -> None:
    """Join by FFmpeg's own means, where its command line is installed."""
    names = path.with_suffix(".txt")
    names.write_text("".join(f"file '{section.folder / 'clip.mp4'}'\n" for section in sections))
    subprocess.run(
        ["ffmpeg", "-v", "error", "-y", "-f", "concat", "-safe", "0", "-i", names, "-c", "copy", path],
        check=True,
    )


def measured(way: str, act: Callable[[Path], None], folder: str, sounds: list[Samples]) -> Cost:
    """Run ``act`` once and see what it took and what came out."""
    path = Path(folder) / f"{len(way)}.mp4"
    print(f"{way} …", file=sys.stderr)
    cpu, wall = cpu_seconds(), time.perf_counter()
    act(path)
    cpu, wall = cpu_seconds() - cpu, time.perf_counter() - wall
    heard, _ = decode.sound(path)
    start, worst = 0, 0
    for sound in sounds:
        worst = max(worst, abs(delay(sound.astype(float) / 32_768, heard, start)))
        start += len(sound)
    found = probe(path)
    apart = (
        abs(found.pictures.duration - found.sound.duration)
        if found.pictures and found.sound
        else float("nan")
    )
    return Cost(way, cpu, wall, path.stat().st_size, worst / SAMPLE_RATE * 1000, apart * 1000)


def cpu_seconds() -> float:
    """Of this process and of those it started and waited for."""
    return sum(
        usage.ru_utime + usage.ru_stime
        for usage in map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    )


def delay(original: np.ndarray, heard: np.ndarray, start: int) -> int:
    """By how many samples, up to a quarter of a second, ``original`` is heard off its place."""
    reach = 12_000
    stretch = original[AAC_SAMPLES : AAC_SAMPLES + GRID_SAMPLES]
    around = np.zeros(len(stretch) + 2 * reach)
    first = start + AAC_SAMPLES - reach
    part = heard[max(first, 0) : first + len(around)]
    around[max(-first, 0) : max(-first, 0) + len(part)] = part
    spectrum = np.fft.rfft(around) * np.conj(np.fft.rfft(stretch, len(around)))
    return int(np.argmax(np.fft.irfft(spectrum, len(around))[: 2 * reach + 1])) - reach


def report(costs: list[Cost], seconds: float, sections: int, format: Format) -> None:
    """Print the table and the machine it was measured on."""
    print(
        f"\nA lesson of {sections} sections, {seconds:.1f} s of {format.width}x{format.height} at "
        f"{format.fps} pictures a second\n{machine()}\n"
    )
    print(f"{'':32}{'CPU s':>8}{'wall s':>8}{'ratio':>9}{'MB':>7}{'sound off by':>15}{'A/V end apart':>15}")
    for cost in costs:
        print(
            f"{cost.way:32}{cost.cpu:8.2f}{cost.wall:8.2f}{cost.cpu / costs[0].cpu:8.0f}x"
            f"{cost.size / 1e6:7.1f}{cost.worst_ms:12.2f} ms{cost.picture_and_sound_ms:12.2f} ms"
        )


def report_formats(costs: list[FormatCost]) -> None:
    """Print what joining takes in every format."""
    print(f"\n{'joined as':24}{'CPU s':>8}{'MB':>7}{'with music: CPU s':>20}{'true peak':>14}")
    for cost in costs:
        print(
            f"{cost.name:24}{cost.cpu:8.2f}{cost.size / 1e6:7.1f}{cost.with_music:20.2f}"
            f"{cost.with_music_peak:9.2f} dBTP"
        )


def report_stills(costs: list[StillCost]) -> None:
    """Print what twenty seconds of one picture take."""
    encoded, repeated = f"{'encoded: CPU s':>16}{'kB':>7}", f"{'repeated: CPU s':>18}{'kB':>7}"
    print(f"\n{'20 s of a still slide in':24}{encoded}{repeated}{'ratio':>8}")
    for cost in costs:
        print(
            f"{cost.name:24}{cost.encoded:16.2f}{cost.encoded_size / 1e3:7.0f}{cost.repeated:18.2f}"
            f"{cost.repeated_size / 1e3:7.0f}{cost.encoded / cost.repeated:7.0f}x"
        )


def machine() -> str:
    """Return what ran this: processor, cores, system and library."""
    import av

    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
        processor = next(line.split(":", 1)[1].strip() for line in lines if line.startswith("model name"))
    except (OSError, StopIteration):
        processor = platform.processor() or platform.machine()
    return f"{processor}, {os.cpu_count()} cores, Python {platform.python_version()}, PyAV {av.__version__}"


if __name__ == "__main__":
    main()
