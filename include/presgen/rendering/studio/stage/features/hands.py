"""Hands: a palm, four fingers and a thumb from a few numbers, so that every grip flows into every other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import atan2, cos, degrees, hypot, pi, radians, sin

import skia

from presgen.rendering.studio.stage.features.cloth import paint_shadow
from presgen.rendering.studio.stage.features.face import Skin
from presgen.rendering.studio.stage.paint import (
    Canvas,
    Paint,
    Path,
    Point,
    along,
    blended,
    curve,
    faded,
    fill,
    glow,
    inside,
    line,
    transformed,
)


@dataclass(frozen=True, slots=True)
class Grip:
    """How a hand is held."""

    curl: float
    """0: straight fingers … 1: bent away from the viewer."""
    spread: float
    """Degrees between neighbouring fingers."""
    thumb: float
    """Degrees the thumb stands off the palm."""
    palm: float
    """0: the viewer sees the back of the hand … 1: the palm."""
    length: float
    """1: the hand lies in the picture's plane; less: it points at the viewer."""


@dataclass(frozen=True, slots=True)
class HandShape:
    """What makes these hands this person's."""

    size: float = 1.0
    nail: str = ""
    """Colour of varnish; empty: none."""
    slender: float = 1.0
    """Thickness of fingers, against the average."""


@dataclass(frozen=True, slots=True)
class _Finger:
    knuckle: Point
    length: float
    width: float
    fan: float
    """Neighbours' distances from the middle finger: how far spreading turns it."""


_FINGERS = (
    _Finger((66, 27), 58, 17.5, 1.75),
    _Finger((75, 10.5), 76, 19.5, 0.75),
    _Finger((78, -8.0), 84, 20.5, -0.25),
    _Finger((73, -25.5), 74, 20.0, -1.25),
)
"""From the little one to the index, in the order of painting: the index lies on top."""

_PALM = (
    "M-26 -18 C-6 -22 10 -29 26 -33 C44 -37 60 -37 72 -35 C80 -33 83 -24 83 -14 C84 -2 83 8 81 16 "
    "C79 28 75 36 66 36 C48 38 24 34 8 29 C-2 26 -14 22 -26 18 Z"
)
_CREASES = ("M74 -24 C58 -20 42 -8 24 16", "M76 10 C66 6 54 -2 52 -18")
_STEPS = 14
"""Points along a finger's edge: enough for a curve that is smooth in a picture of 1080 lines."""

_ROOT = 0.26
"""Share of a finger that belongs to the palm: no edge is drawn there."""


@dataclass(frozen=True, slots=True)
class _Limb:
    """A finger as it is held."""

    spine: tuple[Point, ...]
    root: float
    tip: float
    """Widths."""

    @property
    def outline(self) -> Path:
        """Return the closed outline."""
        path = _sides(self, 0.0)
        path.close()
        return path


def paint_hand(canvas: Canvas, skin: Skin, shape: HandShape, grip: Grip) -> None:
    """Paint a hand that points to the picture's right from a wrist at (0, 0), its thumb above."""
    canvas.save()
    canvas.scale(shape.size, shape.size)
    fingers = [_held(finger, grip, shape.slender) for finger in _FINGERS]
    thumb = _held_thumb(grip, shape.slender)
    palm = _narrowed(_PALM, grip.length)
    hand = palm
    for limb in (*fingers, thumb):
        hand = skia.Op(hand, limb.outline, skia.PathOp.kUnion_PathOp)
    tone = along((20, -42), (36, 46), skin.light, skin.base, skin.base, skin.shade, at=(0, 0.4, 0.6, 1))
    paint_shadow(canvas, hand, faded(skin.deep, 0.45), (1, 5), 5)
    canvas.drawPath(hand, tone)
    for limb in fingers:
        _paint_limb(canvas, skin, limb, tone)
        if grip.palm < 0.5:
            _paint_nail(canvas, shape, skin, limb, 1 - 2 * grip.palm)
    with inside(canvas, hand):
        _paint_relief(canvas, skin, grip)
        paint_shadow(canvas, _sides(thumb, 0.55), faded(skin.deep, 0.42), (2, 4), 4)
    canvas.drawPath(_narrowed("M50 36 C36 36 22 34 8 29 C-2 26 -14 22 -26 18", grip.length), _edge(skin))
    canvas.drawPath(_narrowed("M-26 -18 C-12 -21 0 -24 14 -29", grip.length), _edge(skin, 0.3))
    _paint_limb(canvas, skin, thumb, tone, root=0.42)
    if grip.palm < 0.5:
        _paint_nail(canvas, shape, skin, thumb, 1 - 2 * grip.palm)
    canvas.restore()


