import pytest

from presgen.personas import load_persona
from presgen.rendering.studio.voice import narrate
from presgen.writing import spoken_seconds
from presgen.writing.deep_dive import deep_dive
from presgen.writing.languages import languages
from presgen.writing.pace import spoken_words, word_count
from presgen.writing.remedy import remedy
from tests.factories import make_answer, make_outline

ENGLISH = languages["en"]
PROSE = "A switch reads the address of every frame and remembers which port leads to that machine."


def test_digits_and_signs_take_longer_than_they_look():
    assert spoken_words("192.168.1.128/25", ENGLISH) > 4 * spoken_words("prefixes", ENGLISH)


def test_an_acronym_is_spelled():
    assert spoken_words("DHCP", ENGLISH) > 2 * spoken_words("card", ENGLISH)


def test_a_word_is_a_word_on_plain_prose():
    assert spoken_words(PROSE, ENGLISH) == pytest.approx(word_count(PROSE), rel=0.1)


def test_a_persona_speaks_at_her_own_pace_pauses_included():
    mentor = load_persona("mentor")
    text = " ".join(["The frame leaves through every other port of the switch."] * 20)

    said = spoken_seconds(text, mentor)

    assert 60 * word_count(text) / said == pytest.approx(mentor.words_per_minute, rel=0.05)


def test_a_faster_persona_takes_less_time():
    assert spoken_seconds(PROSE, load_persona("coach")) < spoken_seconds(PROSE, load_persona("mentor"))


def test_nothing_takes_no_time():
    assert spoken_seconds("", load_persona("mentor")) == 0


def test_a_sentence_more_costs_its_pause():
    mentor = load_persona("mentor")

    together = spoken_seconds("It learns. It forgets.", mentor)
    apart = spoken_seconds("It learns.", mentor) + spoken_seconds("It forgets.", mentor)

    assert together - apart == pytest.approx(mentor.voice.sentence_pause)


def test_the_estimate_is_about_what_the_voice_takes(tmp_path):
    mentor = load_persona("mentor")
    sections = [deep_dive(make_outline(), mentor), remedy(make_answer(), mentor)]

    spoken = [narrate(section, mentor, tmp_path, None).duration for section in sections]

    assert spoken == pytest.approx([section.planned for section in sections], rel=0.2)
