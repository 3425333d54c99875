"""The simplest honest voice: it hums a note for every word, exactly when it says so."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from presgen.errors import UnknownName
from presgen.model.base import Seconds
from presgen.model.media import PhonemeTiming
from presgen.rendering.studio.voice.engines import SAMPLE_RATE, Utterance, voices
from presgen.rendering.studio.voice.speech import Word

CODE = 1
"""Counts up when this voice sounds different."""

NOTES = {"high": 440.0, "low": 220.0}
"""The voices and their pitch in hertz."""

SYLLABLE = Seconds(0.22)
"""What one spoken word takes at speed 1; 10.0.0.0 is seven of them."""
GAP = Seconds(0.06)
"""The silence after a word."""
REST = Seconds(0.20)
"""The silence at a comma."""

_LEVEL = 0.2
_FADE = 0.005


@voices.register("tone")
class Tone:
    """A note a word."""

    def languages(self, voice: str) -> tuple[str, ...]:
        """Return none: it hums every language alike."""
        _note(voice)
        return ()

    def word_length(self, voice: str) -> Seconds:
        """Return a note, the gap after it, and its share of the rests."""
        _note(voice)
        return Seconds(SYLLABLE + GAP + 0.02)

    def fingerprint(self, voice: str) -> Mapping[str, Any]:
        """Return the version of this file and the note."""
        return {"code": CODE, "hertz": _note(voice)}

    def natural_length(self, words: Sequence[Word], voice: str) -> Seconds:  # noqa: ARG002 - all are as fast
        """Return how long the notes take at speed 1."""
        return Seconds(sum(_length(word) + _gap(word) for word in words) - _gap(words[-1]))

    def speak(self, words: Sequence[Word], voice: str, speed: float) -> Utterance:
        """Hum ``words``."""
        hertz = _note(voice)
        pieces: list[np.ndarray[Any, np.dtype[np.float32]]] = []
        times: list[tuple[Seconds, Seconds]] = []
        now = 0
        for index, word in enumerate(words):
            note = _hum(hertz, round(_length(word) / speed * SAMPLE_RATE))
            gap = 0 if index == len(words) - 1 else round(_gap(word) / speed * SAMPLE_RATE)
            times.append((Seconds(now / SAMPLE_RATE), Seconds((now + len(note)) / SAMPLE_RATE)))
            pieces += [note, np.zeros(gap, np.float32)]
            now += len(note) + gap
        return Utterance(
            sound=np.concatenate(pieces),
            words=tuple(times),
            phonemes=tuple(PhonemeTiming(symbol="ˈɑ", start=start, end=end) for start, end in times),
        )


def _note(voice: str) -> float:
    try:
        return NOTES[voice]
    except KeyError:
        raise UnknownName("voice of the engine tone", voice, tuple(NOTES)) from None


def _length(word: Word) -> float:
    return SYLLABLE * len(word.says)


def _gap(word: Word) -> float:
    return REST if word.pause else GAP


def _hum(hertz: float, samples: int) -> np.ndarray[Any, np.dtype[np.float32]]:
    wave = _LEVEL * np.sin(2 * np.pi * hertz * np.arange(samples) / SAMPLE_RATE)
    fade = np.minimum(1.0, np.arange(samples) / (_FADE * SAMPLE_RATE))
    return (wave * fade * fade[::-1]).astype(np.float32)
