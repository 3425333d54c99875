"""The eyes: lids that close, an iris that looks, light that is caught."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import skia

from presgen.rendering.studio.stage.features.face import Skin
from presgen.rendering.studio.stage.paint import (
    Canvas,
    Paint,
    Path,
    Point,
    along,
    around,
    blended,
    faded,
    fill,
    glow,
    line,
    smooth,
)

APART = 44.0
"""Units from the face's middle to the middle of an eye."""

LEVEL = 284.0
"""Height of the eyes on the stage."""

_RELAXED = 1.13
"""Height of the upper lid's handles against ``rise``: at ease it covers the top of the iris."""

_FINE = 3.0
"""Pixels a unit of the iris's picture."""


@dataclass(frozen=True, slots=True)
class EyeShape:
    """What makes these eyes this person's. Lengths in units of the stage."""

    iris: str
    lash: str
    lid: str
    """Colour of the upper lid, made up or not."""
    half_width: float = 26.0
    rise: float = 14.0
    """From the middle up to the upper lid."""
    fall: float = 8.5
    """From the middle down to the lower lid."""
    tilt: float = 2.5
    """How much higher the outer corner is."""
    iris_radius: float = 13.0
    lash_weight: float = 4.0
    hood: float = 8.0
    """From the lid's edge up to its crease."""
    wing: float = 4.0
    """How far the lashes reach past the outer corner; 0 for none."""


def paint_eyes(canvas: Canvas, shape: EyeShape, skin: Skin, blink: float, gaze: Point) -> None:
    """Paint both eyes, ``blink`` closed (0 to 1), looking to ``gaze`` (each -1 to 1)."""
    for side in (-1, 1):
        canvas.save()
        canvas.translate(side * APART, LEVEL)
        canvas.scale(side, 1)
        _paint_eye(canvas, shape, skin, blink, gaze, side)
        canvas.restore()


def _paint_eye(canvas: Canvas, shape: EyeShape, skin: Skin, blink: float, gaze: Point, side: int) -> None:
    """Paint one eye, with the nose towards negative x; ``side`` tells where the light comes from."""
    inner = (-shape.half_width + 1, 3.5)
    outer = (shape.half_width, -shape.tilt)
    droop = blink + max(0.0, gaze[1]) * 0.24 * (1 - blink)
    upper = _upper_lid(shape, droop)
    lower = _lower_lid(shape)
    if blink < 0.92:
        opening = smooth(inner, [(*upper, outer), (*lower, inner)])
        canvas.drawPath(opening, _eyeball(shape, side))
        canvas.drawPath(opening, _iris_brush(shape, gaze, side))
        canvas.drawCircle(inner[0] + 3.4, inner[1] - 1.0, 2.0 * (1 - blink), fill("#CF857CA0"))
        depth = 6.5 * (1 - blink)
        edge = (upper[1][0], upper[1][1] + depth), (upper[0][0], upper[0][1] + depth)
        canvas.drawPath(smooth(inner, [(*upper, outer), (*edge, inner)]), fill("#24131452"))
    _paint_lid(canvas, shape, skin, inner, outer, upper, blink)
    _paint_lashes(canvas, shape, inner, outer, upper, blink)
    under = smooth((inner[0] + 4, inner[1] + 1), [(lower[1], lower[0], (outer[0] - 1, outer[1] + 2))])
    canvas.save()
    canvas.translate(0, 1.7)
    canvas.drawPath(under, line(faded(skin.light, 0.42 * (1 - 0.6 * blink)), 1.8))
    canvas.restore()
    canvas.drawPath(under, line(faded(blended(skin.deep, shape.lash, 0.4), 0.62 * (1 - 0.6 * blink)), 1.2))


def _upper_lid(shape: EyeShape, droop: float) -> tuple[Point, Point]:
    top, closed = -shape.rise * _RELAXED, shape.fall * 1.02
    y = top + (closed - top) * droop
    return (-shape.half_width * 0.60, y + 1.0), (shape.half_width * 0.50, y - 1.5)


def _lower_lid(shape: EyeShape) -> tuple[Point, Point]:
    y = shape.fall * 1.30
    return (shape.half_width * 0.60, y), (-shape.half_width * 0.40, y + 0.5)


