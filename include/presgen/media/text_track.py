"""Caption tracks, which FFmpeg muxes but PyAV, by itself, cannot begin: timed text in MP4, WebVTT in WebM.

FFmpeg's encoders want a script of another format and are not reachable from PyAV, and none is needed: a
packet of 3GPP timed text is two bytes of length and the text, one of WebVTT the text. What a muxer does need
is the description of the track, which it copies from a track of another file. So the smallest such file is
made here, for MP4 box by box, in memory.
"""

from __future__ import annotations

import html
import io
from collections.abc import Iterator, Sequence
from fractions import Fraction
from struct import pack
from typing import Any

import av
from av.container import OutputContainer
from av.packet import Packet
from av.subtitles.stream import SubtitleStream

from presgen.model.media import Cue

TICKS = 1000
"""Ticks a second on the caption track."""

_SMALLEST_WEBVTT = b"WEBVTT\n\n00:00.000 --> 00:01.000\n-\n"


def add_text_track(file: OutputContainer, container: str, language: str) -> SubtitleStream:
    """Begin a caption track in ``file``, an MP4 or WebM. ``language`` has three letters (ISO 639-2)."""
    content, kind = (_SMALLEST_WEBVTT, "webvtt") if container == "webm" else (_smallest_mp4(), "mov")
    with av.open(io.BytesIO(content), format=kind) as template:
        stream = file.add_stream_from_template(template.streams.subtitles[0])
    stream.time_base = Fraction(1, TICKS)
    stream.metadata["language"] = language
    return stream


def text_packets(stream: SubtitleStream, cues: Sequence[Cue]) -> Iterator[Packet[Any]]:
    """Yield the packets of ``cues``, which are in order and do not overlap.

    The muxer adds the empty packets that end a caption and fill the time before the first one.
    """
    webvtt = stream.codec_context.name == "webvtt"
    for cue in cues:
        text = "\n".join(cue.lines)
        packet: Packet[Any] = Packet(_webvtt(text) if webvtt else _timed_text(text))
        packet.stream = stream
        packet.time_base = Fraction(1, TICKS)
        packet.pts = packet.dts = round(cue.start * TICKS)
        packet.duration = round(cue.end * TICKS) - packet.dts
        packet.is_keyframe = True
        yield packet


def _timed_text(text: str) -> bytes:
    content = text.encode()
    return pack(">H", len(content)) + content


def _webvtt(text: str) -> bytes:
    return html.escape(text, quote=False).encode()


def _smallest_mp4() -> bytes:
    """Return an MP4 file with one timed-text track and nothing on it (ISO/IEC 14496-12, 3GPP TS 26.245)."""
    matrix = pack(">9I", 0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000)
    font = b"Sans-Serif"
    description = _box(
        "tx3g",
        bytes(6) + pack(">H", 1),  # the data lies in this file
        bytes(4),  # no scrolling, no karaoke
        pack(">bb", 1, -1),  # centred, at the bottom
        bytes(4),  # transparent behind the text
        bytes(8),  # in a box as large as the picture
        pack(">HHHBB4B", 0, 0, 1, 0, 18, 255, 255, 255, 255),  # font 1, plain, 18, white
        _box("ftab", pack(">HHB", 1, 1, len(font)), font),
    )
    table = _box(
        "stbl",
        _full_box("stsd", pack(">I", 1), description),
        *(_full_box(kind, bytes(4)) for kind in ("stts", "stsc")),
        _full_box("stsz", bytes(8)),
        _full_box("stco", bytes(4)),
    )
    media = _box(
        "mdia",
        _full_box("mdhd", bytes(8), pack(">II", TICKS, 0), pack(">HH", 0x55C4, 0)),  # language: und
        _full_box("hdlr", bytes(4), b"sbtl", bytes(12), b"\0"),
        _box(
            "minf",
            _full_box("nmhd"),
            _box("dinf", _full_box("dref", pack(">I", 1), _full_box("url ", flags=1))),
            table,
        ),
    )
    track = _box(
        "trak",
        _full_box("tkhd", bytes(8), pack(">I", 1), bytes(8), bytes(8), bytes(8), matrix, bytes(8), flags=3),
        media,
    )
    movie = _full_box(
        "mvhd", bytes(8), pack(">II", TICKS, 0), pack(">IH", 0x10000, 0x100), bytes(10), matrix, bytes(24),
        pack(">I", 2),
    )  # fmt: skip
    return _box("ftyp", b"isom", bytes(4), b"isom") + _box("moov", movie, track)


def _box(kind: str, *content: bytes) -> bytes:
    whole = b"".join(content)
    return pack(">I", 8 + len(whole)) + kind.encode() + whole


def _full_box(kind: str, *content: bytes, flags: int = 0) -> bytes:
    return _box(kind, pack(">I", flags), *content)
