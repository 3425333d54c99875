from __future__ import annotations

import pytest

from presgen.model.lesson import Framing
from presgen.rendering.studio.stage.label import baked_label

TEXT = "Ava · AI presenter"


@pytest.mark.parametrize(("width", "height"), [(400, 720), (600, 1080), (720, 440), (1080, 660)])
def test_beside_a_slide_it_lies_in_the_lower_left_corner(width, height):
    label = baked_label(TEXT, width, height, Framing.BESIDE)

    assert label.x < width * 0.1
    assert label.x + label.image.width() < width
    assert height * 0.85 < label.y < label.y + label.image.height() < height


@pytest.mark.parametrize(("width", "height"), [(1280, 720), (720, 1280), (720, 720), (1920, 1080)])
def test_in_a_full_picture_it_lies_above_where_captions_are_not(width, height):
    label = baked_label(TEXT, width, height, Framing.FULL)

    assert label.y + label.image.height() < height * 0.1
    assert label.image.height() >= 36 * min(width, height) / 720


def test_it_grows_with_the_picture():
    small, large = (baked_label(TEXT, w, h, Framing.BESIDE) for w, h in ((400, 720), (800, 1440)))

    assert abs(large.image.height() - 2 * small.image.height()) < 6
    assert large.image.width() > 1.8 * small.image.width()


def test_an_inset_has_none():
    assert baked_label(TEXT, 192, 192, Framing.INSET) is None
