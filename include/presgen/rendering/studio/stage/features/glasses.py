"""Glasses: rims, bridge, temples and lenses that catch a little light."""

from __future__ import annotations

from dataclasses import dataclass

from presgen.rendering.studio.stage.features.eyes import APART, LEVEL
from presgen.rendering.studio.stage.features.face import Skin
from presgen.rendering.studio.stage.paint import (
    Canvas,
    Paint,
    Path,
    along,
    curve,
    faded,
    fill,
    inside,
    line,
    mirrored,
)

SQUARE = "M-36 -20 C-18 -28 22 -28 37 -22 C42 -6 36 22 14 27 C-8 30 -30 24 -35 4 C-37 -6 -37 -14 -36 -20 Z"
ROUND = "M-34 0 C-35 -20 -19 -31 2 -31 C24 -31 38 -18 37 1 C36 21 20 32 1 32 C-19 32 -33 20 -34 0 Z"
CAT = "M-34 -14 C-16 -24 14 -27 43 -30 C46 -14 38 20 14 27 C-8 31 -28 24 -33 6 C-35 -2 -35 -8 -34 -14 Z"


@dataclass(frozen=True, slots=True)
class GlassesShape:
    """What makes these glasses this person's."""

    frame: str
    gleam: str
    lens: str = SQUARE
    """The lens at the picture's right, around (0, 0)."""
    width: float = 4.2
    """Of the rims."""


def paint_glasses(canvas: Canvas, shape: GlassesShape, skin: Skin) -> None:
    """Paint glasses whose upper rims are strong, and their shadow on the skin."""
    for side in (-1, 1):
        canvas.save()
        canvas.translate(side * (APART + 1), LEVEL + 2)
        lens = curve(shape.lens) if side > 0 else mirrored(curve(shape.lens))
        canvas.drawPath(lens, fill("#FFF4E20C"))
        with inside(canvas, lens):
            shine = curve("M-30 30 L2 -34 L14 -34 L-18 30 Z")
            canvas.drawPath(shine, along((0, -28), (0, 26), "#FFFFFF2E", "#FFFFFF05"))
        canvas.drawPath(_lowered(lens, 3), line(faded(skin.deep, 0.45), shape.width, blur=2.5))
        canvas.drawPath(lens, line(shape.frame, shape.width))
        canvas.drawPath(lens, _gleam(shape))
        canvas.restore()
    canvas.drawPath(curve("M-10 279 C-6 271 6 271 10 279"), line(shape.frame, shape.width))
    for side in (-1, 1):
        canvas.drawLine(side * 81, 267, side * 98, 264, line(shape.frame, shape.width + 0.6))
        canvas.drawCircle(side * 82, 267, 1.5, fill(shape.gleam))


def _gleam(shape: GlassesShape) -> Paint:
    """Return a thin pen that is bright at the top of the rims."""
    pen = line(shape.gleam, 1.2)
    pen.setShader(along((0, -30), (0, 4), faded(shape.gleam, 0.9), faded(shape.gleam, 0)).getShader())
    return pen


def _lowered(path: Path, by: float) -> Path:
    copy = Path(path)
    copy.offset(0, by)
    return copy