def _held(finger: _Finger, grip: Grip, slender: float) -> _Limb:
    x, y = finger.knuckle
    parts = (0.46, 0.30 * (1 - 0.40 * grip.curl), 0.24 * (1 - 0.55 * grip.curl))
    lengths = [(finger.length + 14) * grip.length * part for part in parts]
    spine = _spine(
        (x * grip.length - 16, y), finger.fan * grip.spread + 8 * grip.curl, lengths, 15 * grip.curl
    )
    width = finger.width * slender
    return _Limb(spine, width * 1.06, width * 0.82)


def _held_thumb(grip: Grip, slender: float) -> _Limb:
    spine = _spine((8 * grip.length, -12), -grip.thumb, [40 * grip.length, 29, 19], 8)
    return _Limb(spine, 30 * slender, 18.5 * slender)


def _edge(skin: Skin, strength: float = 0.5) -> Paint:
    return line(faded(skin.deep, strength), 1.4)


def _paint_limb(canvas: Canvas, skin: Skin, limb: _Limb, tone: Paint, root: float = _ROOT) -> None:
    """Paint a finger: lit from above, in shade below, with a fine edge that parts it from its neighbour."""
    sides = _sides(limb, root)
    canvas.drawPath(sides, tone)
    with inside(canvas, limb.outline):
        width = (limb.root + limb.tip) / 2
        below, above = _run(limb, width * 0.46, root), _run(limb, -width * 0.24, root)
        canvas.drawPath(below, line(faded(skin.deep, 0.36), width * 0.34, blur=width * 0.16))
        canvas.drawPath(above, line(faded(skin.light, 0.60), width * 0.30, blur=width * 0.16))
        x, y = limb.spine[round(_STEPS * 0.56)]
        glow(canvas, (x, y), (width * 0.34, width * 0.40), faded(skin.deep, 0.20))
        glow(canvas, limb.spine[-1], (width * 0.55, width * 0.5), faded(skin.blush, 0.30))
    canvas.drawPath(sides, _edge(skin))


def _paint_nail(canvas: Canvas, shape: HandShape, skin: Skin, limb: _Limb, strength: float) -> None:
    (bx, by), (x, y) = limb.spine[-3], limb.spine[-1]
    size = limb.tip / 17
    canvas.save()
    canvas.translate(x, y)
    canvas.rotate(degrees(atan2(y - by, x - bx)))
    canvas.scale(size, size)
    canvas.translate(0.5, -1.0)
    nail = curve(
        "M-7 -4.6 C-3 -5.4 3 -5 5.6 -2.6 C6.6 -1 6.6 1 5.6 2.6 C3 5 -3 5.4 -7 4.6 C-9 2 -9 -2 -7 -4.6 Z"
    )
    tone = shape.nail or blended(blended(skin.light, skin.base, 0.3), "#FFDDD4", 0.38)
    canvas.drawPath(nail, fill(faded(tone, 0.9 * strength)))
    canvas.drawPath(nail, line(faded(skin.deep, 0.26 * strength), 0.8))
    glow(canvas, (0, -2), (4.5, 1.8), faded("#FFFFFF", 0.4 * strength))
    canvas.restore()


