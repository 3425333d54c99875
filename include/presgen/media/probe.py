"""What a media file says about itself, and how its packets lie: everything short of decoding it."""

from __future__ import annotations

import html
import math
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any

from av.audio.stream import AudioStream
from av.container import InputContainer
from av.packet import Packet
from av.stream import Stream
from av.video.stream import VideoStream

from presgen.media.boxes import Box, boxes, content_of
from presgen.media.container import is_webm, open_media
from presgen.media.ebml import CLUSTER, CUES, elements
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
_MILLISECOND = Fraction(1, 1000)
_RANGES = {0: "unknown", 1: "limited", 2: "full"}


@dataclass(frozen=True, slots=True)
class PictureTrack:
    """The moving pictures of a file."""

    codec: str
    """FFmpeg's name: ``h264, vp9``."""
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
    """Pictures the table of contents speaks of; in WebM, which has none, those really there."""
    key_frames: tuple[Seconds, ...]
    """The moments a viewer can jump to."""
    start: Seconds
    """When the first picture is shown."""
    duration: Seconds


@dataclass(frozen=True, slots=True)
class SoundTrack:
    """The sound of a file."""

    codec: str
    """FFmpeg's name: ``aac, opus``."""
    profile: str
    """``LC``; empty: the codec has none."""
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
    """What was found in an MP4, M4A or WebM file. Of several tracks of a kind, the first is described."""

    path: Path
    size: int
    """Bytes."""
    title: str | None
    duration: Seconds
    """What a player shows as the length."""
    pictures: PictureTrack | None
    sound: SoundTrack | None
    captions: str | None
    """FFmpeg's name of the caption track's kind, ``mov_text, webvtt``; None: no such track."""
    captions_shown: bool
    """Whether players show the caption track without being asked."""
    cues: tuple[Cue, ...]
    """The caption track's text."""
    chapters: tuple[Chapter, ...]
    tracks: tuple[str, ...]
    """The kind of every track, in order: ``video, audio, subtitle, data``."""
    moov_first: bool
    """Whether the table of contents (WebM: the index) comes first, so that a browser plays while it loads."""
    edit_lists: int
    """How many tracks shift or cut their media by an edit list."""
    intact: bool | None
    """Whether pictures and sound are, to the bit, what was written; None: the file carries no digest."""
    cover: bool = False
    """Whether there is a picture that stands for the file."""


def probe(path: Path) -> Probe:
    """Return what is found in an MP4, M4A or WebM file.

    Raises:
        CorruptMedia: the file is absent, none of them or cut short.
    """
    with open_media(path) as file:
        layout = () if is_webm(path) else boxes(path)
        packets: dict[int, list[Packet[Any]]] = {stream.index: [] for stream in file.streams}
        for packet in file.demux():
            if packet.size and packet.pts is not None:
                packets[packet.stream_index].append(packet)
        covers = [stream for stream in file.streams.video if _is_cover(stream)]
        video = next((stream for stream in file.streams.video if stream not in covers), None)
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
            cues=_cues(packets[captions.index], _TEXTS[kind]) if captions and kind in _TEXTS else (),
            chapters=_chapters(file),
            tracks=tuple(stream.type for stream in file.streams if stream not in covers),
            cover=bool(covers),
            moov_first=_index_first(path, layout),
            edit_lists=sum(box.kind == "elst" for box in layout),
            intact=is_intact(path),
        )


def _pictures(stream: VideoStream, packets: list[Packet[Any]], rotation: int) -> PictureTrack:
    context = stream.codec_context
    moments = _exact(stream, sorted(_moment(packet) for packet in packets))
    shown = [later - earlier for earlier, later in pairwise(moments)]
    shown += [shown[-1] if _in_milliseconds(stream) and shown else _length(packet) for packet in packets[-1:]]
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
        promised_frames=stream.frames or (len(packets) if _in_milliseconds(stream) else 0),
        key_frames=tuple(
            Seconds(float(moment))
            for moment, packet in zip(moments, packets, strict=True)
            if packet.is_keyframe
        ),
        start=Seconds(float(moments[0])) if moments else Seconds(0.0),
        duration=Seconds(float(duration)),
    )


