"""Narrations with known times, for the tests of the stage."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

from presgen.model.base import Seconds
from presgen.model.media import Narration, PhonemeTiming

FPS = 30


def phonemes_at(*timed: tuple[str, float, float]) -> tuple[PhonemeTiming, ...]:
    """Phonemes from (symbol, start, end)."""
    return tuple(PhonemeTiming(symbol=s, start=Seconds(a), end=Seconds(b)) for s, a, b in timed)


def spoken(symbols: str, start: float = 1.0, each: float = 0.1) -> tuple[PhonemeTiming, ...]:
    """One phoneme after the other, each equally long."""
    times = [start + each * i for i in range(len(symbols) + 1)]
    return phonemes_at(*((s, a, b) for s, (a, b) in zip(symbols, pairwise(times), strict=True)))


def make_narration(
    phonemes: Sequence[PhonemeTiming] = (), sentences: Sequence[float] = (), duration: float = 8.0
) -> Narration:
    return Narration(
        path=Path("narration.wav"),
        duration=Seconds(duration),
        words=(),
        phonemes=tuple(phonemes),
        sentences=tuple(Seconds(start) for start in sentences),
    )


SENTENCE = "ðə fˈɜɹst ɹˈul ðæt mˈæʧᵻz wˈɪnz, ænd ðə ɹˈɛst ɑɹ nˈɛvəɹ ɹˈɛd. "


def make_talk(seconds: float = 24.0) -> Narration:
    """Sentences from half a second after the start to a second before the end."""
    phonemes = spoken(SENTENCE * int(seconds), start=0.5, each=0.075)
    heard = tuple(phoneme for phoneme in phonemes if phoneme.end < seconds - 1)
    sentences = [heard[i].start for i in range(0, len(heard), len(SENTENCE))]
    return make_narration(heard, sentences, seconds)
