"""Brands are read whole, refused with a reason, and readable."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from presgen.brands import LEAST_CONTRAST, TEXT_ON, brand_names, contrast, load_brand
from presgen.brands.families import family_folder, family_of, upright_fonts
from presgen.errors import BadInput

ACME = Path(__file__).parent / "acme" / "acme.toml"


def written(folder, text):
    path = folder / "mine.toml"
    path.write_text(text, encoding="utf-8")
    return str(path)


def test_our_own_brands_are_light_and_dark():
    assert {name: load_brand(name).theme for name in brand_names()} == {"house": "light", "dusk": "dark"}


@pytest.mark.parametrize("name", [*brand_names(), str(ACME)])
def test_all_lettering_reaches_the_least_contrast(name):
    palette = load_brand(name).palette

    for text, ground in TEXT_ON:
        assert contrast(getattr(palette, text), getattr(palette, ground)) >= LEAST_CONTRAST, (text, ground)


def test_contrast_is_that_of_wcag():
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.01)
    assert contrast("#FFFFFF", "#777777") == contrast("#777777", "#FFFFFF")


def test_a_brand_says_only_what_differs():
    acme, house = load_brand(str(ACME)), load_brand("house")

    assert acme.name == "acme"
    assert acme.palette.accent == "#7A1FA2"
    assert acme.palette.ink == house.palette.ink
    assert acme.logo == ACME.parent / "acme.svg"


def test_a_dark_brand_starts_from_the_dark_one(tmp_path):
    brand = load_brand(written(tmp_path, 'theme = "dark"\n'))

    assert brand.palette == load_brand("dusk").palette


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (
            '[palette]\nink = "#C0C8D8"\n',
            r"ink #C0C8D8 on paper .* has a contrast of 1\.\d+:1; text needs 4.5:1",
        ),
        ('[palette]\naccent_tint = "#6F8FE0"\n', "accent_tint #6F8FE0 has a contrast"),
        ('[palette]\nink = "navy"\n', "'navy' is no colour; #2B55CC would be one"),
        ('font = "Comic Papyrus"\n', r"no font is called 'Comic Papyrus'. Install .* fontpkg-comic-papyrus"),
        ('logo = "nowhere.svg"\n', "logo 'nowhere.svg' is not there"),
        ("theme = [", "is no TOML"),
    ],
)
def test_what_is_wrong_with_a_brand_is_told(tmp_path, text, reason):
    with pytest.raises(BadInput, match=reason):
        load_brand(written(tmp_path, text))


def test_a_logo_is_an_svg_or_a_png(tmp_path):
    (tmp_path / "logo.gif").write_bytes(b"GIF89a")

    with pytest.raises(BadInput, match=r"'logo\.gif' is neither SVG nor PNG"):
        load_brand(written(tmp_path, 'logo = "logo.gif"\n'))


def test_a_brand_that_is_nowhere_is_told_with_those_that_are():
    with pytest.raises(BadInput, match=r"'hause' is neither shipped \(dusk, house\)"):
        load_brand("hause")


def test_a_font_may_lie_in_the_brands_own_folder(tmp_path):
    [font, *_] = upright_fonts(family_folder("JetBrains Mono"))
    (tmp_path / "fonts").mkdir()
    shutil.copy(font, tmp_path / "fonts" / "Own.ttf")
    brand = load_brand(written(tmp_path, 'font = "JetBrains Mono"\nfont_folder = "fonts"\n'))

    assert family_folder(brand.font, brand.font_folder) == tmp_path / "fonts"
    assert family_of(tmp_path / "fonts" / "Own.ttf") == "JetBrains Mono"


def test_the_digest_follows_what_is_seen_and_not_where_it_lies(tmp_path):
    shutil.copytree(ACME.parent, tmp_path / "moved")
    moved = tmp_path / "moved" / "acme.toml"
    assert load_brand(str(moved)).digest == load_brand(str(ACME)).digest

    (tmp_path / "moved" / "acme.svg").write_text(
        "<svg xmlns='http://www.w3.org/2000/svg'/>", encoding="utf-8"
    )

    assert load_brand(str(moved)).digest != load_brand(str(ACME)).digest
