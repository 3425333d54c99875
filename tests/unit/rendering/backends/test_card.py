"""A card speaks its words in the planned time."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from presgen.brands import load_brand
from presgen.errors import BadInput
from presgen.media.formats import formats
from presgen.media.sound import read_wav
from presgen.model.base import Seconds
from presgen.model.lesson import Sentence
from presgen.personas import load_persona
from presgen.rendering.backends.card import FASTEST_WORD, LEAD_IN, PAUSE, TAIL, Card, spread
from tests.factories import make_section


def test_the_words_fill_the_planned_time():
    words, sentences = spread(make_section(planned=Seconds(12.0)))

    assert words[0].start == sentences[0] == LEAD_IN
    assert words[-1].end + TAIL == pytest.approx(12.0, abs=0.01)


def test_words_follow_each_other_and_sentences_have_a_pause_between_them():
    section = make_section(planned=Seconds(12.0))
    words, sentences = spread(section)
    first_of_second = len(section.sentences[0].text.split())

    assert [word.text for word in words] == section.text.split()
    assert all(before.end <= after.start for before, after in pairwise(words))
    assert words[first_of_second].start == sentences[1]
    assert sentences[1] - words[first_of_second - 1].end == pytest.approx(PAUSE, abs=0.002)


def test_a_long_word_takes_longer_than_a_short_one():
    words, _ = spread(make_section(sentences=(Sentence(text="A troubleshooter"),)))

    assert words[1].end - words[1].start > 3 * (words[0].end - words[0].start)


def test_no_word_is_hurried_however_little_time_was_planned():
    words, _ = spread(make_section(planned=Seconds(0.0)))

    mean = sum(word.end - word.start for word in words) / len(words)
    assert mean == pytest.approx(FASTEST_WORD, abs=0.01)


def test_a_section_without_words_is_refused_by_name():
    with pytest.raises(BadInput, match="'silent-one'"):
        spread(make_section(slug="silent-one", sentences=(Sentence(text=" "),)))


def test_there_is_a_note_for_every_word_and_silence_between_sentences(tmp_path):
    section = make_section(planned=Seconds(8.0))
    clip = Card().render(
        section, load_persona("mentor"), formats["landscape"], tmp_path, None, brand=load_brand("house")
    )

    sound, rate = read_wav(tmp_path / "narration.wav")
    for word in clip.words:
        assert np.abs(sound[round(word.start * rate) : round(word.end * rate)]).max() > 3000
    pause = round((clip.sentences[1] - 0.25) * rate), round((clip.sentences[1] - 0.05) * rate)
    assert np.abs(sound[slice(*pause)]).max() < 300
