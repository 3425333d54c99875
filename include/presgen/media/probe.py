"""What an MP4 file says about itself, and how its packets lie: everything short of decoding it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any

from av.audio.stream import AudioStream
from av.container import InputContainer
from av.packet import Packet
from av.video.stream import VideoStream

from presgen.media.boxes import Box, boxes, content_of
from presgen.media.mp4 import open_mp4
from presgen.media.seal import is_intact
from presgen.model.base import Seconds
from presgen.model.media import Cue

_COLOURS = {
    1: "bt709",
    2: "unknown",
    4: "bt470m",
    5: "bt470bg",
    6: "smpte170m",
    7: "smpte240m",
    9: "bt2020",
    13: "srgb",
    16: "smpte2084",
    18: "arib-std-b67",
}
"""Names of the code points of ISO/IEC 23091-2 that occur."""
_RANGES = {0: "unknown", 1: "limited", 2: "full"}


@dataclass(frozen=True, slots=True)
class PictureTrack:
    """The moving pictures of a file."""

    codec: str
    """FFmpeg's name: ``h264``."""
    profile: str
    width: int
    height: int
    pixel_format: str
    colour: str
    """``primaries/transfer/matrix``: ``bt709/bt709/bt709``."""
    colour_range: str
    """``limited, full`` or ``unknown``."""
    fps: float
    """Pictures a second, on average."""
    constant_rate: bool
    """Whether all pictures are shown for the same time."""
    rotation: int
    """Degrees by which players turn the pictures."""
    frames: int
    """Pictures really there."""
    promised_frames: int
    """Pictures the table of contents speaks of."""
    key_frames: tuple[Seconds, ...]
    """The moments a viewer can jump to."""
    start: Seconds
    """When the first picture is shown."""
    duration: Seconds


@dataclass(frozen=True, slots=True)
class SoundTrack:
    """The sound of a file."""

    codec: str
    """FFmpeg's name: ``aac``."""
    profile: str
    """``LC``."""
    sample_rate: int
    channels: int
    start: Seconds
    """When the first sample is heard."""
    duration: Seconds


@dataclass(frozen=True, slots=True)
class Chapter:
    """A place a viewer can jump to by name."""

    title: str
    start: Seconds
    end: Seconds


@dataclass(frozen=True, slots=True)
class Probe:
    """What was found in an MP4 file. Of several tracks of a kind, the first is described."""

    path: Path
    size: int
    """Bytes."""
    title: str | None
    duration: Seconds
    """What a player shows as the length."""
    pictures: PictureTrack | None
    sound: SoundTrack | None
    captions: str | None
    """FFmpeg's name of the caption track's kind, ``mov_text``; None: no such track."""
    captions_shown: bool
    """Whether players show the caption track without being asked."""
    cues: tuple[Cue, ...]
    """The caption track's text, where it is ``mov_text``."""
    chapters: tuple[Chapter, ...]
    tracks: tuple[str, ...]
    """The kind of every track, in order: ``video, audio, subtitle, data``."""
    moov_first: bool
    """Whether the table of contents comes before the media, so that a browser plays while it loads."""
    edit_lists: int
    """How many tracks shift or cut their media by an edit list."""
    intact: bool | None
    """Whether pictures and sound are, to the bit, what was written; None: the file carries no digest."""


def probe(path: Path) -> Probe:
    """Return what is found in an MP4 file.

    Raises:
        CorruptMedia: the file is absent, no MP4 or cut short.
    """
    with open_mp4(path) as file:
        layout = boxes(path)
        top = [box.kind for box in layout if len(box.path) == 1]
        packets: dict[int, list[Packet[Any]]] = {stream.index: [] for stream in file.streams}
        for packet in file.demux():
            if packet.size and packet.pts is not None:
                packets[packet.stream_index].append(packet)
        video = file.streams.video[0] if file.streams.video else None
        audio = file.streams.audio[0] if file.streams.audio else None
        captions = file.streams.subtitles[0] if file.streams.subtitles else None
        kind = captions.codec_context.name if captions else None
        return Probe(
            path=path,
            size=path.stat().st_size,
            title=file.metadata.get("title"),
            duration=Seconds((file.duration or 0) / 1_000_000),
            pictures=_pictures(video, packets[video.index], _rotation(path, layout)) if video else None,
            sound=_sound(audio, packets[audio.index]) if audio else None,
            captions=kind,
            captions_shown=bool(captions and captions.disposition & captions.disposition.default),
            cues=_cues(packets[captions.index]) if captions and kind == "mov_text" else (),
            chapters=_chapters(file),
            tracks=tuple(stream.type for stream in file.streams),
            moov_first="mdat" not in top or "moov" in top[: top.index("mdat")],
            edit_lists=sum(box.kind == "elst" for box in layout),
            intact=is_intact(path),
        )


