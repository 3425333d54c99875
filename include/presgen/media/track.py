"""What the tracks of pictures have in common, whatever their codec."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any, Protocol

from av import VideoFrame
from av.container import OutputContainer
from av.packet import Packet
from av.video.reformatter import ColorPrimaries, ColorRange, ColorTrc
from av.video.stream import VideoStream

from presgen.media.formats import Format

_BT709 = 1  # ISO/IEC 23091-2; PyAV names the primaries and the transfer, but not the matrix


class PictureTrack(Protocol):
    """A track that takes pictures one by one. Its packets are as long as a picture, and in order."""

    stream: VideoStream
    settled: int
    """How often a still picture is encoded until it looks as good as it will."""

    def encode(self, frame: VideoFrame, key: bool) -> Iterator[Packet[Any]]:
        """Take the next picture; yield the packets that are ready."""
        ...

    def can_repeat(self) -> bool:
        """Return whether the picture before can be shown again without being encoded again."""
        ...

    def repeat(self) -> Iterator[Packet[Any]]:
        """Take the picture before as the next one; yield the packets that are ready."""
        ...

    def finish(self) -> Iterator[Packet[Any]]:
        """Yield the packets of the pictures that are left."""
        ...


def add_picture_track(
    file: OutputContainer, format: Format, encoder: str, options: Mapping[str, str]
) -> VideoStream:
    """Begin a track of ``format``'s pictures in ``file``, in BT.709 and limited range."""
    stream = file.add_stream(encoder, rate=format.fps, options=dict(options))
    assert isinstance(stream, VideoStream)  # noqa: S101 - both encoders make pictures
    stream.width = format.width
    stream.height = format.height
    stream.pix_fmt = "yuv420p"
    context = stream.codec_context
    context.time_base = Fraction(1, format.fps)
    # Sections are rendered side by side in processes, which uses cores better than threads do.
    context.thread_count = 1
    context.color_primaries = ColorPrimaries.BT709
    context.color_trc = ColorTrc.BT709
    context.colorspace = _BT709
    context.color_range = ColorRange.MPEG
    return stream


def place(packet: Packet[Any], stream: VideoStream, number: int, fps: int) -> Packet[Any]:
    """Return ``packet`` as that picture of the track."""
    packet.stream = stream
    packet.time_base = Fraction(1, fps)
    packet.pts = packet.dts = number
    packet.duration = 1
    return packet
