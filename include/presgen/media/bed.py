"""Beds: quiet music that lies under a lesson. One is made here, of sine waves; others are files.

The pad of our own is four soft chords that come back every half minute. It is drawn from a seed and made of
nothing but numbers, so nobody has a right to it that a lesson would have to mention.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import av
import numpy as np
from av.audio.frame import AudioFrame
from av.audio.resampler import AudioResampler
from numpy.typing import NDArray

from presgen.errors import BadInput
from presgen.media.sound import SAMPLE_RATE, integrated_loudness, true_peak
from presgen.model.base import Decibels, Seconds

PAD = "pad"
"""The name of our own bed, in place of a file."""
CROSSFADE = Seconds(3.0)
"""Over which the end of a file gives way to its start."""
SHORTEST = Seconds(10.0)
"""Anything shorter would be heard as a loop, again and again."""
LONGEST = Seconds(300.0)
"""More of a file is not read: it would fill the memory, and few lessons are longer."""
_FORMATS = "wav,mp3,flac,ogg,mov,aac,aiff,matroska,w64"
"""What a file may be: sound, and no list of other files."""

_SEED = 20
_RATE = 12_000
"""Samples a second at which the pad is made: nothing in it is higher than 2 kHz."""
_CHORD = 8
"""Seconds from chord to chord."""
_OVERLAP = 3
"""Seconds by which one fades into the next, at each of its ends."""
_CHORDS = ((48, 55, 64, 71), (45, 52, 60, 67), (41, 53, 57, 64), (43, 50, 59, 69))
"""MIDI notes: C, A minor, F and G, each with one note that leaves it open."""
_PARTIALS = ((1, 1.0), (2, 0.28), (3, 0.10), (4, 0.03))
_DETUNED = 3
"""Voices that play a note, a hair apart: that is what makes a pad soft."""
_HAIR = 0.0016


@dataclass(frozen=True, slots=True, eq=False)
class Bed:
    """Music that can go on for ever."""

    samples: NDArray[np.float32]
    """Mono, 48 000 a second; after the last one comes the first."""
    loudness: Decibels
    """LUFS."""
    peak: Decibels
    """dBTP."""

    def part(self, start: int, count: int) -> NDArray[np.float32]:
        """Return ``count`` samples from ``start`` on."""
        return np.take(self.samples, np.arange(start, start + count), mode="wrap")


def bed(music: Path) -> Bed:
    """Return the bed of that name, ``pad``, or in that file.

    Raises:
        BadInput: the file cannot be read, holds no sound, or less than 10 seconds of it.
    """
    if str(music) == PAD:
        return _pad()
    samples = _read(music)
    if len(samples) < SHORTEST * SAMPLE_RATE:
        raise BadInput(
            f"The music {music.name} lasts {len(samples) / SAMPLE_RATE:.1f} s; {SHORTEST:.0f} are needed."
        )
    return _measured(_looped(samples))


def _measured(samples: NDArray[np.float32]) -> Bed:
    loudness = integrated_loudness(samples, SAMPLE_RATE)
    if loudness is None:
        raise BadInput("The music is silent.")
    return Bed(samples, loudness, true_peak(samples, SAMPLE_RATE))


def _looped(samples: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return ``samples`` with the end laid over the start, each at constant power together."""
    length = round(CROSSFADE * SAMPLE_RATE)
    angle = np.linspace(0, np.pi / 2, length, dtype=np.float32)
    looped = samples[:-length].copy()
    looped[:length] = samples[:length] * np.sin(angle) + samples[-length:] * np.cos(angle)
    return looped


def _read(path: Path) -> NDArray[np.float32]:
    resampler = AudioResampler(format="fltp", layout="mono", rate=SAMPLE_RATE)
    parts: list[NDArray[np.float32]] = []
    count = 0
    options = {"protocol_whitelist": "file", "format_whitelist": _FORMATS}
    try:
        with av.open(f"file:{path}", options=options) as file:
            if not file.streams.audio:
                raise BadInput(f"The music {path.name} holds no sound.")
            file.streams.audio[0].codec_context.thread_count = 1
            for frame in file.decode(file.streams.audio[0]):
                for resampled in resampler.resample(frame):
                    parts.append(_samples(resampled))
                    count += len(parts[-1])
                if count >= LONGEST * SAMPLE_RATE:
                    break
        parts += [_samples(resampled) for resampled in resampler.resample(None)]
    except av.FFmpegError as error:
        raise BadInput(f"The music {path.name} cannot be read: {error.strerror}.") from error
    return np.concatenate(parts)[: round(LONGEST * SAMPLE_RATE)] if parts else np.zeros(0, np.float32)


def _samples(frame: AudioFrame) -> NDArray[np.float32]:
    return np.asarray(frame.to_ndarray()[0], np.float32)


@cache
def _pad() -> Bed:
    from scipy import signal

    random = np.random.default_rng(_SEED)
    period = len(_CHORDS) * _CHORD * _RATE
    pad = np.zeros(period)
    window = _window()
    for number, chord in enumerate(_CHORDS):
        start = number * _CHORD * _RATE
        places = np.arange(start, start + len(window)) % period
        moments = places / _RATE
        sound = np.zeros(len(window))
        for note in chord:
            for _ in range(_DETUNED):
                pitch = 440 * 2 ** ((note - 69) / 12) * (1 + random.uniform(-_HAIR, _HAIR))
                for times, level in _PARTIALS:
                    # Whole cycles in a period, so that the end of the pad meets its start.
                    cycles = round(times * pitch * period / _RATE)
                    phase = random.uniform(0, 2 * np.pi)
                    sound += level * np.sin(2 * np.pi * cycles * _RATE / period * moments + phase)
        np.add.at(pad, places, sound * window)
    # Twice around and the middle kept: the filter finds at both ends what it will meet there.
    fine = signal.resample_poly(np.tile(pad, 3), SAMPLE_RATE // _RATE, 1)
    length = period * (SAMPLE_RATE // _RATE)
    loop = fine[length : 2 * length]
    return _measured((0.25 * loop / np.abs(loop).max()).astype(np.float32))


def _window() -> NDArray[np.float64]:
    """Return how loud a chord is over its time: it swells, stays, and fades under the next one."""
    fade = np.sin(np.linspace(0, np.pi / 2, 2 * _OVERLAP * _RATE)) ** 2
    stay = np.ones((_CHORD - 2 * _OVERLAP) * _RATE)
    return np.concatenate([fade, stay, fade[::-1]])