def _exact(stream: VideoStream, moments: list[Fraction]) -> list[Fraction]:
    """Return ``moments`` as they were before WebM rounded them, if they are those of a constant rate."""
    rate = stream.average_rate
    if not _in_milliseconds(stream) or not rate or not moments:
        return moments
    even = [moments[0] + number / Fraction(rate) for number in range(len(moments))]
    fits = all(abs(one - other) < _MILLISECOND for one, other in zip(even, moments, strict=True))
    return even if fits else moments


def _in_milliseconds(stream: Stream) -> bool:
    return stream.time_base == _MILLISECOND


def _sound(stream: AudioStream, packets: list[Packet[Any]]) -> SoundTrack:
    context = stream.codec_context
    heard = [packet for packet in packets if not packet.is_discard]
    start = _moment(heard[0]) if heard else Fraction(0)
    # Added in ticks: a lesson has thousands of packets.
    duration = sum(packet.duration or 0 for packet in heard) * (stream.time_base or Fraction(0))
    if heard and context.name == "opus":
        # Its packets have one length, which WebM forgets for the last. The first primes the decoder; what it
        # holds is not heard, and neither is what fills the last.
        primes, fills = _unheard(heard[0])[0], _unheard(heard[-1])[1]
        duration = len(heard) * _length(heard[0]) - Fraction(primes + fills, context.sample_rate)
        start = max(start, Fraction(0))
    return SoundTrack(
        codec=context.name,
        profile=stream.profile or "",
        sample_rate=context.sample_rate,
        channels=context.layout.nb_channels,
        start=Seconds(float(start)),
        duration=Seconds(float(duration)),
    )


def _unheard(packet: Packet[Any]) -> tuple[int, int]:
    """Return how many samples at the packet's start and end are not heard."""
    if not packet.has_sidedata("skip_samples"):
        return 0, 0
    numbers = bytes(packet.get_sidedata("skip_samples"))
    return int.from_bytes(numbers[:4], "little"), int.from_bytes(numbers[4:8], "little")


def _cues(packets: list[Packet[Any]], text_of: Callable[[bytes], str]) -> tuple[Cue, ...]:
    return tuple(
        Cue(
            start=Seconds(round(float(_moment(packet)), 3)),
            end=Seconds(round(float(_moment(packet) + _length(packet)), 3)),
            lines=tuple(text.split("\n")),
        )
        for packet in packets
        if (text := text_of(bytes(packet)))
    )


def _timed_text(content: bytes) -> str:
    """Read 3GPP timed text: two bytes of length, the text, and then styles, which are left out."""
    return content[2 : 2 + int.from_bytes(content[:2], "big")].decode("utf-8", "replace")


def _webvtt(content: bytes) -> str:
    """Read the text of a WebVTT cue."""
    return html.unescape(content.decode("utf-8", "replace"))


_TEXTS = {"mov_text": _timed_text, "webvtt": _webvtt}


def _chapters(file: InputContainer) -> tuple[Chapter, ...]:
    return tuple(
        Chapter(
            title=chapter["metadata"].get("title", ""),
            start=Seconds(float(chapter["start"] * (chapter["time_base"] or 1))),
            end=Seconds(float(chapter["end"] * (chapter["time_base"] or 1))),
        )
        for chapter in file.chapters()
    )


def _is_cover(stream: VideoStream) -> bool:
    return bool(stream.disposition & stream.disposition.attached_pic)


def _index_first(path: Path, layout: tuple[Box, ...]) -> bool:
    if is_webm(path):
        index, media, kinds = CUES, CLUSTER, [found.kind for found in elements(path)]
        return media not in kinds or index in kinds[: kinds.index(media)]
    top = [box.kind for box in layout if len(box.path) == 1]
    return "mdat" not in top or "moov" in top[: top.index("mdat")]


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
    return (packet.pts or 0) * packet.time_base


def _length(packet: Packet[Any]) -> Fraction:
    return (packet.duration or 0) * packet.time_base
