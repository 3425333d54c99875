"""The eyebrows."""

from __future__ import annotations

from dataclasses import dataclass

from presgen.rendering.studio.stage.paint import Canvas, along, faded, smooth


@dataclass(frozen=True, slots=True)
class BrowShape:
    """What makes these brows this person's. Lengths in units of the stage."""

    color: str
    level: float = 252.0
    """Height on the stage, at ease."""
    inner: float = 19.0
    """From the face's middle to where a brow begins."""
    outer: float = 76.0
    weight: float = 8.0
    """Thickness where it is thickest."""
    arch: float = 9.0


LIFT = 7.0
"""Units a fully raised brow rises."""


def paint_brows(canvas: Canvas, shape: BrowShape, raised: float) -> None:
    """Paint both brows, ``raised`` from -1 (frowning) to 1."""
    for side in (-1, 1):
        canvas.save()
        canvas.translate(0, shape.level - LIFT * raised)
        canvas.scale(side, 1)
        _paint_brow(canvas, shape, raised)
        canvas.restore()


def _paint_brow(canvas: Canvas, shape: BrowShape, raised: float) -> None:
    inner, outer, weight, arch = shape.inner, shape.outer, shape.weight, shape.arch + 2 * raised
    length = outer - inner
    start = 3.0 - 1.5 * raised
    path = smooth(
        (inner, start + weight * 0.42),
        [
            ((inner - 0.5, start), (inner + 1, start - weight * 0.40), (inner + 5, start - weight * 0.48)),
            (
                (inner + length * 0.36, -arch * 0.85),
                (inner + length * 0.66, -arch * 1.35),
                (outer, 2.0),
            ),
            (
                (inner + length * 0.70, -arch * 0.78),
                (inner + length * 0.40, weight * 0.55 - arch * 0.62),
                (inner, start + weight * 0.42),
            ),
        ],
    )
    soft, full = faded(shape.color, 0.55), faded(shape.color, 0.95)
    canvas.drawPath(path, along((inner - 2, 0), (outer, 0), soft, full, full, at=(0, 0.32, 1)))
