"""The sound of a joined lesson made anew: the narrations end to end, and music under them where it is wanted.

Music steps back while somebody speaks: it knows when that is, because every word has its times, so it has
stepped back when the first word comes and not a moment after.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from presgen.errors import CannotJoin
from presgen.media.bed import Bed
from presgen.media.sound import (
    AAC_SAMPLES,
    FRAME_SAMPLES,
    GRID_SAMPLES,
    SAMPLE_RATE,
    TARGET,
    Samples,
    read_wav,
)
from presgen.model.base import Decibels, Seconds
from presgen.model.media import StoredSection

ALONE = Decibels(-20.0)
"""LU below speech while nobody speaks."""
UNDER_SPEECH = Decibels(-30.0)
"""LU below speech while somebody speaks: from 20 LU on, those who hear badly understand without effort."""
LOUDEST = Decibels(-20.0)
"""dBTP of music alone. Under speech it is 10 dB lower: with a master at -2 dBTP, -1.6 is not passed."""
STEP_BACK = Seconds(0.4)
"""Before the first word, in which music steps back."""
COME_BACK = Seconds(1.2)
"""After the last word, in which it comes back."""
PAUSE = Seconds(1.5)
"""Between two words for which it stays back: it does not breathe with every sentence."""
FADE_IN = Seconds(1.5)
FADE_OUT = Seconds(3.0)

_FULL_SCALE = 32_767
_BLOCK = 16 * GRID_SAMPLES
"""Samples mixed at a time: some eight seconds, so that a long section fills no memory."""


def narrations(sections: Sequence[StoredSection]) -> Iterator[Samples]:
    """Yield the sound of each section.

    Raises:
        CannotJoin: one does not last as long as its pictures.
        CorruptMedia: one cannot be read.
    """
    for section in sections:
        sound, rate = read_wav(section.folder / "narration.wav")
        if (rate, len(sound)) != (SAMPLE_RATE, section.clip.frames * FRAME_SAMPLES):
            raise CannotJoin(
                f"Section {section.key[:12]} has a narration of {len(sound)} samples, {rate} a second; its "
                f"{section.clip.frames} pictures last {section.clip.frames * FRAME_SAMPLES} of {SAMPLE_RATE}."
            )
        yield sound


def over_music(speech: Iterable[Samples], sections: Sequence[StoredSection], music: Bed) -> Iterator[Samples]:
    """Yield ``speech``, the narrations of ``sections``, with ``music`` under it."""
    level = _Level.of(sections)
    gain = min(TARGET + ALONE - music.loudness, LOUDEST - music.peak)
    start = 0
    for narration in speech:
        for place in range(0, len(narration), _BLOCK):
            part = narration[place : place + _BLOCK]
            moments = np.arange(start, start + len(part)) / SAMPLE_RATE
            volume = 10 ** ((gain + level.at(moments)) / 20) * level.fade(moments)
            mixed = part + _FULL_SCALE * volume * music.part(start, len(part))
            yield np.round(np.clip(mixed, -_FULL_SCALE, _FULL_SCALE)).astype(np.int16)
            start += len(part)


@dataclass(frozen=True, slots=True)
class _Level:
    """How loud music is at every moment of a lesson."""

    moments: tuple[float, ...]
    """Between which the level changes evenly."""
    levels: tuple[float, ...]
    """At the moments, in decibels above the level of music alone."""
    end: float
    """Seconds: the end of the lesson."""

    @classmethod
    def of(cls, sections: Sequence[StoredSection]) -> _Level:
        """Return the level under those sections."""
        spoken: list[tuple[float, float]] = []
        before = 0.0
        for section in sections:
            for word in section.clip.words:
                start, end = before + word.start, before + word.end
                if spoken and start - spoken[-1][1] < PAUSE + STEP_BACK + COME_BACK:
                    spoken[-1] = (spoken[-1][0], max(end, spoken[-1][1]))
                else:
                    spoken.append((start, end))
            before += section.clip.frames * FRAME_SAMPLES / SAMPLE_RATE
        moments: list[float] = []
        levels: list[float] = []
        for start, end in spoken:
            back = UNDER_SPEECH - ALONE
            moments += [start - STEP_BACK, start, end, end + COME_BACK]
            levels += [0.0, back, back, 0.0]
        return cls(tuple(moments or [0.0]), tuple(levels or [0.0]), before)

    def at(self, moments: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the level at ``moments``, in decibels above that of music alone."""
        return np.interp(moments, self.moments, self.levels)

    def fade(self, moments: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the part of it that is heard at ``moments``: nothing in the first and last AAC packets."""
        silent = 2 * AAC_SAMPLES / SAMPLE_RATE
        rise = np.clip((moments - silent) / FADE_IN, 0, 1)
        fall = np.clip((self.end - silent - moments) / FADE_OUT, 0, 1)
        return np.asarray(np.sin(np.pi / 2 * rise) ** 2 * np.sin(np.pi / 2 * fall) ** 2)
