"""A poster is a PNG of the picture it was made from."""

from __future__ import annotations

import numpy as np

from presgen.media.picture import picture_from_rgb
from presgen.rendering.posters import write_poster

RED = picture_from_rgb(np.full((36, 64, 3), (200, 30, 30), np.uint8))


def test_a_poster_shows_the_picture(tmp_path):
    import skia

    write_poster(RED, tmp_path / "poster.png")

    pixels = skia.Image.open(str(tmp_path / "poster.png")).toarray(colorType=skia.kRGBA_8888_ColorType)
    assert pixels.shape == (36, 64, 4)
    assert np.abs(pixels[..., :3].astype(int) - (200, 30, 30)).max() <= 2
    assert (pixels[..., 3] == 255).all()


def test_the_same_picture_gives_the_same_file(tmp_path):
    for name in ("one.png", "two.png"):
        write_poster(RED, tmp_path / name)

    assert (tmp_path / "one.png").read_bytes() == (tmp_path / "two.png").read_bytes()
