"""The nose: mostly light and shade, with as few lines as possible."""

from __future__ import annotations

from dataclasses import dataclass

from presgen.rendering.studio.stage.features.face import Skin
from presgen.rendering.studio.stage.paint import Canvas, curve, faded, fill, glow, line, mirrored


@dataclass(frozen=True, slots=True)
class NoseShape:
    """What makes this nose this person's. Lengths in units of the stage."""

    half_width: float = 17.0
    base: float = 341.0
    """Height of its foot on the stage."""


def paint_nose(canvas: Canvas, shape: NoseShape, skin: Skin) -> None:
    """Paint the nose, lit from the upper left."""
    wide = shape.half_width / 17.0
    canvas.save()
    canvas.translate(0, shape.base)
    canvas.scale(wide, 1)
    canvas.drawPath(
        curve("M5 -66 C9 -40 14 -22 17 -8 C12 2 6 2 3 0 C8 -20 6 -44 5 -66 Z"),
        fill(faded(skin.deep, 0.30), 5),
    )
    canvas.drawPath(
        curve("M-3 -58 C-5 -40 -6 -30 -5 -16 C-2 -12 1 -13 2 -18 C3 -34 1 -46 0 -58 Z"),
        fill(faded(skin.light, 0.85), 4),
    )
    glow(canvas, (0, -7), (17, 12), faded(skin.blush, 0.22))
    glow(canvas, (-2, -12), (9, 8), faded("#FFFFFF", 0.42))
    glow(canvas, (0, 7), (22, 7), faded(skin.deep, 0.34))
    _paint_wing(canvas, skin, -1)
    _paint_wing(canvas, skin, 1)
    canvas.drawPath(curve("M-6 2.5 C-3 5.5 3 5.5 6 2.5"), line(faded(skin.deep, 0.5), 1.6, blur=0.6))
    canvas.restore()


def _paint_wing(canvas: Canvas, skin: Skin, side: int) -> None:
    """Paint the nostril and the curve around it."""
    around = curve("M16 -12 C20 -6 19 1 14 1.5")
    nostril = curve("M6 1.5 C8 -1.5 12 -1.5 14 0.5 C12 3.2 8 3.6 6 1.5 Z")
    if side < 0:
        around, nostril = mirrored(around), mirrored(nostril)
    canvas.drawPath(around, line(faded(skin.deep, 0.60 if side > 0 else 0.42), 1.7, blur=0.7))
    canvas.drawPath(nostril, fill(faded(skin.deep, 0.85), 0.8))
