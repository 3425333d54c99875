"""The gallery shows everything there is, and says what it could not draw."""

from __future__ import annotations

import re
from typing import get_args

import numpy as np
import pytest
import skia

from presgen.brands import brand_names
from presgen.errors import PresGenError
from presgen.model.lesson import Slide
from presgen.rendering import gallery
from presgen.rendering.gallery import Exhibit, Wall, all_walls, draw_gallery, one_format_a_shape
from presgen.rendering.gallery.contact_sheet import Row, contact_sheet, thumbnail
from presgen.rendering.gallery.samples import LAYOUTS, TEXTS
from presgen.rendering.studio.stage.presenters import presenters

QUOTE = next(section for section in LAYOUTS if section.slide.layout == "quote")


def shown(walls):
    return {
        (each.section.slide.layout, each.presenter, each.format) for wall in walls for each in wall.exhibits
    }


def test_every_layout_is_shown_with_every_presenter_in_every_shape():
    layouts = {model.model_fields["layout"].default for model in get_args(get_args(Slide)[0])}

    found = shown(all_walls("house"))

    assert {section.slide.layout for section in LAYOUTS} == layouts
    assert {shape.name for shape in one_format_a_shape()} >= {"landscape", "portrait", "square"}
    assert found >= {
        (layout, presenter, shape.name)
        for layout in layouts
        for presenter in presenters.names()
        for shape in one_format_a_shape()
    }


def test_texts_that_are_hard_to_set_are_shown_in_every_brand():
    walls = [wall for wall in all_walls("house") if wall.heading.startswith("text")]

    assert len(walls) == len(TEXTS)
    for wall in walls:
        assert {each.brand for each in wall.exhibits} == set(brand_names())


def test_samples_step_through_their_slides_and_have_names_of_their_own():
    assert len({section.slug for section in (*LAYOUTS, *TEXTS)}) == len(LAYOUTS) + len(TEXTS)
    for section in (*LAYOUTS, *TEXTS):
        steps = [sentence.step for sentence in section.sentences]
        assert steps == sorted(steps)
        assert steps[-1] > 0


@pytest.mark.slow
def test_pictures_page_and_sheet_are_written(tmp_path):
    exhibits = (
        Exhibit(QUOTE, "ava", "landscape", "house"),
        Exhibit(QUOTE, "ava", "landscape", "dusk"),
        Exhibit(LAYOUTS[0], "noor", "portrait", "house"),
        Exhibit(LAYOUTS[0], "noor", "portrait", "house", gallery.GREETING),
    )

    sheet, *others = draw_gallery(tmp_path, walls=[Wall("<b>quotes</b>", exhibits)], workers=1)

    page = (tmp_path / "index.html").read_text()
    assert "&lt;b&gt;quotes" in page
    for file in re.findall(r'(?:href|src)="([^"]+)"', page):
        assert (tmp_path / file).is_file(), file
    light, dark, slide, greeting = (
        skia.Image.open(str(tmp_path / f"{exhibit.name}.png")).toarray() for exhibit in exhibits
    )
    assert (light.shape[:2], greeting.shape[:2]) == ((720, 1280), (1280, 720))
    # White paper fills the slide's part; while the presenter greets, there is none.
    assert (slide[460:1100, :, :3].min(axis=2) > 225).mean() > 0.5
    assert (greeting[460:1100, :, :3].min(axis=2) > 225).mean() < 0.2
    assert light[:600, :800, :3].mean() > dark[:600, :800, :3].mean() + 60
    assert {path.name for path in (sheet, *others)} == {path.name for path in tmp_path.iterdir()}
    assert skia.Image.open(str(sheet)).width() > 2 * 384


def test_what_cannot_be_drawn_is_named_and_the_rest_is_there(tmp_path, monkeypatch):
    def draw(exhibit, folder):
        if exhibit.presenter == "nobody":
            raise gallery.NotDrawn("Nobody looks like that.")
        return np.zeros((216, 384, 3), np.uint8)

    monkeypatch.setattr(gallery, "_draw", draw)
    walls = [
        Wall(
            "quotes", (Exhibit(QUOTE, "nobody", "square", "house"), Exhibit(QUOTE, "ava", "square", "house"))
        )
    ]

    with pytest.raises(PresGenError, match=r"1 of 2 .* quote-nobody-square-house: Nobody looks like that"):
        draw_gallery(tmp_path, walls=walls, pictures=False, workers=1)

    assert [path.name for path in tmp_path.iterdir()] == ["contact-sheet.png"]


def test_a_sheet_has_every_picture_whole_and_beside_the_others():
    red = np.zeros((216, 100, 3), np.uint8) + np.array([255, 0, 0], np.uint8)
    blue = np.zeros((216, 300, 3), np.uint8) + np.array([0, 0, 255], np.uint8)

    sheet = contact_sheet([Row("first", (("a", red), ("b", blue))), Row("second", (("c", red),))])

    assert (sheet == [255, 0, 0]).all(axis=2).sum() == 2 * 216 * 100
    assert (sheet == [0, 0, 255]).all(axis=2).sum() == 216 * 300


def test_a_thumbnail_averages_all_of_its_pixels():
    stripes = np.zeros((864, 1536, 3), np.uint8)
    stripes[::2] = 255

    small = thumbnail(stripes)

    assert small.shape == (216, 384, 3)
    assert abs(int(small.mean()) - 127) < 6
    assert int(small.max()) - int(small.min()) < 20
