from __future__ import annotations

import numpy as np
import pytest

from presgen.media.picture import Picture, blank, picture_from_bgra, picture_from_rgb, rgb_from_picture


def plain(red: int, green: int, blue: int) -> np.ndarray:
    return np.full((32, 48, 3), (red, green, blue), np.uint8)


@pytest.mark.parametrize(
    "rgb", [(255, 255, 255), (0, 0, 0), (255, 0, 0), (0, 255, 0), (0, 0, 255), (37, 99, 235)]
)
def test_colours_follow_bt709_in_limited_range(rgb):
    red, green, blue = (value / 255 for value in rgb)
    luma = 0.2126 * red + 0.7152 * green + 0.0722 * blue

    picture = picture_from_rgb(plain(*rgb))

    assert np.ptp(picture.y) == 0
    assert picture.y[0, 0] == pytest.approx(16 + 219 * luma, abs=0.6)
    assert picture.u[0, 0] == pytest.approx(128 + 224 * (blue - luma) / 1.8556, abs=0.6)
    assert picture.v[0, 0] == pytest.approx(128 + 224 * (red - luma) / 1.5748, abs=0.6)


def test_both_kinds_of_pixels_give_the_same_picture():
    pixels = np.random.default_rng(1).integers(0, 256, (36, 50, 3), np.uint8)
    bgra = np.dstack([pixels[..., ::-1], np.zeros((36, 50), np.uint8)])

    first, second = picture_from_rgb(pixels), picture_from_bgra(bgra)

    for one, other in zip(first.planes, second.planes, strict=True):
        assert (one == other).all()


def test_a_picture_turned_back_into_pixels_looks_the_same():
    ramp = np.zeros((64, 256, 3), np.uint8)
    ramp[...] = np.arange(256, dtype=np.uint8)[None, :, None]

    back = rgb_from_picture(picture_from_rgb(ramp))

    assert np.abs(back.astype(int) - ramp).max() <= 2


def test_a_picture_is_put_into_a_part_of_another():
    canvas = blank(64, 32)

    canvas.put(picture_from_rgb(plain(255, 0, 0)[:16, :16]), 32, 8)

    assert (canvas.y[8:24, 32:48] == 63).all()
    assert (canvas.v[4:12, 16:24] == 240).all()
    assert (canvas.y == 63).sum() == 16 * 16
    assert (canvas.v == 240).sum() == 8 * 8


def test_a_window_is_the_memory_of_the_picture_and_a_copy_is_not():
    canvas = blank(64, 32)
    copy = canvas.copy()

    canvas.window(10, 4, 20, 8).y[...] = 200

    assert (canvas.y[4:12, 10:30] == 200).all()
    assert (copy.y == 16).all()


@pytest.mark.parametrize("place", [(1, 0), (0, 3), (-2, 0), (50, 0), (0, 20)])
def test_a_picture_that_does_not_fit_is_refused(place):
    with pytest.raises(ValueError, match="window of 16x16"):
        blank(64, 32).put(blank(16, 16), *place)


@pytest.mark.parametrize(
    "pixels", [np.zeros((3, 4, 3), np.uint8), np.zeros((4, 4, 4), np.uint8), np.zeros((4, 4, 3))]
)
def test_pixels_of_another_shape_are_refused(pixels):
    with pytest.raises(ValueError, match=r"4:2:0|uint8"):
        picture_from_rgb(pixels)


def test_planes_of_different_sizes_are_no_picture():
    with pytest.raises(ValueError, match="4:2:0"):
        Picture(np.zeros((4, 4), np.uint8), np.zeros((4, 4), np.uint8), np.zeros((2, 2), np.uint8))
