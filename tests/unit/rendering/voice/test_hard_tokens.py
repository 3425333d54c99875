"""What a course on computers, business, law or health throws at a voice."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from tests.unit.rendering.voice.speaking import make_persona, part_misheard, spoken

TOKENS = tomllib.loads((Path(__file__).parent / "hard_tokens.toml").read_text(encoding="utf-8"))

LISTENED = 12
"""One of so many tokens is listened to as well."""


def test_there_are_two_hundred_of_them():
    assert len(TOKENS) >= 200


@pytest.mark.parametrize("token", TOKENS)
def test_a_hard_token_is_read(token):
    assert spoken(token) == TOKENS[token]


@pytest.mark.parametrize(
    ("text", "speech"),
    [
        ("443 hosts", "four hundred and forty-three hosts"),
        ("1,024", "one thousand and twenty-four"),
        ("1,200", "one thousand two hundred"),
        ("3/4/2024", "the third of April twenty twenty-four"),
        ("5 June 2024", "the fifth of June twenty twenty-four"),
        ("June 5, 2024", "June the fifth twenty twenty-four"),
        ("2024-05-01", "the first of May twenty twenty-four"),
        ("port 443", "port four forty-three"),
    ],
)
def test_a_briton_reads(text, speech):
    assert spoken(text, locale="en-GB") == speech


def test_the_last_letter_is_zed_in_britain():
    assert spoken("option Z", locale="en-GB") == "option Z"


@pytest.mark.slow
@pytest.mark.parametrize(("engine", "voice"), [("hibari", "heart"), ("kokoro", "am_michael")])
def test_hard_tokens_are_understood(tmp_path, engine, voice):
    sentences = [
        (f"Here we have {token.rstrip('.')}.", f"here we have {read.replace('*', '')}")
        for token, read in list(TOKENS.items())[::LISTENED]
    ]

    # A recogniser that hears three words of context writes "D H C P" in more ways than one.
    assert part_misheard(sentences, make_persona(engine, voice), tmp_path, at_once=5) <= 0.2
