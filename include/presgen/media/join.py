"""Section clips become a lesson by copying packets: nothing is encoded again, and nothing moves.

`clip` says what makes clips fit together. Here it is checked that they do, since a clip may come from another
renderer or release, and their packets are laid end to end.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any

import av
from av.audio.stream import AudioStream
from av.container import InputContainer
from av.packet import Packet
from av.video.stream import VideoStream

from presgen.errors import CannotJoin, CorruptMedia
from presgen.media.avc import TICKS
from presgen.media.boxes import boxes, content_of
from presgen.media.captions import shift, subrip, webvtt
from presgen.media.container import create_media, disk_errors, open_media
from presgen.media.formats import Format
from presgen.media.seal import seal
from presgen.media.sound import AAC_SAMPLES, FPS, FRAME_SAMPLES, GRID_FRAMES, SAMPLE_RATE
from presgen.media.text_track import add_text_track, text_packets
from presgen.model.base import Seconds
from presgen.model.lesson import Section
from presgen.model.media import Cue, PlacedSection, StoredSection, Video
from presgen.workspace import beside, write_whole

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

_ENABLED = 1  # the flag of a track header


def join_clips(
    sections: Sequence[StoredSection], scripted: Sequence[Section], path: Path, format: Format, title: str
) -> Video:
    """Join the clips of ``sections`` into one video at ``path``, with WebVTT and SubRip captions beside it.

    ``scripted`` are the same sections as the script has them, in the same order: they name the chapters.
    The title must not name the learner: it is in the file for everybody to see.

    Raises:
        CannotJoin: there are no clips, or two do not fit together; the message names both.
        CorruptMedia: a clip cannot be read.
        StoreUnavailable: the disk is away or full.
    """
    if not sections or len(sections) != len(scripted):
        raise CannotJoin(f"{len(sections)} clips for {len(scripted)} sections make no lesson.")
    with ExitStack() as stack:
        clips = [_opened(stack, section) for section in sections]
        _fit(clips, format)
        placed, cues = _placed(clips, scripted)
        frames = sum(clip.frames for clip in clips)
        with beside(path) as draft:
            _write(draft, clips, placed, cues, title, scripted[0].locale)
            _hide_captions(draft)
            seal(draft)
            with draft.open("rb") as file:
                digest = hashlib.file_digest(file, "sha256").hexdigest()
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
    video: VideoStream
    audio: AudioStream

    @property
    def name(self) -> str:
        return f"section {self.section.key[:12]}"

    @property
    def frames(self) -> int:
        return self.section.clip.frames

    @property
    def shape(self) -> dict[str, Any]:
        """What clips must have in common for their packets to follow each other."""
        pictures, sound = self.video.codec_context, self.audio.codec_context
        return {
            "picture codec": pictures.name,
            "size": f"{pictures.width}x{pictures.height}",
            "pixel format": pictures.pix_fmt,
            "colours": (pictures.color_primaries, pictures.color_trc, pictures.colorspace),
            "colour range": pictures.color_range,
            "pictures a second": self.video.average_rate,
            "parameter sets of the picture": pictures.extradata,
            "sound codec": sound.name,
            "samples a second": sound.sample_rate,
            "channels": sound.layout.nb_channels,
            "parameters of the sound": sound.extradata,
        }


def _opened(stack: ExitStack, section: StoredSection) -> _Clip:
    file = stack.enter_context(open_media(section.folder / "clip.mp4"))
    if len(file.streams.video) != 1 or len(file.streams.audio) != 1:
        raise CannotJoin(
            f"Section {section.key[:12]} has {len(file.streams.video)} picture and "
            f"{len(file.streams.audio)} sound tracks; a clip has one of each."
        )
    return _Clip(section, file, file.streams.video[0], file.streams.audio[0])


def _fit(clips: Sequence[_Clip], format: Format) -> None:
    """Check that all clips are of the format and fit the first one."""
    first = clips[0]
    wanted = {
        "size": f"{format.width}x{format.height}",
        "pictures a second": Fraction(FPS),
        "samples a second": SAMPLE_RATE,
    }
    for what, value in wanted.items():
        if first.shape[what] != value:
            raise CannotJoin(
                f"{first.name} does not fit the format {format.name!r}: "
                f"its {what} is {first.shape[what]}, not {value}."
            )
    for clip in clips:
        for what, value in clip.shape.items():
            if value != first.shape[what]:
                raise CannotJoin(
                    f"{clip.name} does not fit {first.name}: {what} differs "
                    f"({_short(value)}, {_short(first.shape[what])})."
                )
        if clip.frames % GRID_FRAMES or clip.video.frames != clip.frames:
            raise CannotJoin(
                f"{clip.name} has {clip.video.frames} pictures where {clip.frames} are announced and a "
                f"multiple of {GRID_FRAMES} is needed."
            )
        if clip.audio.frames * AAC_SAMPLES != clip.frames * FRAME_SAMPLES:
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


def _write(
    path: Path,
    clips: Sequence[_Clip],
    placed: Sequence[PlacedSection],
    cues: Sequence[Cue],
    title: str,
    locale: str,
) -> None:
    language = _LANGUAGES.get(locale[:2].lower(), "und")
    with disk_errors(), create_media(path, "mp4") as file:
        file.metadata["title"] = title
        video = file.add_stream_from_template(clips[0].video)
        video.time_base = Fraction(1, TICKS)
        audio = file.add_stream_from_template(clips[0].audio)
        audio.metadata["language"] = language
        text = add_text_track(file, language)
        file.set_chapters(
            [
                {
                    "id": number,
                    "start": round(section.start * 1000),
                    "end": round((section.start + section.duration) * 1000),
                    "time_base": Fraction(1, 1000),
                    "metadata": {"title": section.title},
                }
                for number, section in enumerate(placed)
            ]
        )
        packets = [*_copied(clips, video, audio), *text_packets(text, cues)]
        # In the order of time, so that a player finds together what it shows together.
        packets.sort(key=lambda packet: (packet.dts or 0) * packet.time_base)
        file.mux(packets)


def _copied(clips: Sequence[_Clip], video: VideoStream, audio: AudioStream) -> Iterator[Packet[Any]]:
    """Yield the packets of all clips, each clip's where the one before ends."""
    before = 0
    for clip in clips:
        pictures = _Lane(video, TICKS, TICKS // FPS, before * TICKS // FPS)
        sound = _Lane(audio, SAMPLE_RATE, AAC_SAMPLES, before * FRAME_SAMPLES)
        for packet in _packets(clip):
            if packet.size:  # an empty one marks the end
                lane = pictures if packet.stream_index == clip.video.index else sound
                if not lane.takes(packet):
                    moment = float((packet.pts or 0) * packet.time_base)
                    raise CannotJoin(
                        f"{clip.name} has a packet at {moment:.3f} s where {lane.next_moment:.3f} s is its "
                        "turn: clips have no B-frames, gaps or delays."
                    )
                yield packet
        before += clip.frames


def _packets(clip: _Clip) -> Iterator[Packet[Any]]:
    """Yield the packets of a clip. What fails here is the clip, and not the disk it is copied to."""
    try:
        yield from clip.file.demux(clip.video, clip.audio)
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
    count: int = 0

    @property
    def next_moment(self) -> float:
        """Seconds from the start of the clip."""
        return self.count * self.step / self.ticks

    def takes(self, packet: Packet[Any]) -> bool:
        """Put ``packet`` into its place; False: it is not its turn."""
        turn = Fraction(self.count * self.step, self.ticks)
        if packet.pts is None or packet.pts != packet.dts or packet.pts * packet.time_base != turn:
            return False
        packet.stream = self.into
        packet.time_base = Fraction(1, self.ticks)
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


def _short(value: Any) -> str:
    return value.hex()[:32] if isinstance(value, bytes) else str(value)


def _seconds(frames: int) -> Seconds:
    return Seconds(frames / FPS)
