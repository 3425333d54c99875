"""Who teaches whom, and in which language."""

import pytest

from presgen.errors import UnknownName
from presgen.personas import choose_persona, load_persona, persona_names


@pytest.mark.parametrize(
    ("wish", "locale", "fallback", "taken"),
    [
        ("expert", "en-US", "mentor", "expert"),
        ("examiner", "en-US", "mentor", "examiner"),
        ("entrenador", "es-MX", "mentor", "entrenador"),
        (None, "en-GB", "mentor", "mentor"),
        (None, "es", "mentora", "mentora"),
        (None, "es-AR", "mentora", "mentora"),
        (None, "es_ES", "mentor", "entrenador"),
        (None, "EN-us", "mentora", "coach"),
        (None, "en-GB", "mentora", "examiner"),
    ],
)
def test_a_learner_is_taught_in_the_own_language(wish, locale, fallback, taken):
    assert choose_persona(wish, locale, fallback).persona.name == taken


@pytest.mark.parametrize(
    ("wish", "locale", "fallback", "taken", "reason"),
    [
        ("expert", "es-ES", "mentor", "entrenador", "expert does not speak es"),
        ("mentora", "en-US", "mentor", "mentor", "mentora does not speak en"),
        ("nobody", "en-US", "mentor", "mentor", "the persona wished for is unknown"),
        (None, "es-ES", "mentor", "entrenador", "mentor does not speak es"),
        (None, "fi-FI", "mentor", "mentor", "no persona speaks fi"),
        ("expert", "fi-FI", "mentor", "mentor", "no persona speaks fi"),
        (None, "Ada Example", "mentor", "mentor", "no persona speaks that language"),
        (None, "", "mentor", "mentor", "no persona speaks that language"),
    ],
)
def test_a_wish_that_is_not_granted_has_a_reason(wish, locale, fallback, taken, reason):
    choice = choose_persona(wish, locale, fallback)

    assert (choice.persona.name, choice.reason) == (taken, reason)


def test_a_wish_that_is_granted_needs_no_reason():
    assert choose_persona("expert", "en-US", "mentor").reason == ""


def test_a_run_needs_a_persona_that_there_is():
    with pytest.raises(UnknownName):
        choose_persona(None, "en-US", "nobody")


@pytest.mark.parametrize("name", persona_names())
def test_everybody_may_be_wished_for_at_home(name):
    assert choose_persona(name, load_persona(name).locale, "mentor").persona.name == name
