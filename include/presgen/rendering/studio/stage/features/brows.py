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
    foot = 0.2 - 1.5 * raised
    path = smooth(
        (inner + 1, foot + weight * 0.55),
        [
            (
                (inner - 1.5, foot + weight * 0.3),
                (inner - 0.5, foot - weight * 0.1),
                (inner + 4, foot - weight * 0.2),
            ),
            ((inner + length * 0.34, -arch * 0.80), (inner + length * 0.64, -arch * 1.42), (outer, 3.0)),
            (
                (inner + length * 0.68, -arch * 0.78),
                (inner + length * 0.38, foot + weight * 0.30 - arch * 0.45),
                (inner + 1, foot + weight * 0.55),
            ),
        ],
    )
    faint, full = faded(shape.color, 0.12), faded(shape.color, 0.92)
    canvas.drawPath(path, along((inner - 3, 0), (outer, 0), faint, full, full, at=(0, 0.36, 1)))
