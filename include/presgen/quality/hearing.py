"""What a listener would notice in a film's sound, told from its samples."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from presgen.media.analysis import Heard
from presgen.media.sound import integrated_loudness, true_peak
from presgen.model.base import Decibels, Seconds
from presgen.model.quality import Span
from presgen.quality.spans import merged, runs, spans

Samples = NDArray[Any]

WINDOW = Seconds(0.02)
"""Levels are measured over this long: two periods of a low voice, a fifth of a syllable."""

SILENCE = Decibels(-50.0)
"""dBFS, RMS of a window: below the quietest consonant of a narration at -16 LUFS."""

BELOW_SPEECH = Decibels(34.0)
"""By how much silence lies below the loudness: the same as above, for films that are quieter as a whole."""

NOTHING = Decibels(-120.0)
"""dBFS and dBTP of digital silence."""

SHORTEST_SILENCE = Seconds(1.0)
"""Shorter ones are pauses."""

DEAD = Decibels(-60.0)
"""dBFS of a channel on which nothing is, while `ALIVE` is on the other."""
ALIVE = Decibels(-45.0)
SHORTEST_ONE_SIDED = Seconds(2.0)
"""A word may come from one side; a sentence may not."""

OPPOSED = -0.7
"""Correlation of two channels at which a single loudspeaker loses 8 dB and more of what is alike on them."""
SHORTEST_OPPOSED = Seconds(1.0)

# A crest is cut off flat: samples that hardly differ, far from zero, between steep slopes. A low tone has
# flat crests as well, but no steep slopes beside them.
_HIGH = 0.5
"""Part of the highest level."""
_LEAST = 6
"""Samples at 48 000 a second."""


@dataclass(frozen=True, slots=True)
class _Crest:
    """What makes a crest a flattened one, as parts of the highest level from sample to sample."""

    flat: float
    steep: float
    a_second: float
    """Flattened crests in a second of sound that are more than chance. Measured on four voices, clipped by
    3.5, 6 and 12 dB: see below."""


# Masters: at most 1 flat crest in 20 s of good speech; 9 and more a second when clipped by 3.5 dB.
ON_MASTER = _Crest(flat=0.002, steep=0.010, a_second=1.0)
# After AAC, crests are no longer quite flat: up to 1.2 a second in good speech; from 2.3 when clipped by
# 3.5 dB, from 6.6 by 6 dB, and from 7.4 by 12 dB. The slope must be 2.5 times what is flat, since that of a
# tone of 250 Hz is 2.3 times as steep four samples further on.
AFTER_CODING = _Crest(flat=0.004, steep=0.0105, a_second=3.5)

CLIPPED_SAMPLES = 3
"""Neighbouring samples at full scale that a listener may hear; fewer happen by chance."""
FULL_SCALE = 32_766 / 32_768


@dataclass(frozen=True, slots=True)
class Hearing:
    """What was heard."""

    loudness: Decibels | None
    true_peak: Decibels
    starts: Seconds | None
    ends: Seconds | None
    silences: tuple[Span, ...]
    longest_silence: tuple[Seconds, Seconds]
    channel_levels: tuple[Decibels, ...]
    one_sided: tuple[Span, ...]
    antiphase: tuple[Span, ...]


def hear(heard: Heard) -> Hearing:
    """Return what is to be noticed in the sound of a film. Moments count from the film's start."""
    channels, rate = heard.channels, heard.rate
    loudness = _loudness(channels, rate)
    power, product = _windows(channels, rate)
    edges = heard.start + np.arange(power.shape[1] + 1) * WINDOW
    level = 10 * np.log10(np.maximum(power, 1e-12))
    silence = SILENCE if loudness is None else min(SILENCE, loudness - BELOW_SPEECH)
    audible = level.max(axis=0, initial=NOTHING) > silence
    [loud] = np.nonzero(audible)
    inside = np.zeros(len(audible), bool)
    if loud.size:
        inside[loud[0] : loud[-1]] = True
    silent = spans(~audible & inside, edges)
    longest = max(silent, key=lambda span: span.length, default=None)
    if not loud.size:
        whole = Seconds(float(channels.shape[1] / rate))
        pause = (heard.start, whole)
    else:
        pause = (longest.start, longest.length) if longest else (Seconds(0.0), Seconds(0.0))
    two = len(channels) == 2
    return Hearing(
        loudness=loudness,
        true_peak=max((true_peak(each, rate) for each in channels), default=NOTHING)
        if channels.any()
        else NOTHING,
        starts=Seconds(float(edges[loud[0]])) if loud.size else None,
        ends=Seconds(float(edges[loud[-1] + 1])) if loud.size else None,
        silences=tuple(span for span in silent if span.length >= SHORTEST_SILENCE),
        longest_silence=pause,
        channel_levels=tuple(Decibels(round(each, 1)) for each in _overall(channels)),
        one_sided=_one_sided(level, edges) if two else (),
        antiphase=_antiphase(power, product, edges) if two else (),
    )


def full_scale(samples: NDArray[np.int16], rate: int) -> tuple[Seconds, ...]:
    """Return where at least ``CLIPPED_SAMPLES`` neighbours of a master lie at full scale."""
    starts, ends = runs(np.abs(samples.astype(np.int32)) >= FULL_SCALE * 32_768)
    return tuple(Seconds(float(start / rate)) for start in starts[ends - starts >= CLIPPED_SAMPLES])


