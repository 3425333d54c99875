"""A section's clip: H.264 and AAC in an MP4 that can be joined to others by copying packets.

What makes that possible, and what `join` relies on:

- Every clip lasts a multiple of 16 pictures, which is 25 AAC packets, so picture and sound end together.
- Its sound starts and ends with silence. The encoder's first packet, which only primes a decoder, is
  therefore left out: the packets start at 0, no edit list is needed, and a sample of a joined video lies
  exactly where it lay in its clip.
- x264 writes the same parameter sets for all clips of a format (``stitchable``).
- There are no B-frames. Presentation and decoding order are one, so no negative start and no composition
  offsets arise. On 656 pictures of the studio, three B-frames would save 19 % of the bits (317 against 391
  kbit/s) and cost 8 % more CPU and 1.8 dB of quality: nothing that is worth an edit list.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import av
import numpy as np
from av.audio.stream import AudioStream
from av.packet import Packet
from av.video.reformatter import ColorPrimaries, ColorRange, ColorTrc
from av.video.stream import VideoStream

from presgen.media.formats import Format
from presgen.media.mp4 import create_mp4, disk_errors
from presgen.media.picture import Picture, views
from presgen.media.seal import seal
from presgen.media.sound import AAC_SAMPLES, GRID_FRAMES, GRID_SAMPLES, SAMPLE_RATE, Samples

TICKS = 15_360
"""Ticks a second on the picture track; FFmpeg's own choice for 30 pictures a second."""

_BT709 = 1  # ISO/IEC 23091-2; PyAV names the primaries and the transfer, but not the matrix
_KEY_FRAME_EVERY = 150
"""Pictures: a viewer who jumps waits for at most five seconds of decoding. Even, so that the last picture of
a clip, whose number is odd, is never a key frame just before the next clip's first."""


