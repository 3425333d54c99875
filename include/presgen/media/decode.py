"""Every picture and sample of a file, decoded strictly: damage is an error and not a guess."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any, TypeVar

import av
import numpy as np
from av.audio.frame import AudioFrame
from av.container import InputContainer
from av.packet import Packet
from av.stream import Stream
from av.video.frame import VideoFrame
from numpy.typing import NDArray

from presgen.errors import CorruptMedia
from presgen.media.container import STRICT, is_webm, open_media
from presgen.media.picture import Picture, rgb_from_picture, views
from presgen.media.seal import check_seal
from presgen.model.base import Seconds

F = TypeVar("F", VideoFrame, AudioFrame)


def pictures(path: Path) -> Iterator[tuple[Seconds, Picture]]:
    """Yield the moment and the picture of every frame, in the order they are shown.

    A picture is a view of the decoder's memory: look at it, copy it, do not change it.

    Raises:
        CorruptMedia: the file holds no pictures, some are missing, or one cannot be decoded; the message
            names the moment.
    """
    with open_media(path) as file:
        if not file.streams.video:
            raise CorruptMedia(f"{path.name} holds no pictures.")
        stream = file.streams.video[0]
        count = 0
        for moment, frame in _frames(path, file, stream, VideoFrame):
            count += 1
            yield moment, _picture(frame)
        # WebM promises no number; there, `check_seal` notices what is missing.
        if count != stream.frames and not is_webm(path):
            raise CorruptMedia(f"{path.name} holds {count} pictures and promises {stream.frames}.")
        # Last, since the decoder could tell the moment.
        check_seal(path)


def sound(path: Path) -> tuple[NDArray[np.float32], int]:
    """Return the sound, mixed down to one channel, and its samples a second; 1.0 is full scale.

    Samples may lie above full scale: a player would clip them, a true-peak meter wants to see them.

    Raises:
        CorruptMedia: the file holds no sound, or a part of it cannot be decoded; the message names the
            moment.
    """
    with open_media(path) as file:
        if not file.streams.audio:
            raise CorruptMedia(f"{path.name} holds no sound.")
        stream = file.streams.audio[0]
        parts = [_mono(frame) for _, frame in _frames(path, file, stream, AudioFrame)]
        if not parts:
            raise CorruptMedia(f"{path.name} has a sound track with nothing in it.")
        check_seal(path)
        return np.concatenate(parts), stream.codec_context.sample_rate


def save_still(path: Path, moment: Seconds, png: Path) -> None:
    """Write the picture shown at ``moment`` as a PNG file.

    Raises:
        CorruptMedia: the file cannot be decoded there, or is over by then.
    """
    with open_media(path) as file:
        if not file.streams.video:
            raise CorruptMedia(f"{path.name} holds no pictures.")
        stream = file.streams.video[0]
        assert stream.time_base is not None  # noqa: S101 - all tracks have one
        tick = int(moment / stream.time_base)
        file.seek(max(tick, 0), stream=stream)
        shown = None
        for _, frame in _frames(path, file, stream, VideoFrame):
            if shown is not None and frame.pts is not None and frame.pts > tick:
                break
            shown = frame
        else:
            end = (stream.start_time or 0) + (stream.duration or 0)
            if shown is None or tick >= end:
                raise CorruptMedia(f"{path.name} shows nothing at {moment:.2f} s; it is over before.")
        png.write_bytes(_png(_picture(shown)))


def _frames(path: Path, file: InputContainer, stream: Stream, kind: type[F]) -> Iterator[tuple[Seconds, F]]:
    """Yield the frames of ``stream`` and when each is shown or heard."""
    stream.codec_context.thread_count = 1
    stream.codec_context.options = STRICT
    moment = Seconds(0.0)
    packets: Iterator[Packet[Any]] = file.demux(stream)
    while True:
        try:
            packet = next(packets, None)
            if packet is None:
                return
            if packet.pts is not None:
                moment = Seconds(float(packet.pts * packet.time_base))
            frames = packet.decode()
        except av.FFmpegError as error:
            raise CorruptMedia(f"{path.name} is damaged at {moment:.2f} s: {error.strerror}.") from error
        if packet.is_corrupt:
            raise CorruptMedia(f"{path.name} is cut short at {moment:.2f} s.")
        for frame in frames:
            if not isinstance(frame, kind):
                raise CorruptMedia(f"{path.name} holds something else than it says at {moment:.2f} s.")
            if frame.is_corrupt:
                raise CorruptMedia(f"{path.name} is damaged at {moment:.2f} s: the decoder had to guess.")
            yield Seconds(float(frame.time if frame.time is not None else moment)), frame


def _picture(frame: VideoFrame) -> Picture:
    if frame.format.name not in {"yuv420p", "yuvj420p"}:
        frame = frame.reformat(format="yuv420p")
    return views(frame)


def _mono(frame: AudioFrame) -> NDArray[np.float32]:
    samples: NDArray[Any] = frame.to_ndarray()
    channels = frame.layout.nb_channels
    if not frame.format.is_planar:
        samples = samples.reshape(-1, channels).T
    if np.issubdtype(samples.dtype, np.integer):
        samples = samples.astype(np.float32) / -float(np.iinfo(samples.dtype).min)
    return np.asarray(samples.mean(axis=0), np.float32)


def _png(picture: Picture) -> bytes:
    frame = VideoFrame.from_ndarray(rgb_from_picture(picture), format="rgb24")
    encoder = av.CodecContext.create("png", "w")
    encoder.width, encoder.height, encoder.pix_fmt = picture.width, picture.height, "rgb24"
    encoder.time_base = frame.time_base = Fraction(1)
    encoder.thread_count = 1
    return b"".join(bytes(packet) for packet in [*encoder.encode(frame), *encoder.encode(None)])
