"""What every language promises: it counts, lists and quotes, and what it says passes its own lint."""

from __future__ import annotations

import dataclasses
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from presgen.model.base import Percent
from presgen.personas import load_persona, persona_names
from presgen.writing.languages import Language, language_of, languages
from presgen.writing.lint import lint
from presgen.writing.plain_text import plain_text, sentences_of
from presgen.writing.wording import counted, enumerated, in_quotes, percent, quoted

WORDS = st.text(alphabet="abcdehioyrst", min_size=1, max_size=9)
OPTIONS = st.sampled_from(["record A", "64", "50 %", 'the "best" one', "«una» vez", "“one” more", "(a, b)"])
MEMBERS = st.sampled_from([member for _, member in languages])


@pytest.fixture(params=languages.names())
def language(request: pytest.FixtureRequest) -> Language:
    return languages[request.param]


def test_every_persona_speaks_a_language_there_is():
    assert {language_of(load_persona(name).locale).code for name in persona_names()} == set(languages.names())


def test_a_language_is_registered_under_its_own_code(language):
    assert languages[language.code] is language


def test_every_label_says_something_of_its_own(language):
    labels = dataclasses.asdict(language.labels)

    assert all(label == label.strip() and label for label in labels.values())
    for other in languages.names():
        if other != language.code:
            theirs = dataclasses.asdict(languages[other].labels)
            assert [name for name in labels if labels[name] == theirs[name]] == []


def test_every_language_fills_in_the_same(language):
    english = dataclasses.asdict(languages["en"].labels)

    for name, label in dataclasses.asdict(language.labels).items():
        assert re.findall(r"{\w+}", label) == re.findall(r"{\w+}", english[name])


@given(language=MEMBERS, items=st.lists(WORDS, max_size=6))
def test_a_list_holds_every_item_in_order(language, items):
    phrase = language.listed(items)

    place = 0
    for item in items:
        place = phrase.index(item, place) + len(item)
    assert phrase == " ".join(phrase.split())
    if len(items) > 1:
        assert phrase.endswith(f" {items[-1]}")


@given(language=MEMBERS, items=st.lists(WORDS, min_size=1, max_size=40))
def test_a_long_list_is_no_longer_than_three_and_a_number(language, items):
    assert len(enumerated(items, language).split()) <= 3 + 3


@given(language=MEMBERS, number=st.integers(min_value=1, max_value=10_000))
def test_a_number_of_things_is_a_phrase_of_two_words(language, number):
    for noun in (language.gaps, language.questions):
        phrase = counted(number, noun, language)
        assert len(phrase.split()) == 2
        assert (phrase.split()[1] == noun.many) == (number > 1)


@given(language=MEMBERS, value=st.floats(min_value=0, max_value=100))
def test_a_percentage_is_a_whole_number_near_it(language, value):
    shown = percent(Percent(value), language)

    assert shown.endswith(language.percent_sign)
    assert abs(int(shown.removesuffix(language.percent_sign)) - value) <= 1


@given(language=MEMBERS, text=st.text(alphabet="ab “”«»‘’", min_size=1, max_size=30))
def test_a_quotation_opens_and_closes_once(language, text):
    said = in_quotes(plain_text(text, language) or "a", language)

    assert said.count(language.quotes[0]) == said.count(language.quotes[1]) == 1


@given(language=MEMBERS, option=st.lists(OPTIONS, min_size=1, max_size=3).map(" ".join))
def test_a_quoted_answer_makes_one_sentence(language, option):
    said = language.punctuated(f"So {quoted(option, language)}.")

    assert sentences_of(said, language) == (said,)
    lint(said, language, [quoted(option, language)])


@given(language=MEMBERS, text=st.text(max_size=200))
def test_punctuation_settles_at_once(language, text):
    said = language.punctuated(plain_text(text, language))

    assert language.punctuated(said) == said
