"""What every voice promises."""

from __future__ import annotations

import json
from functools import cache
from itertools import pairwise

import numpy as np
import pytest

from presgen.errors import BadInput, UnknownName
from presgen.media.sound import integrated_loudness, read_wav, true_peak
from presgen.rendering.studio.voice import narrate
from presgen.rendering.studio.voice.alphabet import symbol_ids
from presgen.rendering.studio.voice.engines import SAMPLE_RATE, voices
from presgen.rendering.studio.voice.packs import packs
from tests.unit.rendering.voice.speaking import make_persona, make_speech, words_of

NAMES = {
    "hibari": ("heart", "heart-deep", "heart-warm"),
    "kokoro": tuple(packs()),
    "tone": ("low", "high"),
}
"""The voices of each engine."""

TEXTS = {
    "en": [
        "Yes.",
        "Good afternoon, and welcome to the lesson.",
        "The network 10.0.0.0/16 holds 65,536 addresses; DHCP lends them out.",
        "Kubernetes? No: kubectl!",
    ],
    "es": [
        "Sí.",
        "Buenas tardes, y bienvenida a la lección.",
        "La red 10.0.0.0/16 tiene 65.536 direcciones; DHCP las reparte.",
        "¿Kubernetes? No: ¡cortafuegos!",
    ],
}
QUICK = {"heart", "low", "am_michael"}
"""The voices that speak in every run: an engine's other ones differ only in what they are given."""


def language(engine, voice):
    return next(iter(voices[engine].languages(voice)), "en")


@cache
def said(engine, voice, text, speed):
    return voices[engine].speak(words_in(engine, voice, text), voice, speed)


def words_in(engine, voice, text):
    return words_of(text, locale=language(engine, voice))


ALL = [
    pytest.param(engine, voice, marks=() if voice in QUICK else pytest.mark.slow)
    for engine, names in NAMES.items()
    for voice in names
]
every_voice = pytest.mark.parametrize(("engine", "voice"), ALL)
every_text = pytest.mark.parametrize("number", range(4))


def test_every_engine_is_tested():
    assert set(NAMES) == set(voices.names())


@every_voice
@every_text
def test_words_are_timed_in_order_within_the_sound(engine, voice, number):
    text = TEXTS[language(engine, voice)][number]
    words = words_in(engine, voice, text)
    utterance = said(engine, voice, text, 0.8)

    assert len(utterance.words) == len(words)
    assert all(start < end for start, end in utterance.words)
    assert all(before[1] <= after[0] + 1e-9 for before, after in pairwise(utterance.words))
    assert utterance.words[0][0] >= 0
    assert utterance.words[-1][1] <= len(utterance.sound) / SAMPLE_RATE


@every_voice
@every_text
def test_phonemes_are_timed_in_order_and_in_the_alphabet(engine, voice, number):
    phonemes = said(engine, voice, TEXTS[language(engine, voice)][number], 0.8).phonemes

    assert all(phoneme.start <= phoneme.end for phoneme in phonemes)
    assert all(before.end <= after.start + 1e-9 for before, after in pairwise(phonemes))
    assert {symbol for phoneme in phonemes for symbol in phoneme.symbol} <= set(symbol_ids())


@every_voice
@every_text
def test_the_sound_is_clean(engine, voice, number):
    sound = said(engine, voice, TEXTS[language(engine, voice)][number], 0.8).sound

    assert sound.dtype == np.float32
    assert np.isfinite(sound).all()
    assert 0.05 < float(np.abs(sound).max()) < 1.0


@every_voice
def test_there_is_no_silence_at_either_end(engine, voice):
    sound = said(engine, voice, TEXTS[language(engine, voice)][1], 0.8).sound
    loud = np.flatnonzero(np.abs(sound) > 0.01) / SAMPLE_RATE

    assert loud[0] < 0.1
    assert loud[-1] > len(sound) / SAMPLE_RATE - 0.2


@every_voice
def test_nothing_clicks_at_either_end(engine, voice):
    sound = said(engine, voice, TEXTS[language(engine, voice)][1], 0.8).sound

    assert abs(sound[0]) <= 1e-6
    assert abs(sound[-1]) <= 1e-6
    assert np.abs(sound[:12]).max() < 0.02
    assert np.abs(sound[-12:]).max() < 0.02


@every_voice
def test_every_voice_is_as_loud_as_the_others(tmp_path, engine, voice):
    locale = {"en": "en-US", "es": "es-ES"}[language(engine, voice)]
    section = make_speech(*TEXTS[language(engine, voice)][1:3], locale=locale)
    narration = narrate(section, make_persona(engine, voice), tmp_path, None)
    samples, rate = read_wav(narration.path)

    assert integrated_loudness(samples, rate) == pytest.approx(-16.0, abs=0.5)
    assert true_peak(samples, rate) <= -1.5
    assert not samples[: rate // 4].any()
    assert not samples[-rate // 4 :].any()


@pytest.mark.parametrize("engine", voices.names())
def test_a_language_it_does_not_read_is_named_with_the_voice(engine, tmp_path):
    voice = NAMES[engine][0]

    with pytest.raises(BadInput, match=rf"is in de-DE; the voice {engine}/{voice} reads .*en"):
        narrate(make_speech("Guten Tag.", locale="de-DE"), make_persona(engine, voice), tmp_path, None)


@every_voice
def test_a_slower_speed_takes_longer_in_proportion(engine, voice):
    text = TEXTS[language(engine, voice)][1]
    fast, slow = (len(said(engine, voice, text, speed).sound) for speed in (1.2, 0.6))

    assert slow == pytest.approx(2 * fast, rel=0.1)


@every_voice
def test_the_natural_length_is_about_what_it_takes(engine, voice):
    text = TEXTS[language(engine, voice)][1]
    length = voices[engine].natural_length(words_in(engine, voice, text), voice)

    taken = 0.8 * len(said(engine, voice, text, 0.8).sound) / SAMPLE_RATE
    assert taken == pytest.approx(length, rel=0.1)


@every_voice
def test_the_same_words_sound_the_same(engine, voice):
    text = TEXTS[language(engine, voice)][0]
    again = voices[engine].speak(words_in(engine, voice, text), voice, 0.8).sound

    assert again.tobytes() == said(engine, voice, text, 0.8).sound.tobytes()


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
    with pytest.raises(UnknownName, match="nobody"):
        voices[engine].languages("nobody")
