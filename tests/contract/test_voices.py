"""What every voice promises."""

from __future__ import annotations

import json
from itertools import pairwise

import numpy as np
import pytest

from presgen.errors import UnknownName
from presgen.rendering.studio.voice.engines import SAMPLE_RATE, voices
from presgen.rendering.studio.voice.lexicon import PHONEMES
from tests.unit.rendering.voice.speaking import words_of

NAMES = {"hibari": ("heart", "heart-deep", "heart-warm"), "tone": ("low", "high")}
"""The voices of each engine."""

TEXTS = [
    "Yes.",
    "Good afternoon, and welcome to the lesson.",
    "The network 10.0.0.0/16 holds 65,536 addresses; DHCP lends them out.",
    "Kubernetes? No: kubectl!",
]

every_voice = pytest.mark.parametrize(
    ("engine", "voice"), [(engine, voice) for engine, names in NAMES.items() for voice in names]
)
every_text = pytest.mark.parametrize("text", TEXTS)


def test_every_engine_is_tested():
    assert set(NAMES) == set(voices.names())


@every_voice
@every_text
def test_words_are_timed_in_order_within_the_sound(engine, voice, text):
    words = words_of(text)
    utterance = voices[engine].speak(words, voice, 0.8)

    assert len(utterance.words) == len(words)
    assert all(start < end for start, end in utterance.words)
    assert all(before[1] <= after[0] + 1e-9 for before, after in pairwise(utterance.words))
    assert utterance.words[0][0] >= 0
    assert utterance.words[-1][1] <= len(utterance.sound) / SAMPLE_RATE


@every_voice
@every_text
def test_phonemes_are_timed_in_order_and_in_the_alphabet(engine, voice, text):
    phonemes = voices[engine].speak(words_of(text), voice, 0.8).phonemes

    assert all(phoneme.start <= phoneme.end for phoneme in phonemes)
    assert all(before.end <= after.start + 1e-9 for before, after in pairwise(phonemes))
    assert {symbol for phoneme in phonemes for symbol in phoneme.symbol} <= PHONEMES


@every_voice
@every_text
def test_the_sound_is_clean(engine, voice, text):
    sound = voices[engine].speak(words_of(text), voice, 0.8).sound

    assert sound.dtype == np.float32
    assert np.isfinite(sound).all()
    assert 0.05 < float(np.abs(sound).max()) < 1.0


@every_voice
def test_there_is_no_silence_at_either_end(engine, voice):
    sound = voices[engine].speak(words_of("Hello there."), voice, 1.0).sound
    loud = np.flatnonzero(np.abs(sound) > 0.01) / SAMPLE_RATE

    assert loud[0] < 0.1
    assert loud[-1] > len(sound) / SAMPLE_RATE - 0.2


@every_voice
def test_a_slower_speed_takes_longer_in_proportion(engine, voice):
    words = words_of("Every device on a network needs an address.")
    fast, slow = (len(voices[engine].speak(words, voice, speed).sound) for speed in (1.2, 0.6))

    assert slow == pytest.approx(2 * fast, rel=0.08)


@every_voice
def test_the_natural_length_is_about_what_it_takes(engine, voice):
    words = words_of("Every device on a network needs an address.")
    length = voices[engine].natural_length(words, voice)

    assert length == pytest.approx(len(voices[engine].speak(words, voice, 1.0).sound) / SAMPLE_RATE, abs=0.15)


@every_voice
def test_the_same_words_sound_the_same(engine, voice):
    words = words_of("Same in, same out.")
    first, second = (voices[engine].speak(words, voice, 0.9).sound for _ in range(2))

    assert first.tobytes() == second.tobytes()


@every_voice
def test_the_fingerprint_survives_json(engine, voice):
    fingerprint = dict(voices[engine].fingerprint(voice))

    assert json.loads(json.dumps(fingerprint)) == fingerprint


@pytest.mark.parametrize("engine", voices.names())
def test_a_voice_it_does_not_have_is_named(engine):
    with pytest.raises(UnknownName, match="nobody"):
        voices[engine].speak(words_of("Hello."), "nobody", 1.0)
    with pytest.raises(UnknownName, match="nobody"):
        voices[engine].fingerprint("nobody")
