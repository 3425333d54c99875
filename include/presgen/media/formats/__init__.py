"""The shapes a video can be delivered in; one file each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from presgen.registry import Registry


@dataclass(frozen=True, slots=True)
class Format:
    """A delivery format."""

    name: str
    width: int
    """Pixels, even; 0: sound only."""
    height: int
    """Pixels, even; 0: sound only."""
    fps: int = 30
    sample_rate: int = 48_000
    video: Literal["h264", "vp9", ""] = "h264"
    """Codec of the pictures; empty: sound only."""
    audio: Literal["aac", "opus"] = "aac"
    container: Literal["mp4", "m4a", "webm"] = "mp4"
    """Also the suffix of its files."""
    preset: str = "veryfast"
    """x264 preset."""
    crf: int = 20
    """Constant rate factor of the encoder, in its own scale."""
    audio_bit_rate: int = 112_000
    burned: bool = True
    """Whether captions are part of the picture. The caption track and files are there anyway."""

    @property
    def pictured(self) -> bool:
        """Whether there is anything to see."""
        return bool(self.video)


formats: Registry[Format] = Registry("format", __name__)
