"""One good film, and twins of it that are spoilt in one way each, for the checks to find.

The good film is a real one: two sections by the studio, small, joined as lessons are. The twins are made of
its pictures, sound and captions as strangers would make them: coded anew with reordered pictures, stereo and
edit lists, or with bytes of the file changed.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from pathlib import Path
from typing import Any

import av
import numpy as np
from av.video.reformatter import ColorRange
from numpy.typing import NDArray
from scipy import signal

from presgen.media.boxes import boxes, content_of
from presgen.media.captions import read_webvtt, webvtt
from presgen.media.formats import Format
from presgen.media.join import join_clips
from presgen.media.sound import read_wav, write_wav
from presgen.media.text_track import add_text_track, text_packets
from presgen.model.base import Seconds
from presgen.model.lesson import BulletSlide, QuestionSlide, Section, SectionKind, Sentence
from presgen.model.media import Cue, StoredSection
from presgen.model.quality import Expectation
from presgen.personas import load_persona
from presgen.rendering import render_section

SMALL = Format(name="small", width=640, height=360)
"""A quarter of the pixels: the checks look at no more of them in a large film."""

BT709, BT601, BT2020 = 1, 6, 9

SECTIONS = (
    Section(
        kind=SectionKind.DEEP_DIVE,
        slug="deep-dive-mask",
        title="What a mask does",
        persona="mentor",
        locale="en-US",
        sentences=(
            Sentence(text="The mask draws a line through an address.", step=0),
            Sentence(text="Left of it is the network, and right of it is the host.", step=1),
        ),
        slide=BulletSlide(
            kicker="IP addressing",
            title="What a subnet mask does",
            points=(("Ones mean network,", "zeros mean host."),),
            source="RFC 4632, Section 3.1",
        ),
        planned=Seconds(7.5),
    ),
    Section(
        kind=SectionKind.REMEDY,
        slug="remedy-dhcp",
        title="A question about DHCP",
        persona="mentor",
        locale="en-US",
        sentences=(
            Sentence(text="Here is the question about addresses once more.", step=0),
            Sentence(text="The right answer is that the server offers a free one.", step=1),
        ),
        slide=QuestionSlide(
            kicker="DNS and DHCP",
            question="What does a server do first when a host asks for an address?",
            options=("It asks for a name", "It offers a free address", "It blocks the port"),
            chosen=0,
            right=1,
            why="The host discovers, and the server offers.",
        ),
        planned=Seconds(7.5),
    ),
)


@dataclass(frozen=True)
class Film:
    """A film in a folder, with its captions and the master of its sound."""

    folder: Path

    @property
    def path(self) -> Path:
        return self.folder / "film.mp4"

    @property
    def captions(self) -> Path:
        return self.folder / "film.vtt"

    @property
    def master(self) -> Path:
        return self.folder / "master.wav"

    @cached_property
    def pictures(self) -> NDArray[np.uint8]:
        """(frames, 540, 640): the planes of each picture, one below the other."""
        with av.open(str(self.path)) as file:
            return np.array([frame.to_ndarray(format="yuv420p") for frame in file.decode(video=0)])

    @cached_property
    def sound(self) -> NDArray[np.float64]:
        """The master; 1.0 is full scale."""
        return read_wav(self.master)[0] / 32_768

    @cached_property
    def cues(self) -> tuple[Cue, ...]:
        return read_webvtt(self.captions)

    @property
    def duration(self) -> float:
        return len(self.pictures) / 30


def make_good(folder: Path) -> Film:
    """Render and join the good film in ``folder``."""
    stored = []
    for section in SECTIONS:
        part = folder / section.slug
        part.mkdir(parents=True)
        clip = render_section(section, load_persona(section.persona), SMALL, "studio", part, None)
        stored.append(StoredSection(key=section.slug, folder=part, clip=clip, files={}))
    film = Film(folder)
    join_clips(stored, SECTIONS, film.path, SMALL, "Two gaps")
    write_wav(film.master, np.concatenate([read_wav(each.folder / "narration.wav")[0] for each in stored]))
    return film


SCRIPT = " ".join(section.text for section in SECTIONS)


def expected_of(film: Film) -> Expectation:
    """Return all that is expected of the good film."""
    return Expectation(
        resolution="640x360",
        fps=30,
        duration=Seconds(film.duration),
        pixel_format="yuv420p",
        colour="bt709/bt709/bt709",
        colour_range="limited",
        rotation=0,
        video_codec="h264",
        audio_codec="aac",
        loudness=-16.0,
        true_peak=-1.0,
        captions=True,
        script=SCRIPT,
        chapters=tuple(section.title for section in SECTIONS),
        presenter=True,
        longest_silence=Seconds(2.5),
        master=film.master,
    )


@dataclass(frozen=True, kw_only=True)
class Recipe:
    """What a film is made of, and how it is written."""

    pictures: NDArray[np.uint8] | Path
    """As `Film.pictures`, or the film whose coded pictures are taken as they are."""
    sound: NDArray[np.float64] | None
    """(samples,) or (channels, samples)."""
    cues: Sequence[Cue] = ()
    chapters: Sequence[tuple[str, float]] = ()
    moments: Sequence[int] | None = None
    """In which thirtieth of a second each picture is shown; None: one after the other."""
    fps: int = 30
    rate: int = 48_000
    codec: str = "libx264"
    pixel_format: str = "yuv420p"
    colour: int = BT709
    full_range: bool = False
    reordered: bool = False
    """With B-frames, and the edit lists they ask for, as most encoders write."""
    faststart: bool = True
    sound_starts: float = 0.0
    audio_codec: str = "aac"


def recipe_of(film: Film, **changes: Any) -> Recipe:
    """Return how to make the film again."""
    with av.open(str(film.path)) as file:
        chapters = [
            (chapter["metadata"]["title"], float(chapter["start"] * chapter["time_base"]))
            for chapter in file.chapters()
        ]
    coded = {"moments", "fps", "codec", "pixel_format", "colour", "full_range", "reordered"}
    pictures = film.pictures if coded & set(changes) else film.path
    made = Recipe(pictures=pictures, sound=film.sound, cues=film.cues, chapters=chapters)
    return replace(made, **changes)


def write(folder: Path, recipe: Recipe, master: NDArray[np.float64] | None = None) -> Film:
    """Write a film into ``folder``, with its captions beside it."""
    folder.mkdir(parents=True, exist_ok=True)
    film = Film(folder)
    options = {"use_editlist": "1" if recipe.reordered or recipe.sound_starts else "0"}
    if recipe.faststart:
        options["movflags"] = "+faststart"
    with ExitStack() as stack:
        file = stack.enter_context(av.open(str(film.path), "w", format="mp4", options=options))
        if isinstance(recipe.pictures, Path):
            source = stack.enter_context(av.open(str(recipe.pictures)))
            length = float(source.streams.video[0].duration * source.streams.video[0].time_base)
            packets = _copied_pictures(file, source)
        else:
            length = len(recipe.pictures) / recipe.fps
            video = _video(file, recipe)
            packets = []
        audio = _audio(file, recipe) if recipe.sound is not None else None
        text = add_text_track(file, "mp4", "eng") if recipe.cues else None
        if not isinstance(recipe.pictures, Path):
            packets += list(_pictures(video, recipe))
        if audio is not None:
            packets += _sounds(audio, recipe)
        if text is not None:
            packets += list(text_packets(text, recipe.cues))
        if recipe.chapters:
            ends = [start for _, start in recipe.chapters[1:]] + [length]
            file.set_chapters(
                [
                    {
                        "id": number,
                        "start": round(start * 1000),
                        "end": round(end * 1000),
                        "time_base": Fraction(1, 1000),
                        "metadata": {"title": title},
                    }
                    for number, ((title, start), end) in enumerate(zip(recipe.chapters, ends, strict=True))
                ]
            )
        for packet in sorted(packets, key=lambda each: float(each.dts * each.time_base)):
            file.mux(packet)
    if recipe.cues:
        film.captions.write_text(webvtt(recipe.cues), encoding="utf-8")
    if recipe.sound is not None:
        kept = recipe.sound if master is None else master
        mono = kept if kept.ndim == 1 else kept[0]
        write_wav(film.master, np.clip(np.round(mono * 32_768), -32_768, 32_767).astype(np.int16))
    return film


def _copied_pictures(file: Any, source: Any) -> list[Any]:
    stream = file.add_stream_from_template(source.streams.video[0])
    packets = []
    for packet in source.demux(video=0):
        if packet.size:
            packet.stream = stream
            packets.append(packet)
    return packets


def _video(file: Any, recipe: Recipe) -> Any:
    options = {"preset": "ultrafast", "crf": "20", "x264-params": "threads=1"}
    if recipe.reordered:
        options |= {"bf": "2", "x264-params": "threads=1:bframes=2"}
    if recipe.codec == "libx265":
        options = {"preset": "ultrafast", "crf": "20", "x265-params": "log-level=none:pools=none"}
    stream = file.add_stream(recipe.codec, rate=recipe.fps, options=options)
    height, width = recipe.pictures.shape[1] * 2 // 3, recipe.pictures.shape[2]
    stream.width, stream.height, stream.pix_fmt = width, height, recipe.pixel_format
    context = stream.codec_context
    context.time_base = Fraction(1, recipe.fps)
    context.thread_count = 1
    if recipe.colour:
        context.color_primaries = context.color_trc = context.colorspace = recipe.colour
    context.color_range = ColorRange.JPEG if recipe.full_range else ColorRange.MPEG
    return stream


def _audio(file: Any, recipe: Recipe) -> Any:
    stream = file.add_stream(recipe.audio_codec, rate=recipe.rate)
    stream.codec_context.layout = "stereo" if recipe.sound.ndim == 2 else "mono"
    stream.codec_context.format = "fltp"
    stream.codec_context.bit_rate = 128_000
    return stream


def _pictures(stream: Any, recipe: Recipe) -> Iterable[Any]:
    moments = recipe.moments if recipe.moments is not None else range(len(recipe.pictures))
    for planes, moment in zip(recipe.pictures, moments, strict=True):
        frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(planes), format="yuv420p")
        if recipe.pixel_format != "yuv420p":
            frame = frame.reformat(format=recipe.pixel_format)
        frame.pts, frame.time_base = moment, Fraction(1, recipe.fps)
        yield from stream.encode(frame)
    yield from stream.encode(None)


def _sounds(stream: Any, recipe: Recipe) -> list[Any]:
    samples = np.atleast_2d(recipe.sound).astype(np.float32)
    packets = []
    for start in range(0, samples.shape[1], 1024):
        part = np.ascontiguousarray(samples[:, start : start + 1024])
        frame = av.AudioFrame.from_ndarray(
            part, format="fltp", layout="stereo" if len(samples) == 2 else "mono"
        )
        frame.sample_rate, frame.time_base = recipe.rate, Fraction(1, recipe.rate)
        frame.pts = start + round(recipe.sound_starts * recipe.rate)
        packets += stream.encode(frame)
    packets += stream.encode(None)
    if not recipe.reordered and not recipe.sound_starts:
        # Without an edit list, the packet that primes the decoder is left out.
        packets = packets[1:]
    return packets


# Twins


@dataclass(frozen=True)
class Twin:
    """The good film with one fault."""

    name: str
    check: str
    """The check that is to find it."""
    at: float | None
    """Where; None: it has no place."""
    make: Callable[[Film, Path], Film]
    expect: Callable[[Expectation], Expectation] = lambda expected: expected


TWINS: list[Twin] = []


def twin(check: str, at: float | None = None) -> Callable[[Any], Any]:
    """Add the decorated maker to the twins, called after it."""

    def add(make: Callable[[Film, Path], Film]) -> Callable[[Film, Path], Film]:
        TWINS.append(Twin(make.__name__.replace("_", " "), check, at, make))
        return make

    return add


def _with_sound(change: Callable[[NDArray[np.float64]], NDArray[np.float64]], *, also_master: bool = True):
    def make(good: Film, folder: Path) -> Film:
        sound = change(good.sound.copy())
        master = None if also_master else good.sound
        return write(folder, recipe_of(good, sound=sound), master)

    return make


def _with_pictures(change: Callable[[NDArray[np.uint8]], None]):
    def make(good: Film, folder: Path) -> Film:
        pictures = good.pictures.copy()
        change(pictures)
        return write(folder, recipe_of(good, pictures=pictures))

    return make


def _with_cues(change: Callable[[list[Cue]], list[Cue]]):
    def make(good: Film, folder: Path) -> Film:
        return write(folder, recipe_of(good, cues=change(list(good.cues))))

    return make


def _add(name: str, check: str, at: float | None, make: Callable[[Film, Path], Film]) -> None:
    TWINS.append(Twin(name, check, at, make))


def _muted(start: float, end: float) -> Callable[[NDArray[np.float64]], NDArray[np.float64]]:
    def change(sound: NDArray[np.float64]) -> NDArray[np.float64]:
        sound[round(start * 48_000) : round(end * 48_000)] = 0
        return sound

    return change


def _clipped(sound: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.clip(sound * 4, -1, 1)


def _shifted(seconds: float) -> Callable[[NDArray[np.float64]], NDArray[np.float64]]:
    return lambda sound: np.roll(sound, round(seconds * 48_000))


# Sound

_add("clipped", "narration-is-not-clipped", 0.6, _with_sound(_clipped))
_add(
    "clipped, then turned down",
    "narration-is-not-clipped",
    0.6,
    _with_sound(lambda sound: _clipped(sound) * 0.3),
)
_add("silent", "film-is-heard", 0.0, _with_sound(np.zeros_like))
_add("silent for four seconds", "narration-has-no-gap", 8.5, _with_sound(_muted(8.5, 12.5)))
_add("too quiet", "narration-is-at-level", None, _with_sound(lambda sound: sound * 0.2))
_add("too loud", "narration-is-at-level", None, _with_sound(lambda sound: np.tanh(sound * 3)))
_add("peaks over full scale", "narration-does-not-distort", None, _with_sound(lambda sound: sound * 1.25))
_add(
    "one channel dead", "sound-comes-from-both-sides", None,
    _with_sound(lambda sound: np.stack([sound, np.zeros_like(sound)])),
)  # fmt: skip
_add(
    "one channel dead for five seconds", "sound-comes-from-both-sides", 6.0,
    _with_sound(lambda sound: np.stack([sound, _muted(6.0, 11.0)(sound.copy())])),
)  # fmt: skip
_add(
    "channels opposed", "sound-survives-one-loudspeaker", None,
    _with_sound(lambda sound: np.stack([sound, -sound])),
)  # fmt: skip
_add(
    "sound ends three seconds early", "sound-and-picture-end-together", -3.0,
    _with_sound(lambda sound: sound[: -3 * 48_000]),
)  # fmt: skip
_add("sound 300 ms late in the content", "lips-follow-the-voice", 0.0, _with_sound(_shifted(0.3)))
_add("sound 200 ms early in the content", "lips-follow-the-voice", 0.0, _with_sound(_shifted(-0.2)))


@twin("film-is-heard")
def no_sound(good: Film, folder: Path) -> Film:
    return write(folder, recipe_of(good, sound=None))


@twin("sound-and-picture-end-together", 0.0)
def sound_starts_late_by_its_edit_list(good: Film, folder: Path) -> Film:
    return write(folder, recipe_of(good, sound_starts=0.4))


# Pictures


def _blacken(pictures: NDArray[np.uint8]) -> None:
    pictures[150:210, :360] = 16
    pictures[150:210, 360:] = 128


def _freeze_presenter(pictures: NDArray[np.uint8]) -> None:
    luma = pictures[:, :360]
    luma[180:270, :, 440:] = luma[180, :, 440:]
    for plane in (pictures[:, 360:450], pictures[:, 450:]):
        # Two rows of a chroma plane lie in one of the array.
        chroma = plane.reshape(len(pictures), 180, 320).copy()
        chroma[180:270, :, 220:] = chroma[180, :, 220:]
        plane[:] = chroma.reshape(plane.shape)


def _freeze(pictures: NDArray[np.uint8]) -> None:
    pictures[210:300] = pictures[210]


def _flash(pictures: NDArray[np.uint8]) -> None:
    for number in range(240, 285):
        if number // 3 % 2:
            pictures[number, 40:320, 20:400] = 235


_add("black for two seconds", "film-is-seen", 5.0, _with_pictures(_blacken))
_add("presenter frozen for three seconds", "presenter-moves", 6.0, _with_pictures(_freeze_presenter))
_add("frozen for three seconds", "presenter-moves", 7.0, _with_pictures(_freeze))
_add("flashing", "picture-does-not-flash", 8.0, _with_pictures(_flash))


@twin("picture-has-its-size")
def smaller(good: Film, folder: Path) -> Film:
    pictures = [
        av.VideoFrame.from_ndarray(planes, format="yuv420p").reformat(width=480, height=270).to_ndarray()
        for planes in good.pictures
    ]
    return write(folder, recipe_of(good, pictures=np.array(pictures)))


@twin("pictures-come-steadily")
def another_frame_rate(good: Film, folder: Path) -> Film:
    kept = [number for number in range(len(good.pictures)) if number % 6 != 5]
    return write(folder, recipe_of(good, pictures=good.pictures[kept], fps=25))


@twin("pictures-come-steadily", 6.0)
def another_frame_rate_for_two_seconds(good: Film, folder: Path) -> Film:
    kept = [number for number in range(len(good.pictures)) if not (180 < number < 240 and number % 3)]
    return write(folder, recipe_of(good, pictures=good.pictures[kept], moments=kept))


@twin("picture-has-true-colours")
def another_pixel_format(good: Film, folder: Path) -> Film:
    return write(folder, recipe_of(good, pixel_format="yuv444p"))


@twin("picture-has-true-colours")
def colours_of_standard_definition(good: Film, folder: Path) -> Film:
    return write(folder, recipe_of(good, colour=BT601))


@twin("picture-has-true-colours")
def full_range(good: Film, folder: Path) -> Film:
    return write(folder, recipe_of(good, full_range=True))


@twin("film-matches-its-format")
def another_codec(good: Film, folder: Path) -> Film:
    return write(folder, recipe_of(good, codec="mpeg4"))


@twin("picture-stands-upright")
def turned(good: Film, folder: Path) -> Film:
    film = write(folder, recipe_of(good))
    content = bytearray(film.path.read_bytes())
    header = next(box for box in boxes(film.path) if box.kind == "tkhd")
    quarter = b"".join(number.to_bytes(4, "big", signed=True) for number in (0, 0x10000, 0, -0x10000, 0))
    content[header.end - 44 : header.end - 24] = quarter
    film.path.write_bytes(content)
    return film


# Files


def _copied(good: Film, folder: Path) -> Film:
    folder.mkdir(parents=True)
    for path in (good.path, good.captions, good.master):
        shutil.copyfile(path, folder / path.name)
    return Film(folder)


@twin("film-is-whole", 10.0)
def cut_short(good: Film, folder: Path) -> Film:
    film = _copied(good, folder)
    with av.open(str(good.path)) as file:
        end = next(packet.pos for packet in file.demux(video=0) if packet.pts * packet.time_base >= 10)
    film.path.write_bytes(film.path.read_bytes()[:end])
    return film


@twin("film-is-whole")
def cut_short_before_its_index(good: Film, folder: Path) -> Film:
    film = write(folder, recipe_of(good, faststart=False))
    content = film.path.read_bytes()
    film.path.write_bytes(content[: len(content) * 7 // 10])
    return film


def _rotten(film: Film, moment: float, kind: str) -> Film:
    content = bytearray(film.path.read_bytes())
    with av.open(str(film.path)) as file:
        stream = file.streams.video[0] if kind == "video" else file.streams.audio[0]
        packet = next(
            packet
            for packet in file.demux(stream)
            if packet.size > 60 and packet.pts * packet.time_base >= moment
        )
    random = np.random.default_rng(1)
    for place in range(packet.pos + 8, packet.pos + packet.size - 4, 3):
        content[place] ^= int(random.integers(1, 256))
    film.path.write_bytes(content)
    return film


@twin("film-can-be-decoded", 9.0)
def rotten_pictures(good: Film, folder: Path) -> Film:
    return _rotten(write(folder, recipe_of(good)), 9.0, "video")


@twin("film-can-be-decoded", 9.0)
def rotten_sound(good: Film, folder: Path) -> Film:
    return _rotten(write(folder, recipe_of(good)), 9.0, "audio")


@twin("film-can-be-decoded")
def one_bit_flipped_in_a_sealed_film(good: Film, folder: Path) -> Film:
    film = _copied(good, folder)
    content = bytearray(film.path.read_bytes())
    media = next(box for box in boxes(film.path) if box.kind == "mdat")
    content[(media.content + media.end) // 2] ^= 1
    film.path.write_bytes(content)
    return film


@twin("film-starts-at-once")
def index_last(good: Film, folder: Path) -> Film:
    return write(folder, recipe_of(good, faststart=False))


@twin("film-plays-in-one-piece", 0.0)
def edit_list_that_skips_a_second(good: Film, folder: Path) -> Film:
    film = write(folder, recipe_of(good, reordered=True))
    content = bytearray(film.path.read_bytes())
    edits = [box for box in boxes(film.path) if box.kind == "elst"]
    clocks = [box for box in boxes(film.path) if box.kind == "mdhd"]
    for box, clock in zip(edits[:2], clocks[:2], strict=True):
        ticks = int.from_bytes(content_of(film.path, clock)[12:16], "big")
        at = box.content + 8 + 4
        media = int.from_bytes(content[at : at + 4], "big") + ticks
        content[at : at + 4] = media.to_bytes(4, "big")
    film.path.write_bytes(content)
    return film


@twin("film-lasts-as-planned")
def five_seconds_missing(good: Film, folder: Path) -> Film:
    return write(
        folder,
        recipe_of(
            good,
            pictures=good.pictures[:-150],
            sound=good.sound[: -5 * 48_000],
            cues=[cue for cue in good.cues if cue.end < good.duration - 5],
        ),
    )


@twin("chapters-lead-to-sections")
def no_chapters(good: Film, folder: Path) -> Film:
    return write(folder, recipe_of(good, chapters=()))


@twin("chapters-lead-to-sections")
def a_chapter_called_otherwise(good: Film, folder: Path) -> Film:
    first, (_, start) = recipe_of(good).chapters
    return write(folder, recipe_of(good, chapters=[first, ("Something else", start)]))


# Captions


def _longer(cues: list[Cue], number: int, by: float) -> list[Cue]:
    cues[number] = cues[number].model_copy(update={"end": Seconds(cues[number].end + by)})
    return cues


def _fast(cues: list[Cue]) -> list[Cue]:
    cue = cues[1]
    cues[1] = cue.model_copy(update={"end": Seconds(cue.start + len(cue.text) / 40)})
    return cues


def _reworded(cues: list[Cue]) -> list[Cue]:
    cue = cues[2]
    first, *others = cue.lines
    cues[2] = cue.model_copy(update={"lines": (first.replace(first.split()[0], "Right"), *others)})
    return cues


def _beside(change: Callable[[list[Cue]], list[Cue]]):
    """Change the captions beside the film, and not the track within: muxers refuse some of this."""

    def make(good: Film, folder: Path) -> Film:
        film = write(folder, recipe_of(good, cues=()))
        film.captions.write_text(webvtt(change(list(good.cues))), encoding="utf-8")
        return film

    return make


_add("no captions", "film-has-captions", None, _with_cues(lambda cues: []))
_add("caption past the end", "captions-end-with-the-film", None, _beside(lambda cues: _longer(cues, -1, 3.0)))
_add("overlapping captions", "captions-follow-one-another", None, _beside(lambda cues: _longer(cues, 0, 1.5)))
_add(
    "captions in disorder",
    "captions-follow-one-another",
    None,
    _beside(lambda cues: [cues[1], cues[0], *cues[2:]]),
)
_add("caption too fast", "captions-can-be-read", None, _beside(_fast))
_add("caption says something else", "captions-say-what-is-spoken", None, _with_cues(_reworded))
_add(
    "a caption missing", "captions-say-what-is-spoken", None, _with_cues(lambda cues: [*cues[:2], *cues[3:]])
)


@twin("captions-can-be-read")
def captions_that_are_no_captions(good: Film, folder: Path) -> Film:
    film = write(folder, recipe_of(good, cues=()))
    film.captions.write_bytes(b"\xff\xfe no captions \x00")
    return film


@twin("captions-say-what-is-spoken", None)
def captions_beside_differ_from_those_within(good: Film, folder: Path) -> Film:
    film = write(folder, recipe_of(good))
    film.captions.write_text(webvtt(_reworded(list(good.cues))), encoding="utf-8")
    return film


@twin("film-has-captions", None)
def captions_end_halfway(good: Film, folder: Path) -> Film:
    length = good.duration
    doubled = np.concatenate([good.pictures, good.pictures])
    return write(
        folder,
        recipe_of(
            good, pictures=doubled, sound=np.concatenate([good.sound, good.sound]),
            chapters=[*recipe_of(good).chapters, ("Again", length)],
        ),
    )  # fmt: skip


# Films of others: good ones


@dataclass(frozen=True)
class Other:
    """A film that is good in another way than ours."""

    name: str
    make: Callable[[Film, Path], Film]


OTHERS: list[Other] = []


def other(make: Callable[[Film, Path], Film]) -> Callable[[Film, Path], Film]:
    """Add the decorated maker to the films of others, called after it."""
    OTHERS.append(Other(make.__name__.replace("_", " "), make))
    return make


def _at_44100(sound: NDArray[np.float64]) -> NDArray[np.float64]:
    return signal.resample_poly(sound, 147, 160)


def slides(length: int, level: tuple[int, int] = (215, 40), every: int = 90) -> NDArray[np.uint8]:
    """Return pictures of slides with lines of text, of which the next one comes every so many frames."""
    random = np.random.default_rng(3)
    ground, ink = level
    pictures = np.full((length, 540, 640), 128, np.uint8)
    pictures[:, :360] = ground
    for start in range(0, length, every):
        for line in range(60, 300, 40):
            words = random.random(80) < 0.6
            pictures[start : start + every, line : line + 14, :560] = np.where(
                words.repeat(7)[None, None], ink, ground
            )
    return pictures


@other
def with_reordered_pictures_stereo_and_44_100_samples(good: Film, folder: Path) -> Film:
    sound = _at_44100(good.sound)
    return write(folder, recipe_of(good, reordered=True, sound=np.stack([sound, sound]) * 0.708, rate=44_100))


@other
def in_hevc(good: Film, folder: Path) -> Film:
    return write(folder, recipe_of(good, codec="libx265", reordered=True))


@other
def with_25_pictures_a_second(good: Film, folder: Path) -> Film:
    kept = [number for number in range(len(good.pictures)) if number % 6 != 5]
    return write(folder, recipe_of(good, pictures=good.pictures[kept], fps=25, reordered=True))


@other
def without_a_colour_description(good: Film, folder: Path) -> Film:
    return write(folder, recipe_of(good, colour=0, reordered=True))


@other
def of_slides_only(good: Film, folder: Path) -> Film:
    return write(folder, recipe_of(good, pictures=slides(len(good.pictures)), reordered=True))


@other
def of_dark_slides(good: Film, folder: Path) -> Film:
    return write(folder, recipe_of(good, pictures=slides(len(good.pictures), (28, 90)), reordered=True))


@other
def of_light_text_on_black(good: Film, folder: Path) -> Film:
    return write(folder, recipe_of(good, pictures=slides(len(good.pictures), (16, 200)), reordered=True))


@other
def of_very_bright_slides(good: Film, folder: Path) -> Film:
    return write(folder, recipe_of(good, pictures=slides(len(good.pictures), (235, 190)), reordered=True))


@other
def of_slides_that_change_twice_a_second(good: Film, folder: Path) -> Film:
    return write(folder, recipe_of(good, pictures=slides(len(good.pictures), every=15), reordered=True))


@other
def that_fades_in_from_black_and_out(good: Film, folder: Path) -> Film:
    pictures = good.pictures.copy()
    for number in range(30):
        part = max(0.0, (number - 12) / 18)
        for at in (number, -1 - number):
            faded = pictures[at].astype(np.float64)
            faded[:360] = 16 + (faded[:360] - 16) * part
            faded[360:] = 128 + (faded[360:] - 128) * part
            pictures[at] = faded.round()
    return write(folder, recipe_of(good, pictures=pictures, reordered=True))


@other
def that_pauses_between_two_chapters(good: Film, folder: Path) -> Film:
    cut = round(recipe_of(good).chapters[1][1] * 30)
    at = cut * 1600
    (first, _), (second, start) = recipe_of(good).chapters
    shift = Seconds(3.0)
    return write(
        folder,
        recipe_of(
            good,
            pictures=np.concatenate([slides(cut), slides(90), slides(len(good.pictures) - cut)]),
            sound=np.concatenate([good.sound[:at], np.zeros(90 * 1600), good.sound[at:]]),
            chapters=[(first, 0.0), (second, start + shift)],
            cues=[
                cue
                if cue.start < start
                else cue.model_copy(
                    update={"start": Seconds(cue.start + shift), "end": Seconds(cue.end + shift)}
                )
                for cue in good.cues
            ],
            reordered=True,
        ),
    )


@other
def with_somebody_who_leaves_the_picture(good: Film, folder: Path) -> Film:
    pictures = good.pictures.copy()
    pictures[200:320] = slides(120, every=60)
    return write(folder, recipe_of(good, pictures=pictures, reordered=True))


@other
def with_the_noise_of_a_camera(good: Film, folder: Path) -> Film:
    random = np.random.default_rng(5)
    pictures = good.pictures.astype(np.int16)
    pictures[:, :360] += random.integers(-4, 5, (len(pictures), 360, 1), dtype=np.int16)
    return write(folder, recipe_of(good, pictures=pictures.clip(16, 235).astype(np.uint8), reordered=True))


@other
def with_background_music(good: Film, folder: Path) -> Film:
    moments = np.arange(len(good.sound)) / 48_000
    music = sum(
        0.012 * np.sin(2 * np.pi * pitch * moments + pitch) * (1 + 0.4 * np.sin(2 * np.pi * 0.4 * moments))
        for pitch in (55, 110, 164.8, 220, 329.6)
    )
    sound = np.stack([good.sound + music, good.sound + np.roll(music, 300)]) * 0.708
    return write(folder, recipe_of(good, sound=sound, reordered=True))


@other
def as_loud_as_broadcasters_like_it(good: Film, folder: Path) -> Film:
    return write(folder, recipe_of(good, sound=good.sound * 0.447, reordered=True))
