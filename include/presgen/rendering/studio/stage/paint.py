"""The paint box: colours, gradients, curves and brushes, a thin layer over skia.

Coordinates are those of the stage: x counts from the presenter's middle, to the picture's right; y counts
from the top of a 720-unit-high panel, downwards. Colours are ``#RRGGBB`` or ``#RRGGBBAA``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import TypeAlias

import numpy as np
import skia

Canvas: TypeAlias = skia.Canvas
Paint: TypeAlias = skia.Paint
Path: TypeAlias = skia.Path
Point: TypeAlias = tuple[float, float]

_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
_WORD = re.compile(r"[MLCQZ]|" + _NUMBER.pattern)


@dataclass(frozen=True, slots=True)
class Area:
    """A part of the stage, in its units."""

    left: float
    top: float
    right: float
    bottom: float


@cache
def color(text: str) -> int:
    """Return skia's number for ``#RRGGBB`` or ``#RRGGBBAA``."""
    digits = text.removeprefix("#")
    red, green, blue, alpha = (int((digits + "FF")[i : i + 2], 16) for i in (0, 2, 4, 6))
    return int(skia.Color(red, green, blue, alpha))


def faded(text: str, alpha: float) -> str:
    """Return the colour with ``alpha``, 0 to 1."""
    return f"{text[:7]}{round(alpha * 255):02X}"


def blended(first: str, second: str, share: float) -> str:
    """Return the colour between two, ``share`` of the way to the second."""
    pairs = ((int(first[i : i + 2], 16), int(second[i : i + 2], 16)) for i in (1, 3, 5))
    return "#" + "".join(f"{round(a + (b - a) * share):02X}" for a, b in pairs)


def fill(text: str, blur: float = 0) -> Paint:
    """Return a brush of one colour; ``blur`` softens its edges."""
    return softened(skia.Paint(AntiAlias=True, Color=color(text)), blur)


def line(text: str, width: float, blur: float = 0) -> Paint:
    """Return a round pen."""
    paint = skia.Paint(
        AntiAlias=True,
        Color=color(text),
        Style=skia.Paint.kStroke_Style,
        StrokeWidth=width,
        StrokeCap=skia.Paint.kRound_Cap,
        StrokeJoin=skia.Paint.kRound_Join,
    )
    return softened(paint, blur)


def along(start: Point, end: Point, *colors: str, at: Sequence[float] | None = None) -> Paint:
    """Return a brush that changes colour on the way from ``start`` to ``end``."""
    stops = list(at) if at is not None else None
    shader = skia.GradientShader.MakeLinear([start, end], [color(text) for text in colors], stops)
    return skia.Paint(AntiAlias=True, Dither=True, Shader=shader)


def around(centre: Point, radius: float, *colors: str, at: Sequence[float] | None = None) -> Paint:
    """Return a brush that changes colour from ``centre`` outwards."""
    stops = list(at) if at is not None else None
    shader = skia.GradientShader.MakeRadial(centre, radius, [color(text) for text in colors], stops)
    return skia.Paint(AntiAlias=True, Dither=True, Shader=shader)


def glow(canvas: Canvas, centre: Point, radii: Point, text: str) -> None:
    """Paint an oval that is ``text`` in the middle and nothing at its edge."""
    canvas.save()
    canvas.translate(*centre)
    canvas.scale(1.0, radii[1] / radii[0])
    none = faded(text, 0.0)
    half = faded(text, 0.42 * ((color(text) >> 24) & 255) / 255)
    canvas.drawCircle(0, 0, radii[0], around((0, 0), radii[0], text, half, none, at=(0, 0.5, 1)))
    canvas.restore()


@cache
def curve(text: str) -> Path:
    """Return the path that ``text`` describes: absolute M, L, C, Q, Z as in SVG; inner outlines are holes."""
    path = skia.Path()
    path.setFillType(skia.PathFillType.kEvenOdd)
    numbers: list[float] = []
    command = ""
    for word in _WORD.findall(text):
        if word in "MLCQZ":
            _extend(path, command, numbers)
            command, numbers = word, []
        else:
            numbers.append(float(word))
    _extend(path, command, numbers)
    return path


