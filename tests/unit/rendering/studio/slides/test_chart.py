"""The chart grows from nothing to the score."""

from __future__ import annotations

import numpy as np
import pytest

from presgen.model.lesson import TitleSlide
from presgen.rendering.studio.slides.chart import paint_bars, place_of

DOMAINS = (("Storage", 90.0), ("Identity", 30.0))
GREEN, RED, TRACK = (138, 176, 34), (109, 86, 229), (248, 238, 233)  # BGR


def bars(grown, domains=DOMAINS):
    return paint_bars(np.full((120, 300, 4), 255, np.uint8), domains, grown, 1.0)


def count(pixels, colour):
    return int((np.abs(pixels[..., :3].astype(int) - colour).max(axis=2) <= 3).sum())


def test_nothing_is_filled_before_it_grows():
    assert count(bars(0.0), GREEN) == count(bars(0.0), RED) == 0
    assert count(bars(0.0), TRACK) > 6000


def test_a_grown_bar_is_as_long_as_its_score():
    middle = bars(1.0)[30, :, :3].astype(int)
    filled = (np.abs(middle - GREEN).max(axis=1) <= 3).sum()

    assert filled == pytest.approx(0.9 * (300 - 56), abs=2)


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
    paint_bars(ground, DOMAINS, 1.0, 1.0)

    assert (ground == 255).all()


def test_without_cards_the_chart_takes_the_whole_width():
    slide = TitleSlide(kicker="", title="", subtitle="", domains=DOMAINS)
    beside = slide.model_copy(update={"cards": (("1", "gap"),)})

    assert place_of(slide).panel.x < place_of(beside).panel.x
    assert place_of(slide).bars.width > place_of(beside).bars.width


@pytest.mark.parametrize("cards", [(), (("1", "gap"),)])
def test_the_bars_lie_on_even_pixels_at_720_and_1080(cards):
    bars = place_of(TitleSlide(kicker="", title="", subtitle="", cards=cards, domains=DOMAINS)).bars

    for number in (bars.x, bars.y, bars.width, bars.height):
        assert number % 4 == 0
