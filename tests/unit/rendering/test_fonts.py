"""Lettering comes from packages and is the same everywhere."""

from __future__ import annotations

import pytest

from presgen.brands import load_brand
from presgen.brands.families import family_of
from presgen.model.lesson import BulletSlide, CodeSlide, Sentence
from presgen.rendering.fonts import covers, families, font_folders, fonts_fingerprint, fonts_of, typeface
from tests.factories import make_section


@pytest.mark.parametrize("character", "aZ9éßŁжΩ–…’%")
def test_latin_greek_and_cyrillic_can_be_drawn(character):
    assert covers(character)


@pytest.mark.parametrize("character", ["ش", "ש", "日", "한", "🙂", "ไ", "क", "→"])
def test_other_scripts_can_be_drawn(character):
    assert covers(character)


def test_a_heavier_weight_is_wider():
    import skia

    light, heavy = (skia.Font(typeface(weight), 40).measureText("subnet") for weight in (400, 800))

    assert heavy > light * 1.03


def test_inter_is_the_first_of_our_fonts():
    assert [path.name for path in sorted(font_folders()[0].glob("Inter[[]*"))]


def test_fonts_for_other_scripts_count_only_where_they_are_needed():
    assert [family_of(path) for path in fonts_of("plain")] == ["Inter"]
    assert [family_of(path) for path in fonts_of("plain שלום")] == ["Inter", "Noto Sans Hebrew"]
    foreign = make_section(sentences=(Sentence(text="日本"),))

    assert fonts_fingerprint(foreign) != fonts_fingerprint(make_section())


def test_the_font_of_code_counts_where_there_is_code():
    plain = make_section(slide=BulletSlide(kicker="", title="", points=()))
    code = make_section(slide=CodeSlide(kicker="", title="", language="", code=""))

    assert fonts_fingerprint(plain) != fonts_fingerprint(code)


def test_a_brands_own_font_comes_first_and_inter_after_it():
    brand = load_brand("house").model_copy(update={"font": "JetBrains Mono"})

    assert families(brand)[:2] == ("JetBrains Mono", "Inter")
    assert families()[0] == "Inter"
    assert fonts_fingerprint(make_section(), brand) != fonts_fingerprint(make_section())


def test_emoji_and_east_asian_letters_are_looked_for_last():
    assert families()[-3:] == ("Noto Sans CJK JP", "Noto Sans Symbols", "Noto Emoji")
