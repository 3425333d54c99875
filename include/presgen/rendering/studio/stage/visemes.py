"""From phonemes to mouth shapes: what each sound looks like, and how one flows into the next."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import astuple, dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from presgen.model.media import PhonemeTiming
from presgen.rendering.studio.stage.pose import REST, Mouth

Track = NDArray[np.float64]
"""(frames, 7): one mouth a row, its fields in the order of ``Mouth``."""

VISEMES: dict[str, Mouth] = {
    "silence": Mouth(width=1.00, opening=0.00, rounding=0.00, teeth=0.0, tongue=0.0, tuck=0.00, smile=0.85),
    "p": Mouth(width=0.94, opening=0.00, rounding=0.10, teeth=0.0, tongue=0.0, tuck=0.45, smile=0.45),
    "f": Mouth(width=0.98, opening=0.14, rounding=0.00, teeth=1.0, tongue=0.0, tuck=1.00, smile=0.50),
    "th": Mouth(width=1.00, opening=0.28, rounding=0.00, teeth=0.8, tongue=1.0, tuck=0.00, smile=0.55),
    "t": Mouth(width=1.02, opening=0.24, rounding=0.00, teeth=1.0, tongue=0.5, tuck=0.00, smile=0.65),
    "n": Mouth(width=1.00, opening=0.22, rounding=0.00, teeth=0.9, tongue=0.5, tuck=0.00, smile=0.65),
    "l": Mouth(width=1.00, opening=0.34, rounding=0.00, teeth=0.8, tongue=0.9, tuck=0.00, smile=0.60),
    "k": Mouth(width=1.00, opening=0.34, rounding=0.00, teeth=0.6, tongue=0.2, tuck=0.00, smile=0.60),
    "ch": Mouth(width=0.80, opening=0.30, rounding=0.65, teeth=1.0, tongue=0.0, tuck=0.00, smile=0.35),
    "s": Mouth(width=1.06, opening=0.17, rounding=0.00, teeth=1.0, tongue=0.0, tuck=0.00, smile=0.80),
    "r": Mouth(width=0.84, opening=0.30, rounding=0.50, teeth=0.5, tongue=0.2, tuck=0.00, smile=0.35),
    "w": Mouth(width=0.66, opening=0.24, rounding=1.00, teeth=0.0, tongue=0.0, tuck=0.00, smile=0.25),
    "ah": Mouth(width=1.00, opening=1.00, rounding=0.10, teeth=0.7, tongue=0.4, tuck=0.00, smile=0.55),
    "a": Mouth(width=1.10, opening=0.84, rounding=0.00, teeth=0.8, tongue=0.4, tuck=0.00, smile=0.75),
    "uh": Mouth(width=1.00, opening=0.50, rounding=0.10, teeth=0.7, tongue=0.3, tuck=0.00, smile=0.55),
    "e": Mouth(width=1.10, opening=0.60, rounding=0.00, teeth=0.8, tongue=0.3, tuck=0.00, smile=0.80),
    "i": Mouth(width=1.12, opening=0.38, rounding=0.00, teeth=0.9, tongue=0.2, tuck=0.00, smile=0.80),
    "ee": Mouth(width=1.18, opening=0.30, rounding=0.00, teeth=1.0, tongue=0.1, tuck=0.00, smile=0.95),
    "aw": Mouth(width=0.86, opening=0.80, rounding=0.60, teeth=0.4, tongue=0.3, tuck=0.00, smile=0.35),
    "o": Mouth(width=0.78, opening=0.62, rounding=0.80, teeth=0.3, tongue=0.2, tuck=0.00, smile=0.30),
    "oo": Mouth(width=0.64, opening=0.36, rounding=1.00, teeth=0.1, tongue=0.0, tuck=0.00, smile=0.25),
}
"""The mouth at the height of each kind of sound."""

VOWELS = frozenset({"ah", "a", "uh", "e", "i", "ee", "aw", "o", "oo"})

CLOSING = frozenset({"p", "f"})
"""Reached in full whatever the neighbours do: a p with open lips is the first thing a viewer notices."""

_SYMBOLS = {
    "p": "pbmɱɸβ",
    "f": "fvʋ",
    "th": "θð",
    "t": "tdTɾʈɖ",
    "n": "nɲɳ",
    "l": "lɫɭʎ",
    "k": "kɡgŋhxɣçqχħɦʔɰʝɟcʁ",
    "ch": "ʃʒʧʤʂʐɕʑʨʥ",
    "s": "szʦʣ",
    "r": "ɹɻrɽɜɝɚ",
    "w": "wʍɥ",
    "ah": "ɑɒ",
    "a": "æa",
    "uh": "ʌɐəᵊɤ",
    "e": "ɛe",
    "i": "ɪᵻjɨ",
    "ee": "i",
    "aw": "ɔɶ",
    "o": "oøœɵ",
    "oo": "uʊʉyʏɯ",
}

_DIPHTHONGS = {
    "A": ("e", "i"),
    "I": ("ah", "i"),
    "O": ("o", "oo"),
    "Q": ("uh", "oo"),
    "W": ("a", "oo"),
    "Y": ("aw", "i"),
}
"""misaki writes an English diphthong as one capital: two mouths, one after the other."""

SHAPES: dict[str, tuple[str, ...]] = {
    **{symbol: (viseme,) for viseme, symbols in _SYMBOLS.items() for symbol in symbols},
    **_DIPHTHONGS,
}
"""Phoneme (misaki alphabet) to its one viseme, or two for a diphthong. Marks and punctuation have none."""

WEAK = frozenset("əᵊɐᵻ")
"""Unstressed vowels: barely opened."""

STRESS_MARKS = frozenset("ˈˌ")

_OPENING = 1
"""Its place among the fields of ``Mouth``."""

REST_MOUTH = np.array(astuple(REST.mouth))
"""The mouth at rest, as a row of a track."""

_SILENCE = np.array(astuple(VISEMES["silence"]))
_FLOOR = 0.06
"""The weight of silence under every sound; it decides how fast lips close when nothing else is said."""

_RELAX = 0.30
"""Seconds of silence after which the speaking mouth becomes the mouth at rest."""
_PAUSE, _SHUTTING = 0.25, 0.09
"""Seconds without a sound that shut the mouth, and how long that takes."""

_LONGEST_CONSONANT = 0.14
"""Seconds."""

_LEAD = 0.010
"""Seconds the mouth is ahead of the sound, as mouths are; against loudness it then peaks within a frame."""

_EMPHASIS = 1.2
"""Blending takes a fifth off every opening; a teacher articulates."""

_SMOOTHING = np.array([0.16, 0.68, 0.16])
"""A light blur over three frames: lips have mass."""


@dataclass(frozen=True, slots=True)
class Key:
    """One mouth to reach: when, for how long, and how much it insists."""

    viseme: str
    centre: float
    reach: float
    """Seconds before and after the centre at which it no longer counts."""
    weight: float
    opening: float = 1.0
    """Factor on the viseme's opening."""

    @property
    def mouth(self) -> NDArray[np.float64]:
        """The fields of the mouth, in order."""
        fields = np.array(astuple(VISEMES[self.viseme]))
        fields[_OPENING] *= self.opening
        return fields