def flattened(samples: Samples, rate: int, crest: _Crest) -> tuple[tuple[Span, ...], float]:
    """Return the stretches in which crests are cut off flat, and how many are in a second of sound.

    Whatever the level is: a clipped voice stays clipped when it is turned down.
    """
    places = _flat_crests(samples, rate, crest)
    power, _ = _windows(
        samples[None].astype(np.float32) / np.float32(32_768 if samples.dtype == np.int16 else 1), rate
    )
    seconds = max(np.count_nonzero(power > 10 ** (SILENCE / 10)) * WINDOW, 1.0)
    overall = len(places) / seconds
    a_second = np.bincount(places // rate, minlength=len(samples) // rate + 1)
    crowded = a_second >= max(2.5 * crest.a_second, 3)
    if overall >= crest.a_second:
        crowded |= a_second >= crest.a_second
    edges = np.minimum(np.arange(len(crowded) + 1), len(samples) / rate)
    found = merged(spans(crowded, edges), 1.0)
    if found:
        # The first second in which there are some is told to the sample.
        first = places[places >= found[0].start * rate][0] / rate
        found = (Span(start=Seconds(float(first)), end=found[0].end), *found[1:])
    return found, round(float(max(overall, a_second.max(initial=0) / 3 if found else overall)), 2)


def envelope(heard: Heard, moments: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return how loud the sound is while each picture is shown, in decibels above silence."""
    mono = heard.channels.mean(axis=0, dtype=np.float64)
    total = np.concatenate([[0.0], np.cumsum(mono**2)])
    length = float(np.median(np.diff(moments))) if len(moments) > 1 else 1 / 30
    edges = np.append(moments, moments[-1] + length) - heard.start
    at = np.clip(np.round(edges * heard.rate).astype(int), 0, len(mono))
    power = np.diff(total[at]) / np.maximum(np.diff(at), 1)
    level: NDArray[np.float64] = np.maximum(10 * np.log10(np.maximum(power, 1e-12)) - SILENCE, 0.0)
    return level


def _loudness(channels: NDArray[np.float32], rate: int) -> Decibels | None:
    """Return the loudness of all channels together (ITU-R BS.1770)."""
    if len(channels) == 1:
        return integrated_loudness(channels[0], rate)
    import pyloudnorm

    if channels.shape[1] < math.ceil(0.4 * rate) or not channels.any():
        return None
    with np.errstate(divide="ignore", invalid="ignore"):
        loudness = float(pyloudnorm.Meter(rate).integrated_loudness(channels[:5].T.astype(np.float64)))
    return Decibels(loudness) if math.isfinite(loudness) else None


def _windows(channels: Samples, rate: int) -> tuple[Samples, Samples]:
    """Return the mean power of each channel in each window, and of the product of the first two."""
    size = max(round(WINDOW * rate), 1)
    count = channels.shape[1] // size
    cut = channels[:, : count * size].reshape(len(channels), count, size)
    power = np.einsum("cws,cws->cw", cut, cut, dtype=np.float64) / size
    other = cut[1] if len(cut) > 1 else cut[0]
    return power, np.einsum("ws,ws->w", cut[0], other, dtype=np.float64) / size


def _overall(channels: NDArray[np.float32]) -> list[float]:
    if not channels.shape[1]:
        return []
    power = np.einsum("cs,cs->c", channels, channels, dtype=np.float64) / channels.shape[1]
    return [10 * math.log10(max(each, 1e-12)) for each in power]


def _one_sided(level: Samples, edges: Samples) -> tuple[Span, ...]:
    dead = (level.min(axis=0) < DEAD) & (level.max(axis=0) > ALIVE)
    alive = level.min(axis=0) >= DEAD
    # What is silent on both sides says nothing: it counts with what was before.
    [told] = np.nonzero(dead | alive)
    state = np.zeros(len(dead), bool)
    if told.size:
        last = np.maximum.accumulate(np.where(dead | alive, np.arange(len(dead)), told[0]))
        state = dead[last]
    return spans(state, edges, SHORTEST_ONE_SIDED)


def _antiphase(power: Samples, product: Samples, edges: Samples) -> tuple[Span, ...]:
    both = power.min(axis=0) > 10 ** (SILENCE / 10)
    likeness = product / np.sqrt(np.maximum(power.prod(axis=0), 1e-24))
    return tuple(
        span
        for span in merged(spans(both & (likeness < OPPOSED), edges, 3 * WINDOW), 0.5)
        if span.length >= SHORTEST_OPPOSED
    )


def _flat_crests(samples: Samples, rate: int, crest: _Crest) -> NDArray[np.intp]:
    """Return the places of crests that are cut off flat."""
    if samples.size < 2 or not samples.any():
        return np.zeros(0, np.intp)
    sound = samples.astype(np.float32)
    level = np.abs(sound)
    # The very highest samples may be overshoot of a codec.
    highest = float(np.partition(level, int(len(level) * 0.9995))[int(len(level) * 0.9995)])
    change = np.abs(np.diff(sound)) * (48_000 / rate) ** -1
    starts, ends = runs((change <= highest * crest.flat) & (level[1:] >= _HIGH * highest))
    long = ends - starts >= max(_LEAST * rate / 48_000, 4)
    starts, ends = starts[long], ends[long]
    reach = max(round(4 * rate / 48_000), 2)
    before = np.max([change[np.maximum(starts - step, 0)] for step in range(1, reach + 1)], axis=0)
    after = np.max([change[np.minimum(ends + step, len(change) - 1)] for step in range(reach)], axis=0)
    found: NDArray[np.intp] = starts[np.minimum(before, after) >= crest.steep * highest]
    return found
