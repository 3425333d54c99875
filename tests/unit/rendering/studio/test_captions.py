"""Burned captions stay in their place, whatever they say."""

from __future__ import annotations

import numpy as np
import pytest

from presgen.brands import brand_names, contrast, load_brand
from presgen.media.formats import Format
from presgen.model.lesson import Framing
from presgen.rendering.studio.captions import Pill
from presgen.rendering.studio.scene import HOME, scene_of
from presgen.rendering.studio.timeline import Caption, Token

PALETTE = load_brand("house").palette
PAPER = np.full((720, 1280, 4), 245, np.uint8)
BESIDE = scene_of(Format("landscape", 1280, 720), HOME)
SCENES = [
    pytest.param(scene_of(Format(shape, *size), framing), id=f"{shape}-{framing}")
    for shape, size in (("landscape", (1280, 720)), ("portrait", (720, 1280)), ("square", (720, 720)))
    for framing in Framing
]


def make_pill(*lines, scale=1.0, scene=BESIDE):
    words = iter(range(1000))
    tokens = tuple(tuple(Token(text, next(words)) for text in line.split()) for line in lines)
    return Pill(Caption(0, 30, tokens), scene, scale, PALETTE)


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
@pytest.mark.parametrize("scene", SCENES)
def test_a_caption_stays_in_its_place(scene, lines):
    pill, box = make_pill(*lines, scene=scene), scene.captions

    assert box.x <= pill.x
    assert pill.x + pill.width <= box.right
    assert box.y <= pill.y
    assert pill.y + pill.height <= box.bottom


@pytest.mark.parametrize("scene", SCENES)
def test_two_full_lines_are_broken_anew_rather_than_set_small(scene):
    lines = ("A mask tells a host which part of an", "address names the network and the host.")
    pill = make_pill(*lines, scene=scene)

    assert pill.height >= 2 * 1.3 * scene.lettering


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
    assert count(unmarked, PALETTE.caption_marked) == 0
    assert count(marked, PALETTE.caption_marked) > 50
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
    assert count(pixels, PALETTE.caption_ground) > pixels.shape[0] * pixels.shape[1] / 2


def test_a_larger_picture_has_a_larger_caption():
    assert make_pill("mask", scale=1.5).height == pytest.approx(1.5 * make_pill("mask").height, abs=4)


@pytest.mark.parametrize("name", brand_names())
def test_captions_stand_out(name):
    palette = load_brand(name).palette

    assert contrast(palette.caption, palette.caption_ground) >= 7
    assert contrast(palette.caption_marked, palette.caption_ground) >= 4.5


def test_a_caption_from_right_to_left_starts_at_the_right():
    pill = make_pill("مرحبا بالعالم الجميل")

    [columns] = np.nonzero((pill.draw(PAPER, None) != pill.draw(PAPER, 0)).any(axis=(0, 2)))
    assert columns[0] > pill.width / 2
