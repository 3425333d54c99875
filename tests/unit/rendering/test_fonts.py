"""Lettering comes from packages and is the same everywhere."""

from __future__ import annotations

import pytest

from presgen.model.lesson import Sentence
from presgen.rendering.fonts import covers, font_folders, fonts_fingerprint, typeface
from tests.factories import make_section


@pytest.mark.parametrize("character", "aZ9éßŁжΩ–…’%")
def test_latin_greek_and_cyrillic_can_be_drawn(character):
    assert covers(character)


def test_an_emoji_cannot_be_drawn():
    assert not covers("🙂")


def test_a_heavier_weight_is_wider():
    import skia

    light, heavy = (skia.Font(typeface(weight), 40).measureText("subnet") for weight in (400, 800))

    assert heavy > light * 1.03


def test_inter_is_the_first_of_our_fonts():
    assert [path.name for path in sorted(font_folders()[0].glob("Inter[[]*"))]


def test_fonts_for_other_scripts_count_only_where_they_are_needed(monkeypatch, tmp_path):
    from presgen.rendering import fonts

    plain = make_section()
    foreign = make_section(sentences=(Sentence(text="日本"),))
    before = fonts_fingerprint(plain), fonts_fingerprint(foreign)
    (tmp_path / "Regular.ttf").write_bytes(next(font_folders()[0].glob("*.ttf")).read_bytes())
    folders = (*font_folders(), tmp_path)
    monkeypatch.setattr(fonts, "font_folders", lambda: folders)

    assert fonts_fingerprint(plain) == before[0]
    assert fonts_fingerprint(foreign) != before[1]