def mouth_track(phonemes: Sequence[PhonemeTiming], frames: int, fps: int = 30) -> Track:
    """Return the mouth of each frame, as it is in the frame's middle.

    Sounds overlap by raised cosines, as speech does. Lips that must meet (p, b, m) or tuck (f, v) do so in
    full for at least one frame while the sound lasts.
    """
    moments = (np.arange(frames) + 0.5) / fps + _LEAD
    sounds = tuple(sounds_of(phonemes))
    track = _smoothed(_blended([key for sound in sounds for key in keys_of(sound)], moments))
    track[:, _OPENING] = np.minimum(1.0, track[:, _OPENING] * _EMPHASIS)
    track = _hushed(track, sounds, moments)
    track = _relaxed(track, sounds, moments)
    for sound in sounds:
        if sound.visemes[0] in CLOSING:
            _close(track, sound, moments, 1 / fps)
    return track


@dataclass(frozen=True, slots=True)
class Sound:
    """A phoneme that moves the mouth."""

    visemes: tuple[str, ...]
    """One, or two for a diphthong."""
    start: float
    end: float
    weak: bool = False

    @property
    def length(self) -> float:
        """Seconds."""
        return self.end - self.start


def sounds_of(phonemes: Sequence[PhonemeTiming]) -> Iterator[Sound]:
    """Yield the phonemes that move the mouth.

    A stress mark has a duration of its own, in which the vowel after it is already heard: it is part of that
    vowel. A long last consonant is mostly breath: it holds the mouth only so long.
    """
    stressed_from: float | None = None
    for phoneme in phonemes:
        visemes = shapes_of(phoneme.symbol)
        if visemes:
            start = phoneme.start if stressed_from is None else min(stressed_from, phoneme.start)
            voiced = visemes[0] in VOWELS
            end = phoneme.end if voiced else min(phoneme.end, start + _LONGEST_CONSONANT)
            yield Sound(visemes, start, end, weak=phoneme.symbol[-1] in WEAK)
            stressed_from = None
        elif phoneme.symbol in STRESS_MARKS:
            stressed_from = phoneme.start
        else:
            stressed_from = None


