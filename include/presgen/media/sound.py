"""Sound as samples: reading, writing, measuring, and the master at delivery loudness."""

from __future__ import annotations

import math
import wave
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from presgen.errors import CorruptMedia
from presgen.model.base import Decibels

Samples: TypeAlias = NDArray[np.int16]
Waveform: TypeAlias = NDArray[np.float64]
"""1.0 is full scale."""

SAMPLE_RATE = 48_000
"""Samples a second of every clip."""
FPS = 30
"""Pictures a second of every clip."""
FRAME_SAMPLES = SAMPLE_RATE // FPS
"""Samples a picture lasts."""
AAC_SAMPLES = 1_024
"""Samples an AAC packet holds."""
GRID_FRAMES = 16
"""16 pictures last as long as 25 AAC packets: on this grid, picture and sound of a clip end together."""
GRID_SAMPLES = GRID_FRAMES * FRAME_SAMPLES

TARGET = Decibels(-16.0)
"""LUFS of a master: what streaming services ask of spoken word (AES TD1008)."""
CEILING = Decibels(-2.0)
"""dBTP no master exceeds: AAC adds up to half a decibel, and -1.0 must not be passed after it."""

_OVERSAMPLING = 4
_LOOK_AHEAD = 0.010
"""Seconds the limiter sees ahead, and takes to recover: longer than a period of the lowest voice, so the
gain follows the loudness of a syllable and not its waveform, which is what would be heard as distortion."""
_CLOSE_ENOUGH = 0.02
"""LU. A tenth of what the best ear notices."""
_ROUNDS = 12
_AUDIBLE = 2.0**-16
"""Half a step of 16 bits: whatever stays below it is silence."""
_QUIETEST_BLOCK = 0.4
"""Seconds of a gating block of BS.1770: nothing shorter has a loudness."""
_BLOCK = 1 << 18
_MARGIN = 64


def read_wav(path: Path) -> tuple[Samples, int]:
    """Return the samples of a mono 16-bit WAV file, and how many there are in a second.

    Raises:
        CorruptMedia: the file is no such WAV, or ends before its header says.
    """
    try:
        with wave.open(str(path), "rb") as file:
            if (file.getnchannels(), file.getsampwidth()) != (1, 2):
                raise CorruptMedia(
                    f"{path.name} has {file.getnchannels()} channels of {8 * file.getsampwidth()} bits; "
                    "expected one of 16."
                )
            count, rate = file.getnframes(), file.getframerate()
            samples = np.frombuffer(file.readframes(count), "<i2").astype(np.int16)
    except (wave.Error, EOFError) as error:
        raise CorruptMedia(f"{path.name} is no WAV file: {error}") from error
    if len(samples) != count:
        raise CorruptMedia(f"{path.name} holds {len(samples)} samples; its header promises {count}.")
    return samples, rate


def write_wav(path: Path, samples: Samples, rate: int = SAMPLE_RATE) -> None:
    """Write ``samples`` as a mono 16-bit WAV file. Same samples, same bytes."""
    if samples.dtype != np.int16 or samples.ndim != 1:
        raise ValueError(f"Samples are {samples.dtype} {samples.shape}; expected int16 (count,).")
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(samples.astype("<i2").tobytes())


def waveform(samples: NDArray[Any]) -> Waveform:
    """Return mono ``samples``, 16-bit or float, as float64 with full scale at 1.0.

    Raises:
        ValueError: another type, more than one channel, or a sample that is not a number.
    """
    if samples.ndim != 1:
        raise ValueError(f"Samples have the shape {samples.shape}; expected one channel, (count,).")
    if samples.dtype == np.int16:
        return samples.astype(np.float64) / 32_768
    if not np.issubdtype(samples.dtype, np.floating):
        raise ValueError(f"Samples are {samples.dtype}; expected int16 or float.")
    if not np.isfinite(samples).all():
        raise ValueError("Samples hold NaN or infinity.")
    return samples.astype(np.float64)


def integrated_loudness(samples: NDArray[Any], rate: int) -> Decibels | None:
    """Return the loudness of mono ``samples`` in LUFS (ITU-R BS.1770).

    None: too short (under 0.4 s) or too quiet (under -70 LUFS throughout) to have one.
    """
    import pyloudnorm

    sound = waveform(samples)
    if len(sound) < math.ceil(_QUIETEST_BLOCK * rate) or not sound.any():
        return None
    with np.errstate(divide="ignore", invalid="ignore"):
        loudness = float(pyloudnorm.Meter(rate).integrated_loudness(sound))
    return Decibels(loudness) if math.isfinite(loudness) else None


def true_peak(samples: NDArray[Any], rate: int) -> Decibels:
    """Return the highest level of mono ``samples`` between and at the samples, in dBTP.

    Four times oversampled (ITU-R BS.1770, annex 2); at 96 000 samples a second and more, twice is enough
    and the same four are harmless. Silence is at -200 dBTP.
    """
    if rate <= 0:
        raise ValueError(f"A rate of {rate} samples a second measures nothing.")
    highest = 0.0
    for _, peaks in _peaks(waveform(samples)):
        highest = max(highest, float(peaks.max(initial=0.0)))
    return Decibels(20 * math.log10(max(highest, 1e-10)))


