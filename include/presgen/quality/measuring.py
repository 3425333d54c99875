"""One full decode of a film, and everything the checks will ever ask of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from presgen.errors import CorruptMedia
from presgen.media.decode import pictures, sound
from presgen.media.probe import Probe
from presgen.media.sound import integrated_loudness, read_wav, true_peak
from presgen.model.base import Decibels, Seconds
from presgen.model.quality import SectionEvidence

CLIPPED_SAMPLES = 3
"""Neighbouring samples at full scale that a listener may hear; fewer happen by chance."""

SILENCE = Decibels(-50.0)
"""dBFS, RMS of 20 ms: below the quietest consonant of a narration at -16 LUFS."""

BLACK = 24
"""Brightest luma of a black picture: limited range starts at 16, and encoding adds a little."""

NOTHING = Decibels(-120.0)
"""dBTP of digital silence."""


def measure(film: Probe, key: str, master: Path | None) -> SectionEvidence:
    """Decode the whole film strictly and return what was measured. Damage is a fact here, not an error.

    Args:
        film: the film's probe.
        key: the section's key, or another id of what is measured.
        master: the WAV the film's sound was encoded from, where there is one. Clipping shows only there.
    """
    errors: list[str] = []
    black: list[Seconds] = []
    try:
        black = [moment for moment, picture in pictures(film.path) if int(picture.y.max()) <= BLACK]
    except CorruptMedia as damage:
        errors.append(str(damage))
    samples, rate = np.zeros(0, np.float32), 48_000
    try:
        samples, rate = sound(film.path)
    except CorruptMedia as damage:
        errors.append(str(damage))
    clipped: tuple[Seconds, ...] = ()
    if master is not None:
        clipped = _clipped(*read_wav(master))
    picture, track = film.pictures, film.sound
    return SectionEvidence(
        key=key,
        frames=picture.frames if picture else 0,
        duration=picture.duration if picture else film.duration,
        width=picture.width if picture else 0,
        height=picture.height if picture else 0,
        fps=picture.fps if picture else 0.0,
        video_codec=picture.codec if picture else "",
        pixel_format=picture.pixel_format if picture else "",
        colour=picture.colour if picture else "",
        audio_codec=track.codec if track else "",
        sample_rate=track.sample_rate if track else 0,
        channels=track.channels if track else 0,
        audio_duration=track.duration if track else Seconds(0.0),
        loudness=integrated_loudness(samples, rate) if samples.size else None,
        true_peak=max(true_peak(samples, rate), NOTHING) if samples.size else NOTHING,
        clipped_runs=clipped,
        longest_silence=_longest_silence(samples, rate),
        decode_errors=tuple(errors),
        black=tuple(black),
    )


def _clipped(samples: NDArray[np.int16], rate: int) -> tuple[Seconds, ...]:
    """Return where at least ``CLIPPED_SAMPLES`` neighbours lie at full scale."""
    full = np.abs(samples.astype(np.int32)) >= 32_767
    edges = np.diff(np.concatenate([[0], full.astype(np.int8), [0]]))
    starts, ends = np.flatnonzero(edges == 1), np.flatnonzero(edges == -1)
    return tuple(Seconds(float(s / rate)) for s in starts[ends - starts >= CLIPPED_SAMPLES])


def _longest_silence(samples: NDArray[Any], rate: int) -> tuple[Seconds, Seconds]:
    """Return (start, length) of the longest stretch below ``SILENCE`` between the first and last sound."""
    window = rate // 50
    count = len(samples) // window
    if count == 0:
        return Seconds(0.0), Seconds(0.0)
    level = np.sqrt(np.mean(samples[: count * window].reshape(count, window).astype(np.float64) ** 2, axis=1))
    heard = np.flatnonzero(level > 10 ** (SILENCE / 20))
    if heard.size == 0:
        return Seconds(0.0), Seconds(float(len(samples) / rate))
    if heard.size == 1:
        return Seconds(0.0), Seconds(0.0)
    pauses = np.diff(heard) - 1
    longest = int(np.argmax(pauses))
    start = (heard[longest] + 1) * window / rate
    return Seconds(float(start)), Seconds(float(pauses[longest] * window / rate))
