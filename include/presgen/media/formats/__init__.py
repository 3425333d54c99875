"""The shapes a video can be delivered in; one file each."""

from __future__ import annotations

from dataclasses import dataclass

from presgen.registry import Registry


@dataclass(frozen=True, slots=True)
class Format:
    """A delivery format."""

    name: str
    width: int
    """Pixels, even."""
    height: int
    """Pixels, even."""
    fps: int = 30
    sample_rate: int = 48_000
    preset: str = "veryfast"
    """x264 preset."""
    crf: int = 20
    """x264 constant rate factor."""
    audio_bit_rate: int = 112_000


formats: Registry[Format] = Registry("format", __name__)