@cache
def _eyeball(shape: EyeShape, side: int) -> Paint:
    """Return a brush that paints the white of the eye: a ball, in shade at both corners and under the lid."""
    half, high = shape.half_width + 6, 30
    surface = skia.Surface(round(2 * half * _FINE), round(2 * high * _FINE))
    canvas = surface.getCanvas()
    canvas.scale(_FINE, _FINE)
    canvas.translate(half, high)
    canvas.drawPaint(along((0, -14), (0, 11), "#BDB2B1", "#F4EFEC", "#E4DAD5", at=(0, 0.55, 1)))
    for corner in (-1, 1):
        shade = "#8F7468A0" if corner * side > 0 else "#8F746880"
        glow(canvas, (corner * half * 0.92, 1), (half * 0.62, 20), shade)
    place = skia.Matrix.Translate(-half, -high)
    place.preScale(1 / _FINE, 1 / _FINE)
    edge, sampling = skia.TileMode.kClamp, skia.SamplingOptions(skia.FilterMode.kLinear)
    shader = surface.makeImageSnapshot().makeShader(edge, edge, sampling, place)
    return skia.Paint(AntiAlias=True, Shader=shader)


def _iris_brush(shape: EyeShape, gaze: Point, side: int) -> Paint:
    """Return a brush that paints the iris where the eye looks, and nothing beside it."""
    half = shape.iris_radius + 1.0
    x, y = gaze[0] * side * 7.0, -1.8 + gaze[1] * 4.5
    place = skia.Matrix.Translate(x - half, y - half)
    place.preScale(1 / _FINE, 1 / _FINE)
    edge = skia.TileMode.kClamp
    sampling = skia.SamplingOptions(skia.FilterMode.kLinear)
    return skia.Paint(AntiAlias=True, Shader=_iris(shape, side).makeShader(edge, edge, sampling, place))


@cache
def _iris(shape: EyeShape, side: int) -> skia.Image:
    """Return the iris as a picture with an empty edge: clipping circles in each frame costs twice as much."""
    half = shape.iris_radius + 1.0
    surface = skia.Surface(round(2 * half * _FINE), round(2 * half * _FINE))
    canvas = surface.getCanvas()
    canvas.clear(0)
    canvas.scale(_FINE, _FINE)
    canvas.translate(half, half)
    _paint_iris(canvas, shape, side)
    return surface.makeImageSnapshot()


def _paint_iris(canvas: Canvas, shape: EyeShape, side: int) -> None:
    radius = shape.iris_radius
    dark, bright = blended(shape.iris, "#0D0807", 0.72), blended(shape.iris, "#FFE2B8", 0.42)
    glaze = around((0, 3.2), radius * 1.12, bright, shape.iris, dark, at=(0.12, 0.62, 1))
    canvas.drawCircle(0, 0, radius, glaze)
    canvas.drawCircle(0, 0, radius - 0.7, line(faded(dark, 0.8), 1.5))
    canvas.drawCircle(0, 0, radius * 0.47, fill("#0E0807"))
    canvas.drawCircle(-4.4 * side, -3.6, 3.1, fill("#FFFFFFEE", blur=0.25))
    canvas.drawCircle(3.8 * side, 4.6, 1.5, fill("#FFFFFF66", blur=0.3))


def _paint_lid(
    canvas: Canvas,
    shape: EyeShape,
    skin: Skin,
    inner: Point,
    outer: Point,
    upper: tuple[Point, Point],
    blink: float,
) -> None:
    """Paint the skin between the lid's edge and its crease, and the crease."""
    fold = -shape.rise * _RELAXED - shape.hood + 4.0 * blink
    crease = ((-shape.half_width * 0.50, fold + 1), (shape.half_width * 0.46, fold - 1.5))
    start, end = (inner[0] + 2.5, inner[1] - 5.5), (outer[0] + 1.5, outer[1] - 4.5)
    lid = smooth(start, [(*crease, end), (end, outer, outer), (upper[1], upper[0], inner)])
    canvas.drawPath(lid, fill(shape.lid))
    canvas.drawPath(smooth(start, [(*crease, end)]), line(faded(skin.deep, 0.60 - 0.3 * blink), 1.6))


def _paint_lashes(
    canvas: Canvas, shape: EyeShape, inner: Point, outer: Point, upper: tuple[Point, Point], blink: float
) -> None:
    """Paint the edge of the upper lid: thin at the nose, thick and winged at the temple."""
    canvas.drawPath(_lash_path(shape, inner, outer, upper, blink), fill(shape.lash))


def _lash_path(shape: EyeShape, inner: Point, outer: Point, upper: tuple[Point, Point], blink: float) -> Path:
    weight = shape.lash_weight
    tip = (outer[0] + shape.wing, outer[1] - shape.wing * (0.75 - 1.2 * blink))
    over = (upper[1][0] + 2, upper[1][1] - weight * 1.15), (upper[0][0], upper[0][1] - weight * 0.75)
    return smooth(
        inner,
        [
            (*upper, (outer[0], outer[1] + 0.6)),
            ((outer[0] + 1, outer[1] + 0.4), (tip[0] - 1, tip[1] + 1), tip),
            (over[0], over[1], inner),
        ],
    )
