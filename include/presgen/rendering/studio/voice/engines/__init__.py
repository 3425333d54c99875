"""The voices' engines: each turns words into sound in its own way, and all make the same promises."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

from presgen.model.base import Seconds
from presgen.model.media import PhonemeTiming
from presgen.registry import Registry
from presgen.rendering.studio.voice.speech import Word

SAMPLE_RATE = 24_000

Speech: TypeAlias = NDArray[np.float32]
"""Mono, `SAMPLE_RATE` samples a second, 1.0 is full scale."""


@dataclass(frozen=True, slots=True)
class Utterance:
    """Words spoken in one breath, without silence before or after."""

    sound: Speech
    words: tuple[tuple[Seconds, Seconds], ...]
    """(start, end) of each word, in order and not overlapping, from the start of the sound."""
    phonemes: tuple[PhonemeTiming, ...]
    """In order and not overlapping; a stressed vowel has its mark before it: ``ˈA``."""


class Engine(Protocol):
    """Speaks words. Same arguments, same bytes, in any process."""

    def languages(self, voice: str) -> tuple[str, ...]:
        """Return the codes of the languages it reads, such as ``en``; all that there are: none are listed.

        Raises:
            UnknownName: the engine has no voice of that name.
        """
        ...

    def word_length(self, voice: str) -> Seconds:
        """Return what a word of plain prose takes on average at speed 1.

        Raises:
            UnknownName: the engine has no voice of that name.
        """
        ...

    def fingerprint(self, voice: str) -> Mapping[str, Any]:
        """Return everything beside words and speed that shapes the sound, as values that survive JSON.

        Raises:
            UnknownName: the engine has no voice of that name.
        """
        ...

    def natural_length(self, words: Sequence[Word], voice: str) -> Seconds:
        """Return how long ``words`` take at speed 1, give or take a few hundredths of a second.

        Each of them has something to say.
        """
        ...

    def speak(self, words: Sequence[Word], voice: str, speed: float) -> Utterance:
        """Return ``words`` as sound; at speed 0.5 they take twice as long as at 1.

        Each of them has something to say.

        Raises:
            UnknownName: the engine has no voice of that name.
        """
        ...


voices: Registry[Engine] = Registry("voice", __name__)
