"""Pronunciations by spelling."""

from __future__ import annotations

import pytest

from presgen.errors import BadInput
from presgen.rendering.studio.voice.languages import language_of
from presgen.rendering.studio.voice.lexicon import load_lexicon, parse_lexicon, shipped_lexicon
from tests.unit.rendering.voice.speaking import spoken

ENGLISH = language_of("en-US")


def said(lexicon, word):
    return [(part.text, part.phonemes) for part in lexicon.find(word)]


def test_a_respelling_is_other_words():
    assert said(parse_lexicon('kubectl = "cube control"', "x", ENGLISH), "kubectl") == [
        ("cube", ""),
        ("control", ""),
    ]


def test_phonemes_stand_between_slashes():
    assert said(parse_lexicon('ping = "/pˈɪŋ/"', "x", ENGLISH), "ping") == [("ping", "pˈɪŋ")]


def test_neighbouring_capitals_are_spelled_in_one_breath():
    assert said(parse_lexicon('IPv4 = "I P V four"', "x", ENGLISH), "IPv4") == [
        ("IPV", "ˌIpˌivˈi"),
        ("four", ""),
    ]


def test_small_letters_answer_to_every_casing():
    lexicon = parse_lexicon('nginx = "engine X"', "x", ENGLISH)

    assert lexicon.find("NGINX") == lexicon.find("Nginx") == lexicon.find("nginx") is not None


def test_capitals_answer_only_to_themselves():
    assert parse_lexicon('NAT = "/nˈæt/"', "x", ENGLISH).find("Nat") is None


@pytest.mark.parametrize(
    ("entry", "word", "expected"),
    [
        ('NAT = "/nˈæt/"', "NATs", ("NATs", "nˈæts")),
        ('VLAN = "/vˈilˌæn/"', "VLAN's", ("VLANs", "vˈilˌænz")),
        ('hash = "/hˈæʃ/"', "hashs", ("hashs", "hˈæʃᵻz")),
        ('box = "fox"', "box's", ("foxes", "")),
    ],
)
def test_plurals_and_possessives_follow(entry, word, expected):
    assert said(parse_lexicon(entry, "x", ENGLISH), word) == [expected]


def test_headings_only_group():
    assert parse_lexicon('[names]\n[names.irish]\nsean = "/ʃˈɔn/"', "x", ENGLISH).find("Sean") is not None


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("a = 3", "expected a text"),
        ('a = ""', "expected a text"),
        ('a = "//"', "expected phonemes"),
        ('a = "/hεllo/"', "ε is not in the phoneme alphabet"),
        ('a = "/ˈsi/"', "right before its vowel"),
        ('a = "see <break/>"', "expected words of letters"),
        ('"a b" = "see"', "expected one word"),
        ('a = "see"\n[more]\na = "sea"', "says twice"),
        ("a = ", "is not TOML"),
        (f'a = "{"b" * 201}"', "1 to 200 characters"),
    ],
)
def test_an_entry_that_is_no_pronunciation_is_named(text, complaint):
    with pytest.raises(BadInput, match=complaint):
        parse_lexicon(text, "course.toml", ENGLISH)


def test_the_course_speaks_over_the_shipped_lexicon(tmp_path):
    path = tmp_path / "course.toml"
    path.write_text('kubectl = "cube cuttle"\nfrobnicate = "frob-nik-ate"\n', encoding="utf-8")

    assert (
        spoken("kubectl frobnicate nginx", load_lexicon(path, ENGLISH)) == "cube cuttle frob-nik-ate engine X"
    )


def test_a_lexicon_that_is_not_there_is_bad_input(tmp_path):
    with pytest.raises(BadInput, match=r"missing\.toml cannot be read"):
        load_lexicon(tmp_path / "missing.toml", ENGLISH)


def test_the_shipped_lexicon_is_whole():
    assert len(shipped_lexicon(ENGLISH)) > 400