def master(speech: NDArray[Any]) -> Samples:
    """Return ``speech``, 24 000 samples a second, as the master: 48 000 of 16 bits at -16 LUFS.

    It lasts exactly as long as ``speech``. A look-ahead limiter holds peaks at -2.0 dBTP: it turns the
    volume down for a moment and cuts nothing off. Silence stays silence.

    Raises:
        ValueError: not one channel, a sample that is not a number, or no more than a click.
    """
    from scipy import signal

    speech = waveform(speech)
    loudest = float(np.abs(speech).max(initial=0.0))
    if loudest < _AUDIBLE:
        return np.zeros(2 * len(speech), np.int16)
    # The meter hears nothing below -70 LUFS, so very quiet speech is made louder before it is measured.
    return _at_level(signal.resample_poly(speech / loudest / 2, 2, 1))


def master_again(samples: Samples) -> Samples:
    """Return a narration of 48 000 samples a second at the level of a master. It lasts as long as before.

    Raises:
        ValueError: there is no more in it than a click.
    """
    sound = waveform(samples)
    loudest = float(np.abs(sound).max(initial=0.0))
    return _at_level(sound / loudest / 2) if loudest >= _AUDIBLE else np.zeros_like(samples)


def _at_level(sound: Waveform) -> Samples:
    loudness = _loudness_of_any_length(sound)
    if loudness is None:
        raise ValueError("The speech is a click in silence: it has no loudness that could be set.")
    gain = float(TARGET - loudness)
    mastered = sound
    for _ in range(_ROUNDS):
        mastered = _limit(sound * 10 ** (gain / 20))
        reached = _loudness_of_any_length(mastered)
        if reached is None or abs(TARGET - reached) < _CLOSE_ENOUGH:
            break
        # The limiter took some loudness away: ask for as much more.
        gain += float(TARGET - reached)
    return np.round(mastered * 32_767).astype(np.int16)


def on_grid(samples: Samples) -> Samples:
    """Return ``samples`` with silence after them, up to a multiple of 16 pictures (25 600 samples).

    At least 1 024 samples at the end are silent, so that a clip can follow without a seam.

    Raises:
        ValueError: the first 1 024 samples are not silent already.
    """
    if samples[:AAC_SAMPLES].any():
        raise ValueError(f"The sound starts within its first {AAC_SAMPLES} samples; they must be silent.")
    [loud] = np.nonzero(samples)
    least = max(len(samples), int(loud[-1]) + 1 + AAC_SAMPLES if len(loud) else AAC_SAMPLES)
    length = -(-least // GRID_SAMPLES) * GRID_SAMPLES
    return np.concatenate([samples, np.zeros(length - len(samples), np.int16)])


def _loudness_of_any_length(sound: Waveform) -> Decibels | None:
    """A single word may be shorter than a gating block: silence around it makes it measurable."""
    shortest = math.ceil(_QUIETEST_BLOCK * SAMPLE_RATE)
    if len(sound) < shortest:
        sound = np.concatenate([sound, np.zeros(shortest - len(sound))])
    return integrated_loudness(sound, SAMPLE_RATE)


def _limit(sound: Waveform) -> Waveform:
    """Turn ``sound`` down around every true peak above the ceiling, smoothly and in time."""
    from scipy import ndimage

    # A hair lower than the ceiling: the moving gain and 16 bits may add that much.
    ceiling = 10 ** ((CEILING - 0.05) / 20)
    wanted = np.ones(len(sound))
    for place, peaks in _peaks(sound):
        loud = peaks > ceiling
        wanted[place][loud] = ceiling / peaks[loud]
    if (wanted == 1).all():
        return sound
    reach = round(_LOOK_AHEAD * SAMPLE_RATE)
    # The lowest gain within reach, then averaged over no more than that reach: the average holds nothing
    # but gains low enough for the peak in the middle, so no peak passes.
    lowest = ndimage.minimum_filter1d(wanted, 2 * reach + 1, mode="nearest")
    once = ndimage.uniform_filter1d(lowest, reach + 1, mode="nearest")
    return sound * ndimage.uniform_filter1d(once, reach + 1, mode="nearest")


def _peaks(sound: Waveform) -> Iterator[tuple[slice, Waveform]]:
    """Yield stretches of ``sound`` with, for each sample, the highest level at and around it.

    In stretches, since five minutes oversampled would fill half a gigabyte.
    """
    from scipy import ndimage, signal

    for start in range(0, len(sound), _BLOCK):
        place = slice(start, min(start + _BLOCK, len(sound)))
        before, after = min(start, _MARGIN), min(len(sound) - place.stop, _MARGIN)
        around = sound[place.start - before : place.stop + after]
        fine = np.abs(signal.resample_poly(around, _OVERSAMPLING, 1))
        nearby = ndimage.maximum_filter1d(fine, 2 * _OVERSAMPLING - 1, mode="constant")[::_OVERSAMPLING]
        yield place, nearby[before : before + place.stop - place.start]