class ClipWriter:
    """Writes a section's clip, picture by picture.

    ``picture`` is the canvas: change what changed since the last picture, then call ``write``. It starts
    black and keeps its content. Same pictures and sound, same bytes, in any process.
    """

    def __init__(self, path: Path, format: Format, sound: Samples, title: str | None = None) -> None:
        """Write to ``path`` a clip with ``sound``, mono, 48 000 samples a second.

        Raises:
            ValueError: the sound is off the grid of 16 pictures, or not silent for its first and last
                1 024 samples (see `sound.on_grid`).
            OSError: from now on, whenever the disk does not take what is written.
        """
        self.path = path
        self.format = format
        self.frames = _frames(sound)
        self._sound = sound
        self._title = title
        self._written = 0

    def __enter__(self) -> Self:
        with disk_errors():
            self._output = create_mp4(self.path)
        try:
            if self._title is not None:
                self._output.metadata["title"] = self._title
            self._video = self._video_stream()
            self._audio = self._audio_stream()
            self._packets = self._audio_packets()
            self._next = next(self._packets, None)
            self._frame = av.VideoFrame(self.format.width, self.format.height, "yuv420p")
            self.picture: Picture = views(self._frame)
            for plane, grey in zip(self.picture.planes, (16, 128, 128), strict=True):
                plane[...] = grey
        except BaseException:
            self._output.close()
            self.path.unlink(missing_ok=True)
            raise
        return self

    def write(self) -> None:
        """Encode the canvas as the next picture.

        Raises:
            ValueError: the sound is over.
        """
        if self._written == self.frames:
            raise ValueError(f"The sound lasts {self.frames} pictures; there is no room for one more.")
        self._frame.pts = self._written
        self._frame.time_base = Fraction(1, self.format.fps)
        with disk_errors():
            self._mux(self._video.codec_context.encode(self._frame))
        self._written += 1

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        complete = False
        try:
            with disk_errors():
                try:
                    if error is None:
                        self._finish()
                finally:
                    self._output.close()
            complete = error is None
        finally:
            if not complete:
                self.path.unlink(missing_ok=True)
        if complete:
            seal(self.path)

    def _finish(self) -> None:
        if self._written != self.frames:
            raise ValueError(f"{self._written} pictures were written; the sound lasts {self.frames}.")
        self._mux(self._video.codec_context.encode(None))
        self._mux_sound(until=None)

    def _video_stream(self) -> VideoStream:
        stream = self._output.add_stream(
            "libx264",
            rate=self.format.fps,
            options={
                "preset": self.format.preset,
                "crf": str(self.format.crf),
                "tune": "stillimage",
                "bf": "0",
                # Scene cuts are slides changing, which need no key frame: sections start with one.
                # cpu-independent forgoes the shortcuts that differ between kinds of CPU.
                "x264-params": f"stitchable=1:scenecut=0:keyint={_KEY_FRAME_EVERY}:cpu-independent=1",
            },
        )
        stream.width = self.format.width
        stream.height = self.format.height
        stream.pix_fmt = "yuv420p"
        stream.time_base = Fraction(1, TICKS)
        context = stream.codec_context
        context.time_base = Fraction(1, self.format.fps)
        # Sections are rendered side by side in processes, which uses cores better than threads do.
        context.thread_count = 1
        context.color_primaries = ColorPrimaries.BT709
        context.color_trc = ColorTrc.BT709
        context.colorspace = _BT709
        context.color_range = ColorRange.MPEG
        return stream

    def _audio_stream(self) -> AudioStream:
        stream = self._output.add_stream("aac", rate=self.format.sample_rate)
        stream.codec_context.layout = "mono"
        stream.codec_context.format = "fltp"
        stream.codec_context.bit_rate = self.format.audio_bit_rate
        stream.codec_context.thread_count = 1
        return stream

    def _audio_packets(self) -> Iterator[Packet[Any]]:
        """Yield the packets of the sound without the one that primes the decoder, starting at 0."""
        context = self._audio.codec_context
        # The silence after the end pushes the last packet with sound out of the encoder.
        sound = np.concatenate([self._sound, np.zeros(2 * AAC_SAMPLES, np.int16)])
        packets = []
        for start in range(0, len(sound), AAC_SAMPLES):
            samples = sound[None, start : start + AAC_SAMPLES].astype(np.float32) / 32_768
            frame = av.AudioFrame.from_ndarray(samples, format="fltp", layout="mono")
            frame.sample_rate = SAMPLE_RATE
            frame.time_base = Fraction(1, SAMPLE_RATE)
            frame.pts = start
            packets += context.encode(frame)
        packets += context.encode(None)
        for number, packet in enumerate(packets[1 : 1 + len(self._sound) // AAC_SAMPLES]):
            packet.pts = packet.dts = number * AAC_SAMPLES
            packet.duration = AAC_SAMPLES
            packet.time_base = Fraction(1, SAMPLE_RATE)
            packet.stream = self._audio
            yield packet

    def _mux(self, pictures: list[Packet[Any]]) -> None:
        for packet in pictures:
            assert packet.dts is not None  # noqa: S101 - the encoder sets it
            self._mux_sound(until=Fraction(packet.dts) * packet.time_base)
            packet.duration = 1
            packet.stream = self._video
            self._output.mux(packet)

    def _mux_sound(self, until: Fraction | None) -> None:
        """Interleave: sound goes into the file just before the picture it is heard with."""
        while self._next is not None and (
            until is None or Fraction(self._next.dts or 0, SAMPLE_RATE) <= until
        ):
            self._output.mux(self._next)
            self._next = next(self._packets, None)


def _frames(sound: Samples) -> int:
    if sound.dtype != np.int16 or sound.ndim != 1:
        raise ValueError(f"Sound is {sound.dtype} {sound.shape}; expected int16 (count,).")
    if not len(sound) or len(sound) % GRID_SAMPLES:
        raise ValueError(f"{len(sound)} samples are no multiple of {GRID_SAMPLES}; see sound.on_grid.")
    if sound[:AAC_SAMPLES].any() or sound[-AAC_SAMPLES:].any():
        raise ValueError(f"The first and last {AAC_SAMPLES} samples must be silent; see sound.on_grid.")
    return len(sound) // GRID_SAMPLES * GRID_FRAMES
