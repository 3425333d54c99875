"""Slides and captions look as they did when somebody last looked and approved.

Where a change is meant: look at the new pictures, approve them, and count up ``CODE`` in
``presgen/rendering/backends/studio.py`` so that stored sections are rendered anew.

    APPROVE_LOOKS=1 pytest tests/golden/test_looks.py
"""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest

from presgen.brands import load_brand
from presgen.media.formats import formats
from presgen.media.picture import blank, rgb_from_picture
from presgen.model.lesson import Framing
from presgen.rendering.backends.studio import CODE
from presgen.rendering.studio.scene import scene_of
from presgen.rendering.studio.slides import draw_slides
from presgen.rendering.studio.stage.pose import REST
from presgen.rendering.studio.timeline import FADE, Caption, Change, Shot, Timeline, Token
from presgen.rendering.studio.view import View, lay_out_backdrop
from tests.unit.rendering.studio.slides.samples import BULLETS, CLOSING, QUESTION, TITLE

APPROVED = Path(__file__).parent / "looks"
SCENE = scene_of(formats["landscape"], Framing.BESIDE)
BLOCK = 4
TOLERANCE = 5.0
"""Levels of 255 by which a block may differ: other CPUs round shadows and letters' edges in other ways."""

HEADED = BULLETS.model_copy(
    update={"points": (("The prefix", "It counts the network bits."), ("Hosts", "They get the other bits."))}
)
SLIDES = {
    "title-1": (TITLE, 1),
    "title-2": (TITLE, 2),
    "bullets-2": (BULLETS, 2),
    "bullets-headed": (HEADED, 2),
    "question-1": (QUESTION, 1),
    "question-3": (QUESTION, 3),
    "closing-2": (CLOSING, 2),
}
WORDS = ("The", "mask", "draws", "a", "line:", "left", "is", "the", "network.")
TOKENS = tuple(Token(text, word) for word, text in enumerate(WORDS))
CAPTION = Caption(0, 100, (TOKENS[:5], TOKENS[5:]))


@pytest.mark.parametrize("name", SLIDES)
def test_a_slide_looks_as_approved(name):
    look = drawn(name)
    if "APPROVE_LOOKS" in os.environ:
        approve(look, APPROVED / f"{name}.png")
    approved = read(APPROVED / f"{name}.png")

    worst = np.abs(blocks(look) - blocks(approved)).max()
    assert worst <= TOLERANCE, f"{name} differs by {worst:.0f} levels. {__doc__}"


def test_what_was_approved_is_what_is_rendered_now():
    if "APPROVE_LOOKS" in os.environ:
        (APPROVED / "code.txt").write_text(f"{CODE}\n", encoding="utf-8")
    approved = int((APPROVED / "code.txt").read_text(encoding="utf-8"))

    assert approved == CODE, "CODE was counted up: look at the slides and approve them."


def drawn(name):
    """Return the slides' part of the picture at half its size, (360, 440, 3), RGB."""
    slide, step = SLIDES[name]
    picture = blank(1280, 720)
    slides = draw_slides(slide, step, "en-US", SCENE, formats["landscape"], load_brand("house"))
    spoken = (2,) * 100
    timeline = Timeline(100, (Shot(0, 0, Framing.BESIDE),), (Change(-FADE, step),), (CAPTION,), spoken)
    palette = load_brand("house").palette
    backdrop = lay_out_backdrop(SCENE, slides.paper_pixels, 1280, 720, 1.0, palette, "")
    view = View(SCENE, 1.0, palette, backdrop, timeline, slides)
    view.enter(picture, 0, REST)
    for frame in range(1, 61):
        view.show(picture, frame, REST)
    pixels = rgb_from_picture(picture)[:, :880].astype(np.uint16)
    halves = pixels[::2, ::2] + pixels[1::2, ::2] + pixels[::2, 1::2] + pixels[1::2, 1::2]
    return (halves // 4).astype(np.uint8)


def blocks(pixels):
    """Return the mean of each block: letters may sit a hair elsewhere, nothing else may."""
    height, width, _ = pixels.shape
    return pixels.reshape(height // BLOCK, BLOCK, width // BLOCK, BLOCK, 3).astype(float).mean(axis=(1, 3))


def read(path):
    import skia

    return skia.Image.open(str(path)).toarray(colorType=skia.kRGBA_8888_ColorType)[..., :3]


def approve(look, path):
    import skia

    path.parent.mkdir(exist_ok=True)
    opaque = np.dstack([look, np.full(look.shape[:2], 255, np.uint8)])
    image = skia.Image.fromarray(np.ascontiguousarray(opaque), colorType=skia.kRGBA_8888_ColorType)
    path.write_bytes(bytes(image.encodeToData(skia.kPNG, 100)))
