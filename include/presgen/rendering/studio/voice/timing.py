"""When words and sounds are heard, by a network's own durations, at any pace."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from presgen.errors import BadInput
from presgen.model.base import Seconds
from presgen.model.media import PhonemeTiming
from presgen.rendering.studio.voice.engines import SAMPLE_RATE, Speech, Utterance
from presgen.rendering.studio.voice.speech import Word

FRAME = 600 / SAMPLE_RATE
"""Seconds in the unit of the networks' durations."""

LONGEST = 480
"""Phonemes the networks can take at once; they were made for 510."""

MARKS = "ˈˌ"
"""Stress marks. They have a duration of their own, in which the vowel after them already sounds."""
SILENT = frozenset(" ;:,.!?—…" + MARKS)
"""What is not heard itself. The space is: as the beginning of the word after it."""


@dataclass(frozen=True, slots=True)
class Lead:
    """By how much a network's sounds are heard before its durations say they start."""

    word: float
    """Seconds, of the space before a word: the word is heard to start here."""
    phoneme: float
    """Seconds, of a phoneme inside a word; on top of that comes the `overlap`."""
    overlap: float
    """Part of the phoneme before during which it is heard already."""


HEARD = -38.0
"""dB below the loudest moment at which a word before a pause has died away."""
AUDIBLE = -50.0
"""dB below the loudest moment at which the sound is cut; there is a noise floor of about -60."""
_BEFORE, _AFTER = 0.010, 0.030
_FADE_IN, _FADE_OUT = 0.005, 0.020
_HOP = 60
"""Samples between two measurements of the level."""
_WINDOW = 240
_SHORTEST_PAUSE = 0.060
_SHORTEST_PHONEME = 0.005


@dataclass(frozen=True, slots=True)
class Script:
    """Words as the phonemes a network reads."""

    symbols: str
    owners: tuple[int, ...]
    """For each symbol the number of its word; a space belongs to the word after it."""

    def as_input(self, ids: Mapping[str, int]) -> NDArray[np.int64]:
        """Return the symbols' numbers as a network takes them, with silence before and after."""
        return np.array([[0, *(ids[symbol] for symbol in self.symbols), 0]], np.int64)


def scripted(words: Sequence[Word], sounds: Sequence[str], known: Collection[str]) -> Script:
    """Return ``words``, which sound like that, as what a network that knows these symbols reads in one go.

    Raises:
        BadInput: it is too much at once.
    """
    symbols: list[str] = []
    owners: list[int] = []
    for index, (word, sound) in enumerate(zip(words, sounds, strict=True)):
        mark = word.pause or ("." if index == len(words) - 1 else "")
        text = (" " if index else "") + "".join(symbol for symbol in sound if symbol in known) + mark
        symbols.append(text)
        owners += [index] * len(text)
    joined = "".join(symbols)
    if len(joined) > LONGEST:
        raise BadInput(f"A breath has {len(joined)} phonemes; expected at most {LONGEST}.")
    return Script(joined, tuple(owners))


def stretched(durations: NDArray[np.float64], speed: float) -> NDArray[np.float64]:
    """Return ``durations``, whole frames, for another speed: whole frames again, at least one each.

    Rounding each by itself, as the model does, makes 0.9 sound like 1.0 and 0.8 like 0.7, since nearly all
    phonemes last two frames. Here what rounding takes from one phoneme the next one gets.
    """
    result = np.empty_like(durations)
    owed = 0.0
    for index, duration in enumerate(durations / speed):
        owed += duration
        result[index] = max(1.0, np.round(owed))
        owed -= result[index]
    return result


def starts_of(script: Script, durations: NDArray[np.float64], lead: Lead) -> list[float | None]:
    """Return the second at which each symbol is heard to start; None for what is not heard."""
    edges = np.concatenate([[0.0], np.cumsum(durations)]) * FRAME
    starts: list[float | None] = []
    for index, symbol in enumerate(script.symbols):
        if symbol in SILENT:
            starts.append(None)
            continue
        first = index
        while first and script.symbols[first - 1] in MARKS:
            first -= 1
        # The model's first duration is the silence before everything, so symbol i has edges i + 1 and i + 2.
        if first == 0 or script.symbols[first - 1] == " ":
            starts.append(float(edges[max(first, 1)]) - lead.word)
        else:
            before = float(edges[first + 1] - edges[first])
            starts.append(float(edges[first + 1]) - lead.phoneme - lead.overlap * before)
    return starts


def utter(script: Script, durations: NDArray[np.float64], sound: Speech, words: int, lead: Lead) -> Utterance:
    """Return ``sound``, made of ``script`` with these ``durations``: timed, and without silence around it."""
    level = level_of(sound)
    phonemes, spans = timed(script, starts_of(script, durations, lead), level, words)
    return trimmed(sound, level, phonemes, spans)


def natural_length(script: Script, durations: NDArray[np.float64]) -> Seconds:
    """Return how long ``script`` is heard with these ``durations``."""
    # The pause after the last word lies in its last phoneme and in the full stop.
    last = max(index for index, symbol in enumerate(script.symbols) if symbol not in SILENT) + 1
    return Seconds(float(durations[1:last].sum() + min(durations[last], 4.0)) * FRAME)


