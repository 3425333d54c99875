"""Cloth: folds, ribs and stitches."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import cos, pi, sin

from presgen.rendering.studio.stage.paint import Canvas, Path, Point, curve, faded, fill, line


@dataclass(frozen=True, slots=True)
class Fabric:
    """The colours of a cloth, from the depth of a fold to the ridge the light falls on."""

    dark: str
    base: str
    light: str


def paint_folds(
    canvas: Canvas, folds: Iterable[str], dark: str, light: str, width: float = 7.0, strength: float = 0.5
) -> None:
    """Paint soft folds, each a dark valley with light on the ridge to its left."""
    for fold in folds:
        path = curve(fold)
        canvas.drawPath(path, line(faded(dark, strength), width, blur=width * 0.55))
        canvas.save()
        canvas.translate(-width * 0.9, -width * 0.25)
        canvas.drawPath(path, line(faded(light, strength * 0.6), width * 0.7, blur=width * 0.5))
        canvas.restore()


def paint_shadow(canvas: Canvas, path: Path, dark: str, offset: Point = (0, 4), blur: float = 6) -> None:
    """Paint the shadow a piece of cloth throws on what is under it."""
    canvas.save()
    canvas.translate(*offset)
    canvas.drawPath(path, fill(dark, blur=blur))
    canvas.restore()


def paint_ribs(canvas: Canvas, upper: Sequence[Point], lower: Sequence[Point], dark: str, light: str) -> None:
    """Paint the ribs of a knitted band, each from a point of its upper edge to one of its lower."""
    for top, bottom in zip(upper, lower, strict=True):
        canvas.drawLine(*top, *bottom, line(dark, 2.2, blur=0.6))
        canvas.drawLine(top[0] - 2.2, top[1], bottom[0] - 2.2, bottom[1], line(light, 1.4, blur=0.5))


def arc_points(centre: Point, radii: Point, start: float, end: float, count: int) -> list[Point]:
    """Return points along an ellipse, angles in turns from the picture's right, clockwise."""
    angles = (2 * pi * (start + (end - start) * i / (count - 1)) for i in range(count))
    return [(centre[0] + radii[0] * cos(a), centre[1] + radii[1] * sin(a)) for a in angles]
