"""The voice that speaks."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from itertools import pairwise

import numpy as np
import pytest

from presgen.errors import BadInput
from presgen.rendering.studio.voice import narrate
from presgen.rendering.studio.voice.engines import SAMPLE_RATE, voices
from presgen.rendering.studio.voice.languages.english import PHONEMES
from presgen.rendering.studio.voice.speech import Spoken, Word
from presgen.rendering.studio.voice.timing import stretched
from tests.conftest import ROOT
from tests.unit.rendering.voice.speaking import make_persona, make_speech, words_of

FRAME = 1 / 30


def speak(text, speed=0.8):
    return voices["hibari"].speak(words_of(text), "heart", speed)


def level(sound, start, end):
    """Return the level in dB every 2.5 ms between two seconds, in windows of 10 ms."""
    centres = np.arange(int(start * SAMPLE_RATE), int(end * SAMPLE_RATE), 60)
    power = [float(np.mean(sound[max(0, c - 120) : c + 120] ** 2)) for c in centres]
    return 10 * np.log10(np.array(power) + 1e-12), centres / SAMPLE_RATE


@pytest.mark.parametrize("speed", [0.6, 0.75, 0.9, 1.0, 1.1])
def test_pace_is_exact(speed):
    durations = np.array([2.0, 1, 2, 2, 3, 14, 1, 1, 2, 2] * 20)

    assert abs(stretched(durations, speed).sum() - durations.sum() / speed) <= 1


def test_no_phoneme_vanishes_however_fast():
    assert stretched(np.ones(50), 4.0).min() == 1


def test_speed_one_leaves_durations_alone():
    durations = np.array([14.0, 2, 3, 1, 2])

    assert stretched(durations, 1.0).tolist() == durations.tolist()


def test_half_the_speed_takes_twice_as_long():
    assert len(speak("Ports tell programs apart.", 0.5).sound) == pytest.approx(
        2 * len(speak("Ports tell programs apart.", 1.0).sound), rel=0.1
    )


def test_the_length_it_foretells_is_the_length_it_takes():
    words = words_of("A subnet mask tells which part of an address names the network.")
    engine = voices["hibari"]

    foretold = engine.natural_length(words, "heart")

    assert foretold == pytest.approx(len(engine.speak(words, "heart", 1.0).sound) / SAMPLE_RATE, abs=0.15)


def test_phonemes_fill_their_words():
    words = words_of("Packets, ports and proxies: all of them wait here.")
    utterance = voices["hibari"].speak(words, "heart", 0.8)

    for start, end in utterance.words:
        inside = [p for p in utterance.phonemes if start <= p.start < end]
        assert inside[0].start == start
        assert inside[-1].end == end


def test_stressed_vowels_are_marked():
    assert "ˈɛ" in [phoneme.symbol for phoneme in speak("The network.").phonemes]


def test_lips_are_closed_while_a_plosive_is_silent():
    # For p and k between vowels, the sound dips for a moment: there the mouth must be shut.
    utterance = speak("A copy of a paper, a map of a copper pipe, a cup of cocoa, a happy keeper.", 0.85)
    vowels = set("AIOWYæɑəɛɪʊʌɔɐiu")
    errors = []
    for before, plosive, after in zip(
        utterance.phonemes, utterance.phonemes[1:], utterance.phonemes[2:], strict=False
    ):
        between = before.symbol[-1] in vowels and after.symbol[-1] in vowels
        if plosive.symbol in {"p", "k"} and between and plosive.end == after.start:
            levels, moments = level(utterance.sound, plosive.start - 0.06, plosive.end + 0.06)
            dip = moments[int(np.argmin(levels))]
            errors.append(max(plosive.start - dip, dip - plosive.end, 0.0))

    assert len(errors) >= 6
    assert max(errors) <= FRAME


def test_words_start_where_hissing_starts():
    # An s after a vowel is a beginning one can see without knowing the word: its energy lies above 4 kHz.
    from scipy import signal

    text = "Now see how my server knows you, so we send some, you say so, we see you sell a site."
    words = words_of(text)
    utterance = voices["hibari"].speak(words, "heart", 0.8)
    high = signal.sosfiltfilt(
        signal.butter(6, 4_000, "highpass", fs=SAMPLE_RATE, output="sos"), utterance.sound
    )
    errors = []
    for (_, (start, end)), (before, word) in zip(pairwise(utterance.words), pairwise(words), strict=True):
        if word.shown.startswith("s") and before.shown.strip(",")[-1] in "aeiouwy":
            levels, moments = level(high, start - 0.15, min(start + 0.12, end))
            errors.append(float(moments[np.argmax(levels > levels.max() - 12)] - start))

    assert len(errors) >= 8
    assert max(map(abs, errors)) <= 0.1
    assert float(np.median(np.abs(errors))) <= FRAME


def test_a_pause_belongs_to_no_word():
    utterance = speak("This part names the network, and that part names the host.", 0.8)
    [pause] = [
        (first[1], second[0]) for first, second in pairwise(utterance.words) if second[0] - first[1] > 0.05
    ]
    levels, _ = level(utterance.sound, pause[0] + 0.02, pause[1] - 0.02)
    loudest, _ = level(utterance.sound, 0, len(utterance.sound) / SAMPLE_RATE)

    assert pause[1] - pause[0] > 0.15
    assert levels.max() < loudest.max() - 35


def test_there_is_no_click_at_either_end():
    sound = speak("Hello there.").sound

    assert abs(sound[0]) == abs(sound[-1]) == 0
    assert np.abs(sound[:48]).max() < 0.01
    assert np.abs(sound[-48:]).max() < 0.01


def test_inline_phonemes_in_a_text_are_letters():
    said = [phoneme.symbol for phoneme in speak("[x](/həlˈO/)").phonemes]

    assert said[:3] == ["ˈɛ", "k", "s"]


def test_text_that_reaches_the_voice_by_mistake_is_no_markup():
    # The normaliser lets nothing of this kind through; should it ever, the voice still reads it as text.
    words = (Word("x", (Spoken("[x](/pˈɪŋ/)"),)),)

    assert voices["hibari"].speak(words, "heart", 1.0).phonemes


def test_all_it_says_is_in_the_phoneme_alphabet():
    text = "Kubernetes, kubectl, CIDR, quizzes, measures, the oil, children and a judge’s view."

    assert {symbol for p in speak(text).phonemes for symbol in p.symbol} <= PHONEMES


def test_a_breath_longer_than_the_model_can_take_is_refused():
    with pytest.raises(BadInput, match="expected at most 480"):
        speak("internationalisation " * 40)


def test_a_sentence_of_long_words_is_not_too_long(tmp_path):
    section = make_speech(
        "internationalisation " * 60 + "WWW-WWW-WWW.", "2001:db8:1234:5678:9abc:def0:1234:5678 " * 5
    )

    narration = narrate(section, make_persona("hibari", "heart"), tmp_path, None)

    assert len(narration.words) == 66


def test_other_voices_are_not_downloaded(monkeypatch, tmp_path):
    from presgen.errors import UnknownName

    monkeypatch.setenv("HIBARI_HOME", str(tmp_path))

    with pytest.raises(UnknownName, match=r"'emma'\. Known: heart, heart-deep, heart-warm"):
        voices["hibari"].speak(words_of("Hello."), "emma", 1.0)


def test_two_processes_give_the_same_bytes(tmp_path):
    program = (
        "import sys; from pathlib import Path\n"
        "from presgen.rendering.studio.voice import narrate\n"
        "from tests.unit.rendering.voice.speaking import make_persona, make_speech\n"
        "section = make_speech('The network 10.0.0.0/16 is large.', 'DHCP lends its addresses.')\n"
        "narrate(section, make_persona('hibari', 'heart'), Path(sys.argv[1]), None)\n"
    )
    digests = set()
    for name in ("first", "second"):
        folder = tmp_path / name
        folder.mkdir()
        environment = {"PYTHONPATH": f"{ROOT / 'include'}:{ROOT}", "PYTHONHASHSEED": str(len(name))}
        subprocess.run([sys.executable, "-c", program, str(folder)], check=True, env=environment)
        digests.add(hashlib.sha256((folder / "narration.wav").read_bytes()).hexdigest())

    assert len(digests) == 1


def test_names_of_all_kinds_are_spoken(tmp_path):
    section = make_speech(
        "Hi José.", "Hi Siobhán.", "Hi Nguyễn.", "Hi Иван.", "Hi O’Neil-Łukasz.", "Hi 李明."
    )

    narration = narrate(section, make_persona("hibari", "heart"), tmp_path, None)

    assert len(narration.words) == 12
    assert narration.unspoken == (11,)


def test_the_runtime_of_the_model_writes_nothing_home_and_reports_to_nobody(tmp_path):
    code = "from tests.unit.rendering.voice.test_hibari import speak; speak('Hello.')"
    environment = {**os.environ, "HOME": str(tmp_path), "PYTHONPATH": f"{ROOT / 'include'}:{ROOT}"}
    environment.pop("ORT_DISABLE_TELEMETRY", None)

    subprocess.run([sys.executable, "-c", code], env=environment, check=True, timeout=120)

    assert list(tmp_path.rglob("*")) == []