@cache
def points_of(text: str) -> tuple[Point, ...]:
    """Return the points of a path of one M and any number of Cs, as ``curve`` reads it."""
    numbers = [float(word) for word in _NUMBER.findall(text)]
    return tuple(zip(numbers[::2], numbers[1::2], strict=True))


def box(left: float, top: float, right: float, bottom: float) -> skia.Rect:
    """Return a rectangle by its edges (skia takes four bare numbers for corner and size)."""
    return skia.Rect.MakeLTRB(left, top, right, bottom)


def smooth(start: Point, segments: Sequence[Sequence[Point]]) -> Path:
    """Return an open path of cubic curves, each (control, control, end)."""
    path = skia.Path()
    path.moveTo(*start)
    for first, second, end in segments:
        path.cubicTo(*first, *second, *end)
    return path


def closed(start: Point, right: Sequence[Sequence[Point]]) -> Path:
    """Return the symmetric outline whose right half runs from ``start`` to another point at x = 0."""
    starts = [start, *(segment[2] for segment in right[:-1])]
    left = [
        [(-second[0], second[1]), (-first[0], first[1]), (-begin[0], begin[1])]
        for begin, (first, second, _) in reversed(list(zip(starts, right, strict=True)))
    ]
    return smooth(start, [*right, *left])


def mirrored(path: Path) -> Path:
    """Return the path on the other side of the presenter's middle."""
    return transformed(path, skia.Matrix.Scale(-1, 1))


def transformed(path: Path, matrix: skia.Matrix) -> Path:
    """Return a copy of the path, moved by ``matrix``."""
    copy = skia.Path()
    path.transform(matrix, copy)
    return copy


@contextmanager
def inside(canvas: Canvas, path: Path) -> Iterator[None]:
    """Confine all painting to ``path``."""
    canvas.save()
    canvas.clipPath(path, skia.ClipOp.kIntersect, True)
    try:
        yield
    finally:
        canvas.restore()


def strands(
    canvas: Canvas,
    first: Sequence[Point],
    last: Sequence[Point],
    colors: Sequence[str],
    count: int,
    *,
    width: Point = (0.8, 2.4),
    alpha: Point = (0.10, 0.45),
    seed: int = 1,
) -> None:
    """Draw hair: ``count`` fine curves between two, their colours running through ``colors``.

    Widths and alphas are drawn from the given ranges, always the same ones for the same ``seed``.
    """
    dice = np.random.default_rng(seed)
    start, end = np.asarray(first, float), np.asarray(last, float)
    for index in range(count):
        share = (index + dice.uniform(0, 1)) / count
        wobble = np.clip(share + dice.uniform(-0.05, 0.05, (len(start), 1)), 0, 1)
        points = [(float(x), float(y)) for x, y in start + (end - start) * wobble]
        hue = float(np.clip(share + dice.uniform(-0.3, 0.3), 0, 0.999)) * (len(colors) - 1)
        shade = blended(colors[int(hue)], colors[int(hue) + 1], hue % 1)
        pen = line(faded(shade, float(dice.uniform(*alpha))), float(dice.uniform(*width)))
        canvas.drawPath(smooth(points[0], [points[i : i + 3] for i in range(1, len(points) - 2, 3)]), pen)


def softened(paint: Paint, blur: float) -> Paint:
    """Return the same brush with soft edges; no blur leaves them sharp."""
    if blur:
        paint.setMaskFilter(skia.MaskFilter.MakeBlur(skia.kNormal_BlurStyle, blur))
    return paint


def _extend(path: Path, command: str, numbers: Sequence[float]) -> None:
    size = {"M": 2, "L": 2, "C": 6, "Q": 4}.get(command, 0)
    for start in range(0, len(numbers), size or 1):
        values = numbers[start : start + size]
        match command:
            case "M":
                path.moveTo(*values)
            case "L":
                path.lineTo(*values)
            case "C":
                path.cubicTo(*values)
            case "Q":
                path.quadTo(*values)
    if command == "Z":
        path.close()
