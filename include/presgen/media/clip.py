"""A section's clip: pictures and sound in a file that can be joined to others by copying packets.

What makes that possible, and what `join` relies on:

- Every clip lasts a multiple of 16 pictures, which is 25 AAC packets, so picture and sound end together.
- Its sound starts and ends with silence, so `aac` needs no packets before the first.
- x264 writes the same parameter sets for all clips of a format (``stitchable``).
- There are no B-frames. Presentation and decoding order are one, so no negative start and no composition
  offsets arise. On 656 pictures of the studio, three B-frames would save 19 % of the bits (317 against 391
  kbit/s) and cost 8 % more CPU and 1.8 dB of quality: nothing that is worth an edit list.
- Opus packets fit no grid of pictures, so a WebM clip is mute: the join encodes the narrations.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import av
import numpy as np
from av.packet import Packet

from presgen.media.aac import aac_packets, add_aac_track
from presgen.media.avc import AvcTrack
from presgen.media.container import create_media, disk_errors
from presgen.media.formats import Format
from presgen.media.picture import Picture, blank, views
from presgen.media.seal import seal
from presgen.media.sound import AAC_SAMPLES, GRID_FRAMES, GRID_SAMPLES, SAMPLE_RATE, Samples
from presgen.media.track import PictureTrack
from presgen.media.vp9 import Vp9Track

KEY_FRAME_EVERY = 150
"""Pictures: a viewer who jumps waits for at most five seconds of decoding. Even, so that the last picture of
a clip, whose number is odd, is never a key frame just before the next clip's first."""

_TRACKS: dict[str, type[AvcTrack | Vp9Track]] = {"h264": AvcTrack, "vp9": Vp9Track}


def clip_name(format: Format) -> str:
    """Return what the file of a section's clip is called: ``clip.mp4``."""
    return f"clip.{format.container}"


def clip_writer(path: Path, format: Format, sound: Samples, title: str | None = None) -> ClipWriter:
    """Return what writes a clip of ``format`` to ``path``, within a ``with`` block.

    ``sound`` is mono, 48 000 samples a second. A clip without pictures is written by opening and leaving the
    block; one in WebM holds no sound.

    Raises:
        ValueError: the sound is off the grid of 16 pictures, or not silent for its first and last
            1 024 samples (see `sound.on_grid`).
        OSError: from now on, whenever the disk does not take what is written.
    """
    return ClipWriter(path, format, sound, title)


class ClipWriter:
    """Writes a section's clip, picture by picture.

    ``picture`` is the canvas: change what changed since the last picture, then call ``write``; where nothing
    changed, call ``repeat``. It starts black and keeps its content. Same pictures and sound, same bytes, in
    any process.
    """

    def __init__(self, path: Path, format: Format, sound: Samples, title: str | None = None) -> None:
        """See `clip_writer`."""
        self.path = path
        self.format = format
        self.frames = _frames(sound)
        self._sound = sound
        self._title = title
        self._written = 0
        self._encoded_alike = 0
        """Times the last picture was encoded in a row."""

    def __enter__(self) -> Self:
        with disk_errors():
            self._output = create_media(self.path, self.format.container)
        try:
            if self._title is not None:
                self._output.metadata["title"] = self._title
            self._track: PictureTrack | None = (
                _TRACKS[self.format.video](self._output, self.format) if self.format.video else None
            )
            self._packets = self._audio_packets()
            self._next = next(self._packets, None)
            self._frame = av.VideoFrame(self.format.width, self.format.height, "yuv420p")
            black = blank(self.format.width, self.format.height)
            self.picture: Picture = views(self._frame) if self.format.pictured else black
            self.picture.put(black)
        except BaseException:
            self._output.close()
            self.path.unlink(missing_ok=True)
            raise
        return self

    def write(self) -> None:
        """Encode the canvas as the next picture.

        Raises:
            ValueError: the sound is over, or the format has no pictures.
        """
        self._encoded_alike = 0
        self._encode(self._writable())

    def repeat(self, count: int = 1) -> None:
        """Show the last picture for ``count`` pictures more, at almost no cost. The canvas has not changed.

        Key frames are encoded all the same, and so are the first few where a picture gets better by it.

        Raises:
            ValueError: the sound is over, the format has no pictures, or none was written yet.
        """
        if not self._written:
            raise ValueError("There is no picture yet that could be repeated.")
        for _ in range(count):
            track = self._writable()
            due = self._written % KEY_FRAME_EVERY == 0
            if due or self._encoded_alike < track.settled or not track.can_repeat():
                self._encode(track)
            else:
                self._mux(track.repeat())

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

    def _writable(self) -> PictureTrack:
        """Return the track of pictures, if it takes one more."""
        if self._track is None:
            raise ValueError(f"The format {self.format.name!r} is for listening; it has no pictures.")
        if self._written == self.frames:
            raise ValueError(f"The sound lasts {self.frames} pictures; there is no room for one more.")
        return self._track

    def _encode(self, track: PictureTrack) -> None:
        key = self._written % KEY_FRAME_EVERY == 0
        self._encoded_alike = 1 if key else self._encoded_alike + 1
        self._mux(track.encode(self._frame, key))

    def _finish(self) -> None:
        if self._track is not None:
            if self._written != self.frames:
                raise ValueError(f"{self._written} pictures were written; the sound lasts {self.frames}.")
            self._mux_pictures(self._track.finish())
        self._mux_sound(until=None)

    def _audio_packets(self) -> Iterator[Packet[Any]]:
        if self.format.container == "webm":
            return iter(())
        return aac_packets(add_aac_track(self._output, self.format), [self._sound])

    def _mux(self, pictures: Iterable[Packet[Any]]) -> None:
        with disk_errors():
            self._mux_pictures(pictures)
        self._written += 1

    def _mux_pictures(self, pictures: Iterable[Packet[Any]]) -> None:
        for packet in pictures:
            self._mux_sound(until=Fraction(packet.dts or 0) * packet.time_base)
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
