"""Section clips become a lesson by copying packets: no picture is encoded again, and nothing moves.

`clip` says what makes clips fit together. Here it is checked that they do, since a clip may come from another
renderer or release, and their packets are laid end to end. Sound is encoded only where it cannot be copied:
as Opus for WebM, and where music is laid under it.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import av
from av.audio.stream import AudioStream
from av.container import InputContainer, OutputContainer
from av.packet import Packet
from av.video.stream import VideoStream

from presgen.errors import BadInput, CannotJoin, CorruptMedia
from presgen.media.aac import aac_packets, add_aac_track
from presgen.media.avc import TICKS
from presgen.media.bed import bed
from presgen.media.boxes import boxes, content_of
from presgen.media.captions import shift, subrip, webvtt
from presgen.media.clip import clip_name
from presgen.media.container import create_media, disk_errors, open_media
from presgen.media.cover import cover_packets, read_cover
from presgen.media.formats import Format
from presgen.media.opus import add_opus_track, opus_packets
from presgen.media.seal import seal
from presgen.media.sound import AAC_SAMPLES, FPS, FRAME_SAMPLES, GRID_FRAMES, SAMPLE_RATE, Samples
from presgen.media.soundtrack import narrations, over_music
from presgen.media.text_track import add_text_track, text_packets
from presgen.model.base import Seconds
from presgen.model.lesson import Section
from presgen.model.media import Cue, PlacedSection, StoredSection, Video
from presgen.workspace import beside, sha256_of, write_whole

if TYPE_CHECKING:
    from av.container.core import Chapter

    _Begin: TypeAlias = Callable[[OutputContainer, Format], AudioStream]
    _Encode: TypeAlias = Callable[[AudioStream, Iterable[Samples]], Iterator[Packet[Any]]]

_LANGUAGES = {
    "de": "deu",
    "en": "eng",
    "es": "spa",
    "fr": "fra",
    "hi": "hin",
    "it": "ita",
    "ja": "jpn",
    "ko": "kor",
    "nl": "nld",
    "pl": "pol",
    "pt": "por",
    "zh": "zho",
}
"""Two letters of a locale to the three that MP4 wants."""

_MILLISECOND = Fraction(1, 1000)
_ENCODERS: dict[str, tuple[_Begin, _Encode]] = {
    "aac": (add_aac_track, aac_packets),
    "opus": (add_opus_track, opus_packets),
}
_ENABLED = 1  # the flag of a track header


def join_clips(
    sections: Sequence[StoredSection],
    scripted: Sequence[Section],
    path: Path,
    format: Format,
    title: str,
    *,
    music: Path | None = None,
    cover: Path | None = None,
) -> Video:
    """Join the clips of ``sections`` into one video at ``path``, with WebVTT and SubRip captions beside it.

    ``scripted`` are the same sections as the script has them, in the same order: they name the chapters.
    The title must not name the learner: it is in the file for everybody to see.

    ``music`` lies quietly under the lesson: a sound file, or ``pad``, which is our own. ``cover`` is a PNG
    that stands for a lesson without pictures; others ignore it.

    Raises:
        CannotJoin: there are no clips, or two do not fit together; the message names both.
        CorruptMedia: a clip, or a narration that is encoded anew, cannot be read.
        BadInput: the music cannot be read, or the path's suffix is not the format's.
        StoreUnavailable: the disk is away or full.
    """
    if not sections or len(sections) != len(scripted):
        raise CannotJoin(f"{len(sections)} clips for {len(scripted)} sections make no lesson.")
    if path.suffix != f".{format.container}":
        raise BadInput(f"{path.name} is no name for the format {format.name!r}, a .{format.container} file.")
    with ExitStack() as stack:
        clips = [_opened(stack, section, format) for section in sections]
        _fit(clips, format)
        placed, cues = _placed(clips, scripted)
        frames = sum(clip.frames for clip in clips)
        with beside(path) as draft:
            picture = read_cover(cover) if cover is not None and not format.pictured else None
            lesson = _Lesson(clips, placed, cues, title, _language(scripted[0].locale), format, picture)
            lesson.write(draft, _encoded_anew(sections, format, music))
            if format.container == "mp4":
                _hide_captions(draft)
            seal(draft)
            digest = sha256_of(draft)
    captions, subtitles = path.with_suffix(".vtt"), path.with_suffix(".srt")
    write_whole(captions, webvtt(cues).encode())
    write_whole(subtitles, subrip(cues).encode())
    return Video(
        path=path,
        captions=captions,
        subtitles=subtitles,
        sha256=digest,
        duration=_seconds(frames),
        format=format.name,
        sections=placed,
        cues=cues,
    )


@dataclass(frozen=True, slots=True)
class _Clip:
    """A section's clip, opened."""

    section: StoredSection
    file: InputContainer
    video: VideoStream | None
    audio: AudioStream | None

    @property
    def name(self) -> str:
        return f"section {self.section.key[:12]}"

    @property
    def frames(self) -> int:
        return self.section.clip.frames

    @property
    def shape(self) -> dict[str, Any]:
        """What clips must have in common for their packets to follow each other."""
        return self._shape_of_pictures() | self._shape_of_sound()

    def _shape_of_pictures(self) -> dict[str, Any]:
        if self.video is None:
            return {}
        pictures = self.video.codec_context
        return {
            "picture codec": pictures.name,
            "size": f"{pictures.width}x{pictures.height}",
            "pixel format": pictures.pix_fmt,
            "colours": (pictures.color_primaries, pictures.color_trc, pictures.colorspace),
            "colour range": pictures.color_range,
            "pictures a second": self.video.average_rate,
            "parameter sets of the picture": pictures.extradata,
        }

    def _shape_of_sound(self) -> dict[str, Any]:
        if self.audio is None:
            return {}
        sound = self.audio.codec_context
        return {
            "sound codec": sound.name,
            "samples a second": sound.sample_rate,
            "channels": sound.layout.nb_channels,
            "parameters of the sound": sound.extradata,
        }