def shapes_of(symbol: str) -> tuple[str, ...]:
    """Return the visemes of a phoneme, stress and length marks ignored; none for a mark or punctuation."""
    return tuple(viseme for character in symbol for viseme in SHAPES.get(character, ()))


def keys_of(sound: Sound) -> Iterator[Key]:
    """Yield the mouths to reach for one sound."""
    start, length = sound.start, sound.length
    if len(sound.visemes) > 1:
        first, *_, second = sound.visemes
        yield Key(first, start + length * 0.28, max(0.085, length * 0.78), 1.1)
        yield Key(second, start + length * 0.78, max(0.078, length * 0.62), 1.0)
    else:
        weight, opening = (0.8, 0.8) if sound.weak else (1.25 if sound.visemes[0] in VOWELS else 0.7, 1.0)
        yield Key(sound.visemes[0], start + length / 2, max(0.070, length * 1.15), weight, opening)


def _blended(keys: Sequence[Key], moments: NDArray[np.float64]) -> Track:
    """Weigh the keys in reach of each moment, over silence."""
    total = np.full((len(moments), 1), _FLOOR)
    track = np.repeat(_SILENCE[None] * _FLOOR, len(moments), axis=0)
    for key in keys:
        first, last = np.searchsorted(moments, (key.centre - key.reach, key.centre + key.reach))
        distance = np.abs(moments[first:last] - key.centre) / key.reach
        weight = (key.weight * np.cos(distance * (np.pi / 2)) ** 2)[:, None]
        total[first:last] += weight
        track[first:last] += weight * key.mouth
    blended: Track = track / total
    return blended


def _smoothed(track: Track) -> Track:
    padded = np.pad(track, ((1, 1), (0, 0)), mode="edge")
    before, at, after = _SMOOTHING
    smoothed: Track = before * padded[:-2] + at * padded[1:-1] + after * padded[2:]
    return smoothed


def _hushed(track: Track, sounds: Sequence[Sound], moments: NDArray[np.float64]) -> Track:
    """Shut the mouth in every pause that a listener hears as one."""
    shut = np.zeros((len(moments), 1))
    for before, after in pairwise(sounds):
        if after.start - before.end >= _PAUSE:
            first, last = np.searchsorted(moments, (before.end, after.start))
            inside = np.minimum(moments[first:last] - before.end, after.start - moments[first:last])
            shut[first:last, 0] = 0.5 - 0.5 * np.cos(np.pi * np.minimum(1.0, inside / _SHUTTING))
    return track + (_SILENCE - track) * shut


def _relaxed(track: Track, sounds: Sequence[Sound], moments: NDArray[np.float64]) -> Track:
    """Let the mouth come to rest where nothing is said for a while."""
    distance = np.full(len(moments), np.inf)
    for sound in sounds:
        first, last = np.searchsorted(moments, (sound.start - 2 * _RELAX, sound.end + 2 * _RELAX))
        near = moments[first:last]
        gap = np.maximum(0.0, np.maximum(sound.start - near, near - sound.end))
        distance[first:last] = np.minimum(distance[first:last], gap)
    share = np.clip(distance / _RELAX - 0.3, 0.0, 0.7)[:, None] / 0.7
    ease = 0.5 - 0.5 * np.cos(np.pi * share)
    return track + (REST_MOUTH - track) * ease


def _close(track: Track, sound: Sound, moments: NDArray[np.float64], frame: float) -> None:
    """Draw the track towards a closing viseme: fully while it sounds, by raised cosines around it."""
    half = max(0.55 * frame, 0.35 * sound.length)
    distance = np.maximum(0.0, np.abs(moments - (sound.start + sound.end) / 2) - half) / (1.6 * frame)
    near = distance < 1.0
    weight = (np.cos(distance[near] * (np.pi / 2)) ** 2)[:, None]
    track[near] += (np.array(astuple(VISEMES[sound.visemes[0]])) - track[near]) * weight
