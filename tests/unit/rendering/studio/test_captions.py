"""Burned captions stay in their place, whatever they say."""

from __future__ import annotations

import numpy as np
import pytest

from presgen.rendering.studio.captions import GROUND, MARKED, PLAIN, Pill
from presgen.rendering.studio.timeline import Caption, Token
from tests.unit.rendering.studio.slides.test_deck import CANVAS, contrast

PAPER = np.full((720, 880, 4), 245, np.uint8)


def make_pill(*lines, scale=1.0):
    words = iter(range(1000))
    tokens = tuple(tuple(Token(text, next(words)) for text in line.split()) for line in lines)
    return Pill(Caption(0, 30, tokens), round(880 * scale), scale)


def count(pixels, colour):
    red, green, blue = bytes.fromhex(colour[1:])
    return int((np.abs(pixels[..., :3].astype(int) - (blue, green, red)).max(axis=2) < 40).sum())


@pytest.mark.parametrize(
    "lines",
    [
        pytest.param(("Short.",), id="short"),
        pytest.param(
            ("A mask tells a host which part of an", "address names the network and the host."), id="two"
        ),
        pytest.param(("W" * 42, "M" * 42), id="as wide as it gets"),
        pytest.param(("W" * 200,), id="wider than it should ever be"),
        pytest.param(("مرحبا بالعالم",), id="right to left"),
    ],
)
def test_a_caption_stays_between_the_slide_and_the_progress_line(lines):
    pill = make_pill(*lines)

    assert pill.x >= 0
    assert pill.x + pill.width <= 880
    assert pill.y >= CANVAS
    assert pill.y + pill.height <= 712


def test_a_caption_stands_in_the_middle():
    pill = make_pill("What a subnet mask does")

    assert pill.x + pill.width / 2 == pytest.approx(440, abs=2)


def test_the_box_fits_chroma():
    pill = make_pill("An odd one, perhaps")

    assert all(number % 2 == 0 for number in (pill.x, pill.y, pill.width, pill.height))


def test_two_lines_are_taller_than_one():
    assert make_pill("one", "two").height > make_pill("one").height + 20


def test_only_the_word_being_said_is_marked():
    pill = make_pill("mask marks masks")

    unmarked, marked = pill.draw(PAPER, None), pill.draw(PAPER, 1)
    assert count(unmarked, MARKED) == 0
    assert count(marked, MARKED) > 50
    [columns] = np.nonzero((unmarked != marked).any(axis=(0, 2)))
    assert pill.width / 4 < columns[0] < columns[-1] < pill.width * 3 / 4


def test_marking_moves_no_letter():
    pill = make_pill("The mask draws a line:", "left of it is the network.")

    letters = [pill.draw(PAPER, word)[..., 2] > 100 for word in (None, 0, 7)]
    grown = [np.abs(some.sum() - letters[0].sum()) for some in letters]
    assert max(grown) < letters[0].sum() * 0.05


def test_the_paper_shows_around_the_corners():
    pixels = make_pill("What a subnet mask does").draw(PAPER, None)

    assert (pixels[0, 0, :3] == 245).all()
    assert count(pixels, GROUND) > pixels.shape[0] * pixels.shape[1] / 2


def test_a_larger_picture_has_a_larger_caption():
    assert make_pill("mask", scale=1.5).height == pytest.approx(1.5 * make_pill("mask").height, abs=4)


@pytest.mark.parametrize("letters", [PLAIN, MARKED])
def test_captions_stand_out(letters):
    assert contrast(letters, GROUND) >= 7
