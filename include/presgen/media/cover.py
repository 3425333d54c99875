"""A picture that stands for a file without pictures: what players show while it sounds."""

from __future__ import annotations

import io
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
from av.container import InputContainer, OutputContainer
from av.packet import Packet
from av.stream import Disposition

from presgen.errors import CorruptMedia


def read_cover(path: Path) -> bytes:
    """Return the picture at ``path``.

    Raises:
        CorruptMedia: it is no PNG.
    """
    content = path.read_bytes()
    try:
        with _opened(content) as picture:
            readable = picture.streams.video[0].width > 0
    except av.FFmpegError:
        readable = False
    if not readable:
        raise CorruptMedia(f"{path.name} is no PNG.")
    return content


def cover_packets(file: OutputContainer, cover: bytes) -> list[Packet[Any]]:
    """Begin a cover in ``file``, an M4A; return its only packet: the PNG as it is."""
    with _opened(cover) as picture:
        stream = file.add_stream_from_template(picture.streams.video[0])
    stream.disposition = Disposition.attached_pic
    packet: Packet[Any] = Packet(cover)
    packet.stream = stream
    packet.time_base = Fraction(1, 1000)
    packet.pts = packet.dts = 0
    packet.is_keyframe = True
    return [packet]


def _opened(content: bytes) -> InputContainer:
    return av.open(io.BytesIO(content), "r", format="png_pipe")
