"""What a film looks and sounds like, measured while every picture and sample of it is decoded once.

Pictures are kept as a grid of cells, fine enough for a mouth and small enough for half an hour: looking at a
sample of the pixels costs a tenth of decoding them, and an FFmpeg filter for each question would cost as much
as decoding again. Damage does not stop the measuring; it is noted, with its moment.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias, TypeVar

import av
import numpy as np
from av.audio.frame import AudioFrame
from av.container import InputContainer
from av.packet import Packet
from av.stream import Stream
from av.video.frame import VideoFrame
from numpy.typing import NDArray

from presgen.media.container import STRICT, open_media
from presgen.model.base import Seconds

F = TypeVar("F", VideoFrame, AudioFrame)

Grid: TypeAlias = NDArray[np.uint8]

LINES = 180
"""Lines of the sampled picture, about, along its shorter side."""
CELL = 5
"""Samples along the side of a cell: 20 pixels of a picture of 720 lines."""
MOTION_STEPS = 16
"""Steps of ``Seen.motion`` in one level of luma."""
MOST_DAMAGE = 20
"""Places of damage that are told apart; a file with more is beyond description."""

_DARK = 24
"""Luma of black: limited range starts at 16, and encoding adds a little."""


@dataclass(frozen=True, slots=True)
class Damage:
    """A place where the decoder stopped or had to guess."""

    at: Seconds
    message: str


@dataclass(frozen=True, slots=True, eq=False)
class Seen:
    """The pictures of a film, in the order they are shown."""

    moments: NDArray[np.float64]
    """When each picture is shown, in seconds."""
    bright: NDArray[np.float32]
    """The share of each picture's samples that is not black."""
    cells: Grid
    """(pictures, rows, columns), the mean luma of each cell, 16 black … 235 white."""
    motion: Grid
    """(pictures, rows, columns), by how much each cell differs from the picture before: the mean of what its
    samples differ by, in sixteenths of a level of luma, 255 and more cut off."""
    pixels: int
    """Pixels along the side of a cell."""
    damage: tuple[Damage, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Heard:
    """The sound of a film."""

    channels: NDArray[np.float32]
    """(channels, samples); 1.0 is full scale, and decoded samples may lie above it."""
    rate: int
    """Samples a second."""
    start: Seconds
    """When the first sample is heard."""
    damage: tuple[Damage, ...]


def watch(path: Path) -> Seen:
    """Decode all the pictures of a film and return what they look like.

    Raises:
        CorruptMedia: the file is absent or not what its name says.
    """
    damage: list[Damage] = []
    moments: list[float] = []
    bright: list[float] = []
    cells: list[Grid] = []
    motion: list[Grid] = []
    side = 1
    with open_media(path) as file:
        covers = av.stream.Disposition.attached_pic
        stream = next(each for each in file.streams.video if not each.disposition & covers)
        before = None
        for moment, frame in _frames(file, stream, VideoFrame, damage):
            luma = _luma(frame)
            step = max(1, min(luma.shape) // LINES)
            side = step * CELL
            samples = _whole_cells(luma[step // 2 :: step, step // 2 :: step]).copy()
            if before is None or before.shape != samples.shape:
                before = samples
            moments.append(moment)
            bright.append(np.count_nonzero(samples > _DARK) / samples.size)
            cells.append((_sums(samples) // CELL**2).astype(np.uint8))
            differs = np.maximum(samples, before) - np.minimum(samples, before)
            # Cut off first, since sixteen times the highest sum is more than 16 bits hold.
            most = np.minimum(_sums(differs), 256 * CELL**2 // MOTION_STEPS)
            motion.append(np.minimum(most * MOTION_STEPS // CELL**2, 255).astype(np.uint8))
            before = samples
        if not damage and stream.frames and len(moments) != stream.frames:
            damage.append(
                Damage(
                    Seconds(moments[-1] if moments else 0.0),
                    f"{len(moments)} pictures can be decoded, the file promises {stream.frames}",
                )
            )
    order = np.argsort(moments, kind="stable")
    shape = cells[0].shape if cells else (0, 0)
    same = [number for number in order if cells[number].shape == shape]
    return Seen(
        moments=np.array([moments[number] for number in same], np.float64),
        bright=np.array([bright[number] for number in same], np.float32),
        cells=np.array([cells[number] for number in same], np.uint8).reshape(-1, *shape),
        motion=np.array([motion[number] for number in same], np.uint8).reshape(-1, *shape),
        pixels=side,
        damage=tuple(damage),
    )


def listen(path: Path) -> Heard:
    """Decode all the sound of a film and return it, each channel by itself.

    Raises:
        CorruptMedia: the file is absent or not what its name says.
    """
    damage: list[Damage] = []
    parts: list[NDArray[np.float32]] = []
    start: Seconds | None = None
    with open_media(path) as file:
        stream = file.streams.audio[0]
        for moment, frame in _frames(file, stream, AudioFrame, damage):
            start = moment if start is None else start
            part = _channels(frame)
            if not parts or len(part) == len(parts[0]):
                parts.append(part)
        rate = stream.codec_context.sample_rate
    none = np.zeros((1, 0), np.float32)
    return Heard(
        channels=np.concatenate(parts, axis=1) if parts else none,
        rate=rate or 48_000,
        start=start if start is not None else Seconds(0.0),
        damage=tuple(damage),
    )


def playable(path: Path) -> Seconds | None:
    """Return how much can be played of a file that was cut short; None: nothing."""
    last = None
    try:
        with av.open(f"file:{path}", format="mov", options={"protocol_whitelist": "file"}) as file:
            for packet in file.demux():
                if packet.is_corrupt:
                    break
                if packet.size and packet.pts is not None:
                    last = max(last or 0.0, float(packet.pts * packet.time_base))
    except av.FFmpegError:
        pass  # what came before counts
    return None if last is None else Seconds(last)


def _frames(
    file: InputContainer, stream: Stream, kind: type[F], damage: list[Damage]
) -> Iterator[tuple[Seconds, F]]:
    """Yield the frames of ``stream`` and when each is shown or heard; note what cannot be decoded."""
    stream.codec_context.thread_count = 1
    stream.codec_context.options = STRICT
    moment = Seconds(0.0)
    packets: Iterator[Packet[Any]] = file.demux(stream)
    while True:
        frames: list[Any] = []
        try:
            packet = next(packets, None)
            if packet is None:
                return
            if packet.pts is not None:
                moment = Seconds(float(packet.pts * packet.time_base))
            if packet.is_corrupt:
                _note(damage, moment, "a part of the file is missing")
            frames = list(packet.decode())
        except av.EOFError:
            return
        except av.FFmpegError as error:
            _note(damage, moment, error.strerror or "it cannot be decoded")
        for frame in frames:
            if not isinstance(frame, kind):
                continue
            at = Seconds(float(frame.time)) if frame.time is not None else moment
            if frame.is_corrupt:
                _note(damage, at, "the decoder had to guess")
            yield at, frame


def _note(damage: list[Damage], moment: Seconds, message: str) -> None:
    if len(damage) < MOST_DAMAGE:
        damage.append(Damage(moment, message))


def _luma(frame: VideoFrame) -> Grid:
    """Return the luma of a picture in limited range, whatever its pixels are."""
    if frame.format.name != "yuv420p":
        # Also brings full range and ten bits to what the limits of the checks speak of.
        frame = frame.reformat(format="yuv420p", dst_color_range=1)
    plane = frame.planes[0]
    memory: Any = plane  # a buffer, which its type does not say
    rows = np.frombuffer(memory, np.uint8).reshape(-1, plane.line_size)
    return rows[: plane.height, : plane.width]


def _whole_cells(samples: Grid) -> Grid:
    height, width = (length // CELL * CELL for length in samples.shape)
    return samples[:height, :width]


def _sums(samples: Grid) -> NDArray[np.uint16]:
    """Return the sum of each cell. Adding whole rows, then columns, takes half the time of reducing axes."""
    rows: NDArray[np.uint16] = np.add(samples[0::CELL], samples[1::CELL], dtype=np.uint16)
    for number in range(2, CELL):
        rows += samples[number::CELL]
    summed: NDArray[np.uint16] = rows[:, 0::CELL] + rows[:, 1::CELL]
    for number in range(2, CELL):
        summed += rows[:, number::CELL]
    return summed


def _channels(frame: AudioFrame) -> NDArray[np.float32]:
    samples: NDArray[Any] = frame.to_ndarray()
    if not frame.format.is_planar:
        samples = samples.reshape(-1, frame.layout.nb_channels).T
    if np.issubdtype(samples.dtype, np.integer):
        samples = samples.astype(np.float32) / -float(np.iinfo(samples.dtype).min)
    return np.asarray(samples, np.float32)