def level_of(sound: Speech) -> NDArray[np.float64]:
    """Return the level every `_HOP` samples, in dB below the loudest moment."""
    power = np.concatenate([[0.0], np.cumsum(sound.astype(np.float64) ** 2)])
    centres = np.arange(0, len(sound), _HOP)
    low, high = np.maximum(centres - _WINDOW // 2, 0), np.minimum(centres + _WINDOW // 2, len(sound))
    level = 10 * np.log10((power[high] - power[low]) / (high - low) + 1e-12)
    return np.asarray(level - level.max())


def timed(
    script: Script, starts: Sequence[float | None], level: NDArray[np.float64], words: int
) -> tuple[list[PhonemeTiming], list[tuple[float, float]]]:
    """Return the phonemes with start and end, and the span of each word."""
    heard = [(index, start) for index, start in enumerate(starts) if start is not None]
    length = len(level) * _HOP / SAMPLE_RATE
    (onset, _), (_, offset) = _audible(level, AUDIBLE), _audible(level, HEARD)
    begins = _rising([onset, *(start for _, start in heard[1:])], offset)
    ends = [*begins[1:], offset]
    for place, ((index, _), (following, _)) in enumerate(pairwise(heard)):
        if script.owners[index] == script.owners[following]:
            continue
        if not set(script.symbols[index:following]) & (SILENT - set(MARKS) - {" "}):
            continue
        if (pause := _pause(level, begins[place], min(begins[place + 1] + 0.15, length))) is not None:
            ends[place], begins[place + 1] = pause
    spans = [[length, 0.0] for _ in range(words)]
    phonemes = []
    for (index, _), start, end in zip(heard, begins, ends, strict=True):
        mark = script.symbols[index - 1] if index and script.symbols[index - 1] in MARKS else ""
        phonemes.append(
            PhonemeTiming(symbol=mark + script.symbols[index], start=Seconds(start), end=Seconds(end))
        )
        span = spans[script.owners[index]]
        span[0], span[1] = min(span[0], start), max(span[1], end)
    return phonemes, [(start, end) for start, end in spans]


def _rising(moments: Sequence[float], limit: float) -> list[float]:
    """Return ``moments`` with each at least a hair after the one before it, and none after ``limit``."""
    result: list[float] = []
    for place, moment in enumerate(moments):
        latest = limit - _SHORTEST_PHONEME * (len(moments) - place)
        earliest = result[-1] + _SHORTEST_PHONEME if result else 0.0
        result.append(max(earliest, min(moment, latest)))
    return result


def _pause(level: NDArray[np.float64], start: float, end: float) -> tuple[float, float] | None:
    """Return (start, end) of the longest stretch without speech between two moments."""
    low, high = (round(moment * SAMPLE_RATE / _HOP) for moment in (start, end))
    quiet = np.concatenate([[0], level[low:high] < HEARD, [0]]).astype(np.int8)
    edges = np.flatnonzero(np.diff(quiet)).reshape(-1, 2)
    if not len(edges):
        return None
    first, last = edges[np.argmax(edges[:, 1] - edges[:, 0])]
    if (last - first) * _HOP / SAMPLE_RATE < _SHORTEST_PAUSE:
        return None
    # A word ends when it has died away, but the next one starts with the first breath of an h or f.
    while last > first and level[low + last - 1] > AUDIBLE:
        last -= 1
    return (low + int(first)) * _HOP / SAMPLE_RATE, (low + int(last)) * _HOP / SAMPLE_RATE


def _audible(level: NDArray[np.float64], threshold: float) -> tuple[float, float]:
    """Return the first and the last second above ``threshold``."""
    loud = np.flatnonzero(level > threshold)
    return int(loud[0]) * _HOP / SAMPLE_RATE, int(loud[-1] + 1) * _HOP / SAMPLE_RATE


def trimmed(
    sound: Speech,
    level: NDArray[np.float64],
    phonemes: Sequence[PhonemeTiming],
    spans: Sequence[tuple[float, float]],
) -> Utterance:
    """Cut the silence before and after, and soften the cuts."""
    start, end = _audible(level, AUDIBLE)
    first = max(0, round((start - _BEFORE) * SAMPLE_RATE))
    last = min(len(sound), round((end + _AFTER) * SAMPLE_RATE))
    cut = sound[first:last].copy()
    rise, fall = round(_FADE_IN * SAMPLE_RATE), round(_FADE_OUT * SAMPLE_RATE)
    cut[:rise] *= np.linspace(0, 1, rise, dtype=np.float32)
    cut[-fall:] *= np.linspace(1, 0, fall, dtype=np.float32)
    shift, length = first / SAMPLE_RATE, len(cut) / SAMPLE_RATE

    def moved(moment: float) -> Seconds:
        return Seconds(min(max(moment - shift, 0.0), length))

    return Utterance(
        sound=cut,
        words=tuple((moved(start), moved(end)) for start, end in spans),
        phonemes=tuple(
            PhonemeTiming(symbol=phoneme.symbol, start=moved(phoneme.start), end=moved(phoneme.end))
            for phoneme in phonemes
        ),
    )


def slowed(utterance: Utterance, factor: Fraction) -> Utterance:
    """Return ``utterance`` as from a tape that runs slower by ``factor``."""
    if factor == 1:
        return utterance
    from scipy import signal

    up, down = factor.as_integer_ratio()
    sound = signal.resample_poly(utterance.sound, up, down).astype(np.float32)
    sound[[0, -1]] = 0.0

    def later(moment: float) -> Seconds:
        return Seconds(min(moment * up / down, len(sound) / SAMPLE_RATE))

    return Utterance(
        sound=sound,
        words=tuple((later(start), later(end)) for start, end in utterance.words),
        phonemes=tuple(
            PhonemeTiming(symbol=phoneme.symbol, start=later(phoneme.start), end=later(phoneme.end))
            for phoneme in utterance.phonemes
        ),
    )
