"""A picture that stands for a file without pictures: what players show while it sounds."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

import av
from av.container import OutputContainer
from av.packet import Packet
from av.stream import Disposition

from presgen.errors import CorruptMedia


def cover_packets(file: OutputContainer, cover: Path) -> list[Packet[Any]]:
    """Begin a cover in ``file``, an M4A; return its only packet: the PNG as it is.

    Raises:
        CorruptMedia: the picture cannot be read.
    """
    try:
        with av.open(f"file:{cover}", format="png_pipe", options={"protocol_whitelist": "file"}) as picture:
            stream = file.add_stream_from_template(picture.streams.video[0])
    except av.FFmpegError as error:
        raise CorruptMedia(f"{cover.name} is no PNG: {error.strerror}.") from error
    stream.disposition = Disposition.attached_pic
    packet: Packet[Any] = Packet(cover.read_bytes())
    packet.stream = stream
    packet.time_base = Fraction(1, 1000)
    packet.pts = packet.dts = 0
    packet.is_keyframe = True
    return [packet]