def _opened(stack: ExitStack, section: StoredSection, format: Format) -> _Clip:
    file = stack.enter_context(open_media(section.folder / clip_name(format)))
    found = len(file.streams.video), len(file.streams.audio)
    expected = int(format.pictured), int(format.audio == "aac")
    if found != expected:
        raise CannotJoin(
            f"Section {section.key[:12]} has {found[0]} picture and {found[1]} sound tracks; a clip of the "
            f"format {format.name!r} has {expected[0]} and {expected[1]}."
        )
    return _Clip(
        section,
        file,
        file.streams.video[0] if file.streams.video else None,
        file.streams.audio[0] if file.streams.audio else None,
    )


def _fit(clips: Sequence[_Clip], format: Format) -> None:
    """Check that all clips are of the format and fit the first one."""
    first = clips[0]
    wanted = {
        "picture codec": format.video,
        "size": f"{format.width}x{format.height}",
        "pictures a second": Fraction(FPS),
        "samples a second": SAMPLE_RATE,
    }
    for what, value in wanted.items():
        if (found := first.shape.get(what, value)) != value:
            raise CannotJoin(
                f"{first.name} does not fit the format {format.name!r}: its {what} is {found}, not {value}."
            )
    for clip in clips:
        for what, value in clip.shape.items():
            if value != first.shape[what]:
                raise CannotJoin(
                    f"{clip.name} does not fit {first.name}: {what} differs "
                    f"({_short(value)}, {_short(first.shape[what])})."
                )
        # WebM promises no numbers; there, they are counted as they are copied.
        pictures = clip.video.frames if clip.video and format.container != "webm" else clip.frames
        if clip.frames % GRID_FRAMES or pictures != clip.frames:
            raise CannotJoin(
                f"{clip.name} has {pictures} pictures where {clip.frames} are announced and a "
                f"multiple of {GRID_FRAMES} is needed."
            )
        if clip.audio and clip.audio.frames * AAC_SAMPLES != clip.frames * FRAME_SAMPLES:
            raise CannotJoin(
                f"{clip.name} has {clip.audio.frames} sound packets; {clip.frames} pictures last "
                f"{clip.frames * FRAME_SAMPLES // AAC_SAMPLES}."
            )


