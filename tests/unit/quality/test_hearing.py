"""What is heard in a film's sound, told from samples made here."""

from __future__ import annotations

import numpy as np
import pytest

from presgen.media.analysis import Heard
from presgen.quality.hearing import AFTER_CODING, ON_MASTER, flattened, full_scale, hear

RATE = 48_000


def voice(seconds: float = 6.0, seed: int = 3) -> np.ndarray:
    """Return buzzes with the rhythm of syllables and harmonics that fall off, like a voice's."""
    random = np.random.default_rng(seed)
    moments = np.arange(round(seconds * RATE)) / RATE
    pitch = 120 + 15 * np.sin(2 * np.pi * 0.7 * moments)
    phase = 2 * np.pi * np.cumsum(pitch) / RATE
    buzz = sum(np.sin(n * phase + random.uniform(0, 6)) / n**0.8 for n in range(1, 30))
    rhythm = np.clip(np.sin(2 * np.pi * 3 * moments), 0.02, 1) ** 1.5
    return 0.08 * buzz * rhythm


def heard(*channels: np.ndarray) -> Heard:
    return Heard(np.array(channels, np.float32), RATE, 0.0, ())


def muted(samples: np.ndarray, start: float, end: float) -> np.ndarray:
    samples = samples.copy()
    samples[round(start * RATE) : round(end * RATE)] = 0
    return samples


def test_silences_are_found_where_they_are():
    [silence] = hear(heard(muted(voice(), 2, 4))).silences

    assert silence.start == pytest.approx(2, abs=0.2)
    assert silence.end == pytest.approx(4, abs=0.2)


def test_the_first_and_the_last_sound_are_found():
    found = hear(heard(muted(muted(voice(), 0, 1), 5, 6)))

    assert found.starts == pytest.approx(1, abs=0.2)
    assert found.ends == pytest.approx(5, abs=0.2)


def test_silence_lies_lower_in_a_quiet_film():
    quiet = hear(heard(voice() * 0.05))

    assert quiet.loudness < -35
    assert quiet.silences == ()


def test_two_channels_alike_are_as_loud_as_both_together():
    mono, stereo = hear(heard(voice())), hear(heard(voice(), voice()))

    assert stereo.loudness - mono.loudness == pytest.approx(3, abs=0.1)
    assert (stereo.one_sided, stereo.antiphase) == ((), ())


def test_a_dead_channel_is_found_through_the_pauses():
    [span] = hear(heard(voice(), muted(voice(), 2, 6))).one_sided

    assert span.start == pytest.approx(2, abs=0.3)
    assert span.end == pytest.approx(6, abs=0.05)


def test_opposed_channels_are_found_where_they_are():
    opposed = voice()
    opposed[: 3 * RATE] *= -1

    [span] = hear(heard(voice(), opposed)).antiphase

    assert (span.start, span.end) == (pytest.approx(0, abs=0.3), pytest.approx(3, abs=0.3))


def test_voices_apart_on_both_sides_are_not_opposed():
    assert hear(heard(voice(seed=1), voice(seed=9))).antiphase == ()


def test_nothing_is_heard_in_silence():
    found = hear(heard(np.zeros(RATE)))

    assert (found.loudness, found.starts, found.ends) == (None, None, None)


@pytest.mark.parametrize("crest", [ON_MASTER, AFTER_CODING])
@pytest.mark.parametrize("level", [1.0, 0.3])
def test_clipping_is_found_at_any_level(crest, level):
    clipped = voice()
    half = clipped[3 * RATE :]
    clipped[3 * RATE :] = np.clip(half, -0.3 * np.abs(half).max(), 0.3 * np.abs(half).max())
    clipped[: 3 * RATE] *= 0.3

    spans, rate = flattened(clipped * level, RATE, crest)

    assert rate > crest.a_second
    assert spans[0].start == pytest.approx(3, abs=0.4)


def tone(pitch: float) -> np.ndarray:
    return 0.5 * np.sin(2 * np.pi * pitch * np.arange(3 * RATE) / RATE)


@pytest.mark.parametrize(
    "sound", [voice(), voice(seed=8), tone(50), tone(110)], ids=["voice", "another", "hum", "tone"]
)
def test_what_is_round_is_not_clipped(sound):
    assert flattened(sound, RATE, ON_MASTER)[0] == ()


def test_full_scale_is_found_to_the_sample():
    samples = np.zeros(RATE, np.int16)
    samples[1000:1003] = 32_767
    samples[2000:2002] = -32_768

    assert full_scale(samples, RATE) == (pytest.approx(1000 / RATE),)