def _paint_relief(canvas: Canvas, skin: Skin, grip: Grip) -> None:
    """Paint knuckles on the back of a hand, pads and creases in a palm."""
    reach, back, front = grip.length, 1 - grip.palm, grip.palm
    for finger in _FINGERS:
        x, y = finger.knuckle[0] * reach, finger.knuckle[1]
        glow(canvas, (x - 6, y - 3), (12, 9), faded(skin.light, 0.62 * back))
        glow(canvas, (x - 3, y + 5), (9, 5), faded(skin.deep, 0.22 * back))
        canvas.drawLine(x - 16, y, x * 0.3, y * 0.6, line(faded(skin.light, 0.26 * back), 4, blur=3))
    glow(canvas, (22 * reach, -16), (34, 20), faded(skin.light, 0.55 * front))
    glow(canvas, (32 * reach, 22), (34, 13), faded(skin.light, 0.40 * front))
    glow(canvas, (74 * reach, 2), (15, 36), faded(skin.blush, 0.24))
    glow(canvas, (42 * reach, 4), (28, 15), faded(skin.shade, 0.50 * front))
    for crease in _CREASES:
        canvas.drawPath(_narrowed(crease, reach), line(faded(skin.deep, 0.24 * front), 1.5, blur=0.9))


def _spine(start: Point, angle: float, lengths: list[float], bend: float) -> tuple[Point, ...]:
    """Return points along a finger's middle that turns ``bend`` degrees at each joint."""
    joints = [start]
    for length in lengths:
        x, y = joints[-1]
        joints.append((x + length * cos(radians(angle)), y + length * sin(radians(angle))))
        angle += bend
    (ax, ay), (bx, by), (cx, cy), (dx, dy) = joints
    points = []
    for step in range(_STEPS + 1):
        t = step / _STEPS
        a, b, c, d = (1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t * t * (1 - t), t**3
        points.append((a * ax + b * bx + c * cx + d * dx, a * ay + b * by + c * cy + d * dy))
    return tuple(points)


def _run(limb: _Limb, aside: float, root: float) -> Path:
    """Return the line that keeps ``aside`` of a finger's middle."""
    path = Path()
    for index in range(round(root * _STEPS), _STEPS + 1):
        nx, ny = _normal(limb.spine, index)
        x, y = limb.spine[index]
        (path.lineTo if path.countPoints() else path.moveTo)(x + nx * aside, y + ny * aside)
    return path


def _sides(limb: _Limb, root: float) -> Path:
    """Return a finger's edge from ``root``, a share of its length, around its tip and back."""
    upper, lower = [], []
    for index in range(round(root * _STEPS), _STEPS + 1):
        half = (limb.root + (limb.tip - limb.root) * index / _STEPS) / 2
        nx, ny = _normal(limb.spine, index)
        x, y = limb.spine[index]
        upper.append((x - nx * half, y - ny * half))
        lower.append((x + nx * half, y + ny * half))
    nx, ny = _normal(limb.spine, _STEPS)
    (x, y), half = limb.spine[-1], limb.tip / 2
    cap = [
        (x + half * (cos(turn) * ny + sin(turn) * nx), y + half * (sin(turn) * ny - cos(turn) * nx))
        for turn in (pi * (step / 10 - 0.5) for step in range(1, 10))
    ]
    path = Path()
    path.moveTo(*upper[0])
    for point in (*upper[1:], *cap, *reversed(lower)):
        path.lineTo(*point)
    return path


def _normal(spine: Sequence[Point], index: int) -> Point:
    """Return the direction across a finger, towards the little one."""
    (x0, y0), (x1, y1) = spine[max(0, index - 1)], spine[min(_STEPS, index + 1)]
    run = hypot(x1 - x0, y1 - y0) or 1.0
    return -(y1 - y0) / run, (x1 - x0) / run


def _narrowed(text: str, length: float) -> Path:
    return transformed(curve(text), skia.Matrix.Scale(length, 1))