def _placed(
    clips: Sequence[_Clip], scripted: Sequence[Section]
) -> tuple[tuple[PlacedSection, ...], tuple[Cue, ...]]:
    """Return where each section and each caption lies in the joined video."""
    placed: list[PlacedSection] = []
    cues: list[Cue] = []
    before = 0
    for clip, section in zip(clips, scripted, strict=True):
        start, length = _seconds(before), _seconds(clip.frames)
        for cue in clip.section.clip.cues:
            if not 0 <= cue.start < cue.end <= length:
                raise CannotJoin(
                    f"{clip.name} has a caption from {cue.start:.3f} to {cue.end:.3f} s; "
                    f"it lasts {length:.3f} s."
                )
        cues += shift(clip.section.clip.cues, start)
        placed.append(
            PlacedSection(
                key=clip.section.key, slug=section.slug, title=section.title, start=start, duration=length
            )
        )
        before += clip.frames
    return tuple(placed), tuple(cues)


def _encoded_anew(
    sections: Sequence[StoredSection], format: Format, music: Path | None
) -> Iterator[Samples] | None:
    """Return the sound where it is encoded anew; None: the clips' own is copied."""
    if music is not None:
        return over_music(narrations(sections), sections, bed(music))
    return narrations(sections) if format.audio == "opus" else None


@dataclass(frozen=True, slots=True)
class _Lesson:
    """What is written into the joined file."""

    clips: Sequence[_Clip]
    placed: Sequence[PlacedSection]
    cues: Sequence[Cue]
    title: str
    language: str
    """Three letters."""
    format: Format
    cover: bytes | None

    def write(self, path: Path, sound: Iterator[Samples] | None) -> None:
        """Write the file; ``sound`` replaces that of the clips."""
        container = self.format.container
        with disk_errors(), create_media(path, container) as file:
            file.metadata["title"] = self.title
            tracks: list[Iterable[Packet[Any]]] = []
            video = audio = None
            if self.clips[0].video is not None:
                video = file.add_stream_from_template(self.clips[0].video)
                video.time_base = Fraction(1, TICKS)
            if sound is not None:
                add, packets = _ENCODERS[self.format.audio]
                encoded = add(file, self.format)
                encoded.metadata["language"] = self.language
                tracks.append(packets(encoded, sound))
            elif self.clips[0].audio is not None:
                audio = file.add_stream_from_template(self.clips[0].audio)
                audio.metadata["language"] = self.language
            if video is not None:
                text = add_text_track(file, container, self.language)
                tracks.append(text_packets(text, self.cues))
            elif self.cover is not None:
                tracks.append(cover_packets(file, self.cover))
            file.set_chapters(self._chapters())
            tracks.insert(0, _copied(self.clips, video, audio))
            # Before anything can fail: a file that was not begun cannot be closed.
            file.start_encoding()
            # In the order of time, so that a player finds together what it shows together.
            for packet in heapq.merge(*tracks, key=_time):
                file.mux(packet)

    def _chapters(self) -> list[Chapter]:
        return [
            {
                "id": number,
                "start": round(section.start * 1000),
                "end": round((section.start + section.duration) * 1000),
                "time_base": Fraction(1, 1000),
                "metadata": {"title": section.title},
            }
            for number, section in enumerate(self.placed)
        ]


def _time(packet: Packet[Any]) -> float:
    # Divided once, equal moments are equal, and others are farther apart than a float is rough: a lesson has
    # ten thousand packets, and exact fractions would take longer than copying them.
    base = packet.time_base
    return (packet.dts or 0) * base.numerator / base.denominator


