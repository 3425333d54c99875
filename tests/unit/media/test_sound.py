from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from scipy import signal

from presgen.errors import CorruptMedia
from presgen.media.sound import (
    AAC_SAMPLES,
    GRID_SAMPLES,
    integrated_loudness,
    master,
    on_grid,
    read_wav,
    true_peak,
    write_wav,
)
from tests.unit.media.clips import speech


def tone(frequency: float, seconds: float = 3.0, rate: int = 48_000, phase: float = 0.0) -> np.ndarray:
    return np.sin(2 * np.pi * frequency * np.arange(round(seconds * rate)) / rate + phase)


def test_a_full_scale_tone_has_the_loudness_the_standard_says():
    # ITU-R BS.1770: a 997 Hz sine at 0 dBFS in one channel reads -3.01 LUFS.
    assert integrated_loudness(tone(997), 48_000) == pytest.approx(-3.01, abs=0.1)


def test_loudness_ignores_the_pauses_between_sentences():
    spoken = tone(500) * 0.1
    with_pauses = np.concatenate([spoken, np.zeros(len(spoken)), spoken])

    assert integrated_loudness(with_pauses, 48_000) == pytest.approx(
        integrated_loudness(spoken, 48_000), abs=0.5
    )


@pytest.mark.parametrize("samples", [np.zeros(48_000, np.int16), tone(500, seconds=0.3), np.zeros(0)])
def test_silence_and_scraps_have_no_loudness(samples):
    assert integrated_loudness(samples, 48_000) is None


def test_a_true_peak_between_the_samples_is_found():
    # A quarter of the sample rate at 45 degrees: every sample is at -3 dB, the wave between them at 0.
    sound = tone(12_000, phase=np.pi / 4) * 0.5 * np.hanning(3 * 48_000)

    assert 20 * np.log10(np.abs(sound).max()) == pytest.approx(-9.03, abs=0.01)
    assert true_peak(sound, 48_000) == pytest.approx(-6.02, abs=0.1)


def test_a_true_peak_is_found_wherever_it_lies():
    for place in (3, 1 << 18, (1 << 18) - 1, 300_000):
        sound = np.zeros(300_010)
        sound[place] = 0.5

        assert true_peak(sound, 48_000) == pytest.approx(-6.02, abs=0.02)


def test_silence_has_a_true_peak_that_survives_json():
    assert true_peak(np.zeros(1000), 48_000) == -200


@pytest.mark.parametrize("seconds", [0.3, 1.0, 7.3])
def test_a_master_is_at_delivery_loudness_and_below_the_ceiling(seconds):
    spoken = speech(seconds, seed=3)

    mastered = master(spoken)

    assert len(mastered) == 2 * len(spoken)
    assert true_peak(mastered, 48_000) <= -1.5
    if seconds >= 1:
        assert integrated_loudness(mastered, 48_000) == pytest.approx(-16, abs=0.1)


@pytest.mark.slow
def test_two_minutes_are_mastered_like_five_seconds():
    mastered = master(speech(120.0, seed=1))

    assert integrated_loudness(mastered, 48_000) == pytest.approx(-16, abs=0.1)
    assert true_peak(mastered, 48_000) <= -1.5


@pytest.mark.parametrize("level", [1e-4, 0.01, 1.0])
def test_however_quiet_or_loud_the_voice_is_its_master_is_the_same(level):
    assert integrated_loudness(master(speech(4.0, level=level)), 48_000) == pytest.approx(-16, abs=0.1)


def test_peaks_are_turned_down_and_not_cut_off():
    # Speech with bursts 15 dB above it: far more than the ceiling leaves room for.
    spoken = speech(6.0)
    bursts = tone(700, 6.0, 24_000) * (np.arange(len(spoken)) % 24_000 < 1200) * 1.5
    mastered = master(spoken + bursts)

    assert true_peak(mastered, 48_000) <= -1.5
    flat = np.abs(mastered) >= np.abs(mastered).max() - 1
    assert not (flat[:-2] & flat[1:-1] & flat[2:]).any()
    # A cut-off 700 Hz sine is heard at 2 100 Hz, its third harmonic. A turned-down one is not.
    place = np.flatnonzero(np.arange(2 * len(spoken)) % 48_000 < 2400)[2400 + 600 : 2400 + 1800]
    frequencies, power = signal.periodogram(mastered[place] * np.hanning(len(place)), 48_000)
    fundamental = power[np.abs(frequencies - 700) < 60].max()
    harmonic = power[np.abs(frequencies - 2100) < 60].max()
    assert 10 * np.log10(harmonic / fundamental) < -30


def test_the_limiter_leaves_alone_what_is_far_from_a_peak():
    spoken = tone(300, 4.0, 24_000) * 0.1
    with_a_knock = spoken.copy()
    with_a_knock[48_000:48_240] += 0.9 * np.hanning(240)

    undisturbed = master(spoken).astype(float)
    limited = master(with_a_knock).astype(float)

    for place in (slice(0, 90_000), slice(100_000, None)):
        gain = np.dot(limited[place], undisturbed[place]) / np.dot(undisturbed[place], undisturbed[place])
        assert np.abs(limited[place] - gain * undisturbed[place]).max() <= 1.5


def test_silence_stays_silence():
    assert not master(np.zeros(24_000)).any()
    assert len(master(np.zeros(0))) == 0


@pytest.mark.parametrize("speech", [np.array([0.1, np.nan]), np.zeros((2, 10)), np.zeros(10, np.int32)])
def test_what_is_no_sound_is_refused(speech):
    with pytest.raises(ValueError, match="Samples"):
        master(speech)


@pytest.mark.parametrize("count", [1_025, 25_600, 25_601, 24_600])
def test_sound_is_padded_to_the_grid_and_ends_in_silence(count):
    sound = np.zeros(count, np.int16)
    sound[AAC_SAMPLES:] = 1000

    padded = on_grid(sound)

    assert len(padded) % GRID_SAMPLES == 0
    assert len(padded) - count < GRID_SAMPLES + AAC_SAMPLES
    assert not padded[-AAC_SAMPLES:].any()
    assert (padded[:count] == sound).all()


def test_sound_that_starts_at_once_does_not_fit_the_grid():
    with pytest.raises(ValueError, match="first 1024 samples"):
        on_grid(np.ones(50_000, np.int16))


def test_a_wav_file_holds_what_was_written(tmp_path: Path):
    sound = master(speech(0.5))

    write_wav(tmp_path / "a.wav", sound, 48_000)
    samples, rate = read_wav(tmp_path / "a.wav")

    assert rate == 48_000
    assert (samples == sound).all()


def test_a_wav_file_cut_short_is_noticed(tmp_path: Path):
    whole = tmp_path / "a.wav"
    write_wav(whole, master(speech(0.5)), 48_000)
    whole.write_bytes(whole.read_bytes()[:-1000])

    with pytest.raises(CorruptMedia, match=r"a\.wav holds 23500 samples; its header promises 24000"):
        read_wav(whole)


def test_what_is_no_wav_file_is_noticed(tmp_path: Path):
    (tmp_path / "a.wav").write_bytes(b"RIFF but not really")

    with pytest.raises(CorruptMedia, match="no WAV"):
        read_wav(tmp_path / "a.wav")
