"""The chart grows from nothing to the score."""

from __future__ import annotations

import numpy as np
import pytest

from presgen.brands import load_brand
from presgen.rendering.studio.slides.chart import paint_bars, tone

DOMAINS = (("Storage", 90.0), ("Identity", 30.0))
HOUSE = load_brand("house")


def bgr(colour):
    return tuple(bytes.fromhex(colour[1:]))[::-1]


GREEN, RED, TRACK = (bgr(colour) for colour in (*HOUSE.palette.bars[::3], HOUSE.palette.hairline))


def bars(grown, domains=DOMAINS, brand=HOUSE, **ways):
    return paint_bars(np.full((120, 300, 4), 255, np.uint8), domains, grown, 1.0, brand, **ways)


def count(pixels, colour):
    return int((np.abs(pixels[..., :3].astype(int) - colour).max(axis=2) <= 3).sum())


def test_nothing_is_filled_before_it_grows():
    assert count(bars(0.0), GREEN) == count(bars(0.0), RED) == 0
    assert count(bars(0.0), TRACK) > 4000


def test_a_grown_bar_is_as_long_as_its_score():
    middle = bars(1.0)[30, :, :3].astype(int)
    filled = (np.abs(middle - GREEN).max(axis=1) <= 3).sum()

    length = (np.abs(bars(0.0)[30, :, :3].astype(int) - TRACK).max(axis=1) <= 3).sum()

    assert filled == pytest.approx(0.9 * length, abs=4)


def test_it_grows_steadily_and_the_upper_bar_leads():
    filled = [(count(bars(grown), GREEN), count(bars(grown), RED)) for grown in (0.1, 0.3, 0.6, 1.0)]

    assert filled == sorted(filled)
    early = bars(0.08)
    assert count(early, GREEN) > 0
    assert count(early, RED) == 0


def test_no_score_leaves_the_track_empty():
    pixels = bars(1.0, (("Nothing yet", 0.0),))

    assert count(pixels, RED) == 0


def test_the_ground_is_not_painted_on():
    ground = np.full((120, 300, 4), 255, np.uint8)
    paint_bars(ground, DOMAINS, 1.0, 1.0, HOUSE)

    assert (ground == 255).all()


def test_mirrored_bars_begin_at_the_right():
    plain, mirrored = bars(1.0), bars(1.0, mirrored=True)
    green = [np.abs(each[30, :, :3].astype(int) - GREEN).max(axis=1) <= 3 for each in (plain, mirrored)]

    assert green[0][:12].any()
    assert green[1][-12:].any()


@pytest.mark.parametrize("name", ["house", "dusk"])
def test_colours_are_the_brands(name):
    brand = load_brand(name)

    assert [tone(percent, brand) for percent in (100, 85, 84.9, 60, 45, 44, 0)] == [
        *[brand.palette.bars[index] for index in (0, 0, 1, 1, 2, 3, 3)]
    ]
    assert count(bars(1.0, brand=brand), bgr(brand.palette.bars[0])) > 100
