"""Our few words are there in every language we speak."""

from __future__ import annotations

import pytest

from presgen.rendering.studio.slides.wording import labels, language, languages


@pytest.mark.parametrize("code", languages())
def test_every_language_has_every_word(code):
    assert labels(code).keys() == labels("en").keys()
    assert all(labels(code).values())


@pytest.mark.parametrize(
    ("locale", "next_steps"), [("en-GB", "Next steps"), ("es-MX", "Próximos pasos"), ("it", "Prossimi passi")]
)
def test_a_locale_speaks_its_language(locale, next_steps):
    assert labels(locale)["next"] == next_steps


@pytest.mark.parametrize("locale", ["", "tlh", "x-klingon", "../en"])
def test_where_nobody_translated_yet_it_is_english(locale):
    assert labels(locale) == labels("en-US")


def test_a_language_is_letters_only():
    assert [language(locale) for locale in ("de-AT", "ES", "x-1", "../de")] == ["de", "es", "en", "en"]
