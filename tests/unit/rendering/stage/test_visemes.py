from __future__ import annotations

from dataclasses import fields

import numpy as np
import pytest

from presgen.rendering.studio.stage.pose import REST, Mouth
from presgen.rendering.studio.stage.visemes import VISEMES, VOWELS, mouth_track, shapes_of, sounds_of
from tests.unit.rendering.stage.speech import FPS, phonemes_at, spoken

ENGLISH = "AIOQWYbdfhijklmnpstuvwzæðŋɑɔəɛɜɡɪɹʃʊʌʒʤʧθᵊᵻɾTɐɒ"
"""Every sound that the voice's English dictionary writes (misaki), without marks."""

NEIGHBOURS = ["ɑ", "æ", "i", "u", "O", "s", "ɹ"]
PHASES = [0.0, 0.008, 0.017, 0.025, 0.031]
"""Moments of a sound within a frame."""


def column(track, name):
    return track[:, [field.name for field in fields(Mouth)].index(name)]


def frames_within(start, end):
    return [frame for frame in range(int(end * FPS) + 1) if start <= (frame + 0.5) / FPS < end]


@pytest.mark.parametrize("phase", PHASES)
@pytest.mark.parametrize("vowel", NEIGHBOURS)
@pytest.mark.parametrize("consonant", "pbm")
def test_lips_meet_in_p_b_and_m_between_any_sounds(consonant, vowel, phase):
    phonemes = phonemes_at(
        (vowel, 1.0 + phase, 1.15 + phase),
        (consonant, 1.15 + phase, 1.20 + phase),
        (vowel, 1.20 + phase, 1.35 + phase),
    )

    opening = column(mouth_track(phonemes, 90), "opening")

    assert min(opening[frame] for frame in frames_within(1.13 + phase, 1.22 + phase)) < 0.01


@pytest.mark.parametrize("phase", PHASES)
@pytest.mark.parametrize("consonant", "fv")
def test_the_lower_lip_tucks_under_the_teeth_in_f_and_v(consonant, phase):
    phonemes = phonemes_at(
        ("ɑ", 1.0 + phase, 1.15 + phase), (consonant, 1.15 + phase, 1.22 + phase), ("ɑ", 1.22 + phase, 1.4)
    )

    track = mouth_track(phonemes, 90)

    assert max(column(track, "tuck")[frame] for frame in frames_within(1.14 + phase, 1.23 + phase)) > 0.99


@pytest.mark.parametrize("vowel", ["ɑ", "æ", "ʌ", "ɔ", "A", "I", "W"])
def test_the_mouth_opens_in_an_open_vowel(vowel):
    opening = column(mouth_track(spoken(f"k{vowel}k", each=0.12), 90), "opening")

    assert max(opening[frame] for frame in frames_within(1.12, 1.24)) > 0.5


def test_vowels_open_as_wide_as_they_are_spoken():
    widest = {vowel: column(mouth_track(spoken(vowel, each=0.3), 60), "opening").max() for vowel in "ɑɛi"}

    assert widest["ɑ"] > widest["ɛ"] > widest["i"] > 0.2


@pytest.mark.parametrize("phase", PHASES)
def test_mouth_and_sound_are_in_step_within_one_frame(phase):
    vowels = [1.2 + 0.4 * i + phase for i in range(5)]
    phonemes = [
        phoneme
        for at in vowels
        for phoneme in phonemes_at(
            ("b", at - 0.12, at - 0.06), ("ɑ", at - 0.06, at + 0.06), ("b", at + 0.06, at + 0.12)
        )
    ]

    opening = column(mouth_track(phonemes, 110), "opening")

    for at in vowels:
        frames = frames_within(at - 0.2, at + 0.2)
        peak = max(frames, key=lambda frame: opening[frame])
        assert abs((peak + 0.5) / FPS - at) <= 1 / FPS


def test_a_diphthong_is_two_mouths():
    track = mouth_track(phonemes_at(("W", 1.0, 1.3)), 60)
    early, late = frames_within(1.05, 1.1)[0], frames_within(1.23, 1.3)[0]

    assert shapes_of("W") == ("a", "oo")
    assert column(track, "rounding")[late] > column(track, "rounding")[early] + 0.4
    assert column(track, "opening")[early] > column(track, "opening")[late] + 0.2


def test_a_stress_mark_is_part_of_the_vowel_after_it():
    [sound] = sounds_of(phonemes_at(("ˈ", 1.0, 1.1), ("æ", 1.1, 1.2)))

    assert (sound.start, sound.end) == (1.0, 1.2)


def test_marks_within_a_symbol_do_not_matter():
    assert shapes_of("ˈæ") == shapes_of("æː") == ("a",)


@pytest.mark.parametrize("symbol", [*" .,;:!?—…()“”", "ˈ", "ˌ", "→", "\N{SNOWMAN}"])
def test_marks_and_punctuation_leave_the_mouth_at_rest(symbol):
    track = mouth_track(phonemes_at((symbol, 0.5, 0.7)), 30)

    assert Mouth(*track[15]) == REST.mouth


def test_every_english_sound_has_a_shape():
    assert [symbol for symbol in ENGLISH if not shapes_of(symbol)] == []


def test_the_mouth_comes_to_rest_in_a_pause_and_not_before():
    phonemes = (*spoken("bɑ", start=1.0), *spoken("bɑ", start=2.4))

    track = mouth_track(phonemes, 120)

    assert Mouth(*track[int(1.8 * FPS)]) == REST.mouth
    assert column(track, "smile")[int(1.15 * FPS)] < REST.mouth.smile


@pytest.mark.parametrize("phase", PHASES)
@pytest.mark.parametrize("length", [0.26, 0.3, 0.45])
def test_the_mouth_shuts_in_a_pause_that_can_be_heard(length, phase):
    phonemes = phonemes_at(("ɑ", 1.0, 1.2), ("ɑ", 1.2 + length, 1.4 + length))

    opening = column(mouth_track(phonemes, 90), "opening")

    assert min(opening[frame] for frame in frames_within(1.2, 1.2 + length)) < 0.02
    assert max(opening[frame] for frame in frames_within(1.0, 1.2)) > 0.7


def test_no_mouth_is_wider_open_than_a_mouth_can_be():
    track = mouth_track(spoken("ɑæɑIɑWɔ" * 4, each=0.08), 120)

    assert column(track, "opening").max() <= 1.0
    assert track.min() >= 0.0


def test_a_mouth_never_jumps():
    steps = np.abs(np.diff(mouth_track(spoken("pɑbɑmIvæfɑ" * 4, each=0.07), 120), axis=0))

    assert column(steps, "opening").max() < 0.75
    assert column(steps, "width").max() < 0.35


def test_an_empty_narration_is_silent():
    assert all(Mouth(*row) == REST.mouth for row in mouth_track((), 10))


def test_there_are_more_shapes_than_mouths_to_read():
    assert len(set(VISEMES.values())) == len(VISEMES) >= 15
    assert VISEMES.keys() > VOWELS