def _pictures(stream: VideoStream, packets: list[Packet[Any]], rotation: int) -> PictureTrack:
    context = stream.codec_context
    moments = sorted(_moment(packet) for packet in packets)
    shown = [later - earlier for earlier, later in pairwise(moments)]
    shown += [_length(packet) for packet in packets[-1:]]
    duration = sum(shown, Fraction(0))
    return PictureTrack(
        codec=context.name,
        profile=stream.profile or "",
        width=context.width,
        height=context.height,
        pixel_format=context.pix_fmt or "",
        colour="/".join(
            _COLOURS.get(int(number), str(int(number)))
            for number in (context.color_primaries, context.color_trc, context.colorspace)
        ),
        colour_range=_RANGES.get(int(context.color_range), "unknown"),
        fps=float(len(packets) / duration) if duration else 0.0,
        constant_rate=len(set(shown)) <= 1,
        rotation=rotation,
        frames=len(packets),
        promised_frames=stream.frames,
        key_frames=tuple(Seconds(float(_moment(packet))) for packet in packets if packet.is_keyframe),
        start=Seconds(float(moments[0])) if moments else Seconds(0.0),
        duration=Seconds(float(duration)),
    )


def _sound(stream: AudioStream, packets: list[Packet[Any]]) -> SoundTrack:
    heard = [packet for packet in packets if not packet.is_discard]
    return SoundTrack(
        codec=stream.codec_context.name,
        profile=stream.profile or "",
        sample_rate=stream.codec_context.sample_rate,
        channels=stream.codec_context.layout.nb_channels,
        start=Seconds(float(_moment(heard[0]))) if heard else Seconds(0.0),
        duration=Seconds(float(sum((_length(packet) for packet in heard), Fraction(0)))),
    )


def _cues(packets: list[Packet[Any]]) -> tuple[Cue, ...]:
    """Read 3GPP timed text: two bytes of length, the text, and then styles, which are left out."""
    cues = []
    for packet in packets:
        content = bytes(packet)
        text = content[2 : 2 + int.from_bytes(content[:2], "big")].decode("utf-8", "replace")
        if text:
            start = _moment(packet)
            cues.append(
                Cue(
                    start=Seconds(round(float(start), 3)),
                    end=Seconds(round(float(start + _length(packet)), 3)),
                    lines=tuple(text.split("\n")),
                )
            )
    return tuple(cues)


def _chapters(file: InputContainer) -> tuple[Chapter, ...]:
    return tuple(
        Chapter(
            title=chapter["metadata"].get("title", ""),
            start=Seconds(float(chapter["start"] * (chapter["time_base"] or 1))),
            end=Seconds(float(chapter["end"] * (chapter["time_base"] or 1))),
        )
        for chapter in file.chapters()
    )


def _rotation(path: Path, layout: tuple[Box, ...]) -> int:
    """Return the turn in the first track header that has one: 16.16 numbers in a matrix at its end."""
    for box in layout:
        if box.kind == "tkhd":
            matrix = content_of(path, box)[-44:-8]
            a, b = (int.from_bytes(matrix[at : at + 4], "big", signed=True) for at in (0, 4))
            if (turn := round(math.degrees(math.atan2(b, a))) % 360) != 0:
                return turn
    return 0


def _moment(packet: Packet[Any]) -> Fraction:
    return Fraction(packet.pts or 0) * packet.time_base


def _length(packet: Packet[Any]) -> Fraction:
    return Fraction(packet.duration or 0) * packet.time_base