def _copied(
    clips: Sequence[_Clip], video: VideoStream | None, audio: AudioStream | None
) -> Iterator[Packet[Any]]:
    """Yield the packets of all clips in the order of time, each clip's where the one before ends."""
    before = 0
    for clip in clips:
        lanes = {}
        if clip.video is not None and video is not None:
            lanes[clip.video.index] = _Lane(video, TICKS, TICKS // FPS, before * TICKS // FPS)
        if clip.audio is not None and audio is not None:
            lanes[clip.audio.index] = _Lane(audio, SAMPLE_RATE, AAC_SAMPLES, before * FRAME_SAMPLES)
        copied = []
        for packet in _packets(clip, lanes):
            if packet.size:  # an empty one marks the end
                lane = lanes[packet.stream_index]
                if not lane.takes(packet):
                    moment = float((packet.pts or 0) * packet.time_base)
                    raise CannotJoin(
                        f"{clip.name} has a packet at {moment:.3f} s where {lane.next_moment:.3f} s is its "
                        "turn: clips have no B-frames, gaps or delays."
                    )
                copied.append(packet)
        for lane in lanes.values():
            if lane.count * lane.step * FPS != clip.frames * lane.ticks:
                raise CannotJoin(
                    f"{clip.name} ends after {lane.next_moment:.3f} s where "
                    f"{_seconds(clip.frames):.3f} s are announced."
                )
        yield from sorted(copied, key=_time)
        before += clip.frames


def _packets(clip: _Clip, indices: Collection[int]) -> Iterator[Packet[Any]]:
    """Yield the packets of a clip's tracks. What fails here is the clip, and not the disk it is copied to."""
    if not indices:
        return  # asked for no tracks, FFmpeg gives them all
    try:
        yield from clip.file.demux(*(clip.file.streams[index] for index in indices))
    except av.FFmpegError as error:
        raise CorruptMedia(f"{clip.name} cannot be read to its end: {error.strerror}.") from error


@dataclass(slots=True)
class _Lane:
    """Where the packets of one clip go on one track of the joined video."""

    into: VideoStream | AudioStream
    ticks: int
    """A second."""
    step: int
    """Ticks from packet to packet."""
    start: int
    """Ticks from the start of the video to the start of the clip."""
    base: Fraction = field(init=False)
    count: int = 0

    def __post_init__(self) -> None:
        self.base = Fraction(1, self.ticks)

    @property
    def next_moment(self) -> float:
        """Seconds from the start of the clip."""
        return self.count * self.step / self.ticks

    def takes(self, packet: Packet[Any]) -> bool:
        """Put ``packet`` into its place; False: it is not its turn."""
        moment, base = packet.pts, packet.time_base
        if moment is None or moment != packet.dts:
            return False
        if moment * base.numerator * self.ticks != self.count * self.step * base.denominator:
            # WebM rounds to milliseconds.
            early = Fraction(self.count * self.step, self.ticks) - moment * base
            if base != _MILLISECOND or abs(early) >= _MILLISECOND:
                return False
        packet.stream = self.into
        packet.time_base = self.base
        packet.pts = packet.dts = self.start + self.count * self.step
        packet.duration = self.step
        self.count += 1
        return True


def _hide_captions(path: Path) -> None:
    """Mark the caption track as one that players show when asked: the pictures carry captions already.

    FFmpeg's muxer enables the first track of every kind, whatever it is told.
    """
    layout = boxes(path)
    for header, handler in pairwise(box for box in layout if box.kind in {"tkhd", "hdlr"}):
        if header.kind == "tkhd" and content_of(path, handler)[8:12] == b"sbtl":
            with path.open("r+b") as file:
                file.seek(header.content + 3)
                flags = file.read(1)[0]
                file.seek(header.content + 3)
                file.write(bytes([flags & ~_ENABLED]))


def _language(locale: str) -> str:
    return _LANGUAGES.get(locale[:2].lower(), "und")


def _short(value: Any) -> str:
    return value.hex()[:32] if isinstance(value, bytes) else str(value)


def _seconds(frames: int) -> Seconds:
    return Seconds(frames / FPS)
