"""Pictures as VP9: a track that libvpx writes, and that repeats a picture without it."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from av import VideoFrame
from av.container import OutputContainer
from av.packet import Packet
from av.video.frame import PictureType

from presgen.media.bits import BitReader
from presgen.media.formats import Format
from presgen.media.track import add_picture_track, place

_OPTIONS = {
    "deadline": "realtime",
    "cpu-used": "8",
    "b": "0",
    "tune-content": "screen",
    # Nothing looks ahead, so no picture refers to one of another section, and none is hidden in a packet.
    "lag-in-frames": "0",
    "auto-alt-ref": "0",
    "g": "999999",
    "row-mt": "0",
    "tile-columns": "0",
}
_MARKER = 0b10
"""The first two bits of every picture's header."""


class Vp9Track:
    """A track of VP9 (VP9 Bitstream & Decoding Process Specification 0.6).

    libvpx in real time begins coarsely and refines what stands still: 1.7 dB from the first to the tenth
    picture, and nothing after that.
    """

    settled = 10

    def __init__(self, file: OutputContainer, format: Format) -> None:
        """Begin the track in ``file``."""
        options = {**_OPTIONS, "crf": str(format.crf)}
        self.stream = add_picture_track(file, format, "libvpx-vp9", options)
        self._fps = format.fps
        self._taken = 0
        self._kept: int | None = None
        """Where the decoder keeps the picture before, for the next ones to refer to; None: it does not."""

    def encode(self, frame: VideoFrame, key: bool) -> Iterator[Packet[Any]]:
        """Take the next picture; yield its packet."""
        frame.pts = self._taken
        frame.time_base = Fraction(1, self._fps)
        frame.pict_type = PictureType.I if key else PictureType.NONE
        for packet in self.stream.codec_context.encode(frame):
            self._kept = _kept(bytes(packet))
            yield self._placed(packet)

    def can_repeat(self) -> bool:
        """Return whether the decoder still has the picture before."""
        return self._kept is not None

    def repeat(self) -> Iterator[Packet[Any]]:
        """Take the picture before as the next one; yield its packet."""
        assert self._kept is not None  # noqa: S101 - see can_repeat
        yield self._placed(Packet(_shown_again(self._kept)))

    def finish(self) -> Iterator[Packet[Any]]:
        """Yield nothing: no picture is kept back."""
        yield from ()

    def _placed(self, packet: Packet[Any]) -> Packet[Any]:
        self._taken += 1
        return place(packet, self.stream, self._taken - 1, self._fps)


def repeat_of(packet: bytes) -> bytes | None:
    """Return the packet that shows the picture of ``packet`` once more; None: no decoder keeps it."""
    header = BitReader(packet[:1])
    header.bits(4)
    if header.flag():  # it shows a kept picture itself
        return packet[:1]
    place = _kept(packet)
    return None if place is None else _shown_again(place)


def _shown_again(place: int) -> bytes:
    """Return the header that says "show what you keep" there (7.2)."""
    return bytes([_MARKER << 6 | 1 << 3 | place])


def _kept(packet: bytes) -> int | None:
    """Return the first place in which a decoder keeps the picture of ``packet``; None: nowhere."""
    header = BitReader(packet[:4])
    header.bits(4)  # the marker; profile 0
    if header.flag():  # show_existing_frame
        return None
    inter, shown, resilient = header.flag(), header.flag(), header.flag()
    if not inter:
        return 0
    if not shown:
        return None
    if not resilient:
        header.bits(2)  # reset_frame_context
    places = header.bits(8)
    return (places & -places).bit_length() - 1 if places else None
