"""Sound and pictures as values: when each word is spoken, and what a finished clip or video measures."""

from __future__ import annotations

from pathlib import Path

from presgen.model.base import Model, Seconds


class WordTiming(Model):
    """One spoken word in caption spelling, punctuation attached."""

    text: str
    start: Seconds
    end: Seconds


class PhonemeTiming(Model):
    """One phoneme (misaki alphabet) and when its sound is heard."""

    symbol: str
    start: Seconds
    end: Seconds


class Narration(Model):
    """The spoken words of one section, with the time of every word and phoneme."""

    path: Path
    """Mono 16-bit WAV, 48 000 samples a second: the master, at delivery loudness."""
    duration: Seconds
    words: tuple[WordTiming, ...]
    """In spoken order; moments count from the start of this narration."""
    phonemes: tuple[PhonemeTiming, ...]
    sentences: tuple[Seconds, ...]
    """The moment each of the section's sentences starts."""
    unspoken: tuple[int, ...] = ()
    """Numbers of the words that are shown but not heard, because the voice cannot read their script."""


class Cue(Model):
    """One caption: up to two lines and when they are shown."""

    start: Seconds
    end: Seconds
    lines: tuple[str, ...]

    @property
    def text(self) -> str:
        """The lines as one."""
        return " ".join(self.lines)


class PresenterPlace(Model):
    """Where the presenter is in the picture for a while: a box, in pixels."""

    start: Seconds
    end: Seconds
    x: int
    y: int
    width: int
    height: int


class Clip(Model):
    """A rendered section: the files lie in one folder under fixed names.

    ``clip.mp4``, ``clip.m4a`` or ``clip.webm`` (playable), ``narration.wav`` (the master), and ``poster.png``
    where there is something to see.
    """

    backend: str
    format: str
    frames: int
    """A multiple of 16 at 30 frames a second, so that video and AAC frames end together."""
    duration: Seconds
    words: tuple[WordTiming, ...]
    """Moments count from the start of the clip."""
    cues: tuple[Cue, ...]
    sentences: tuple[Seconds, ...]
    presenter: tuple[PresenterPlace, ...] = ()
    """Where the presenter is to be seen, for the checks to look there; empty: the renderer does not say."""


class StoredSection(Model):
    """A section clip as the section store holds it."""

    key: str
    """SHA-256 over everything that shapes the bytes."""
    folder: Path
    clip: Clip
    files: dict[str, str]
    """File name to SHA-256, for every file of the section."""


class PlacedSection(Model):
    """One section's place in a joined video."""

    key: str
    slug: str
    title: str
    start: Seconds
    duration: Seconds


class Video(Model):
    """A joined lesson video, with its captions beside it."""

    path: Path
    captions: Path
    """WebVTT."""
    subtitles: Path
    """The same as SubRip."""
    sha256: str
    duration: Seconds
    format: str
    sections: tuple[PlacedSection, ...]
    cues: tuple[Cue, ...]
    """Moments count from the start of the video."""
