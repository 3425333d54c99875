"""The face itself: its outline, which the jaw stretches, and the light on its skin."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from presgen.rendering.studio.stage.paint import (
    Canvas,
    Path,
    Point,
    around,
    box,
    closed,
    curve,
    faded,
    fill,
    glow,
    inside,
    line,
    mirrored,
)

HINGE = 336.0
"""Above this height the jaw moves nothing."""

CHIN = 420.0
"""From this height down everything moves with the jaw."""

Segment = tuple[Point, Point, Point]
"""A cubic curve from wherever the last one ended: control, control, end."""

DROP = 13.0
"""Units the chin sinks when the mouth is fully open."""


@dataclass(frozen=True, slots=True)
class Skin:
    """The colours of a complexion."""

    light: str
    base: str
    shade: str
    deep: str
    """Creases, nostrils, the shadow under the chin."""
    blush: str


@dataclass(frozen=True, slots=True)
class FaceShape:
    """Half an outline, from the top of the forehead to the chin; the other half is its mirror image."""

    top: Point
    segments: tuple[Segment, ...]
    """The last one ends at x = 0."""

    def outline(self, jaw: float = 0.0) -> Path:
        """Return the closed outline with the jaw ``jaw`` open, 0 to 1."""
        path = closed(self.top, [[_sunk(point, jaw) for point in segment] for segment in _hinged(self)])
        # A speck inside, unseen: skia smooths edges of convex outlines in another way, and an open jaw
        # makes this one convex or not. So it never is, and what the jaw leaves alone stays as it was.
        path.addRect(box(-1, HINGE - 2, 1, HINGE - 1))
        return path


def paint_skin(canvas: Canvas, skin: Skin, shape: FaceShape) -> None:
    """Paint the skin of the whole face, past its outline: light from the upper left, shade to the right."""
    canvas.drawPaint(
        around((-38, 228), 246, skin.light, skin.base, skin.base, skin.shade, at=(0, 0.42, 0.64, 1))
    )
    outline = shape.outline()
    canvas.drawPath(outline, line(faded(skin.shade, 0.80), 30, blur=13))
    canvas.save()
    canvas.translate(11, 3)
    canvas.drawPath(outline, line(faded(skin.deep, 0.34), 24, blur=12))
    canvas.restore()
    with inside(canvas, outline):
        glow(canvas, (74, 330), (44, 96), faded(skin.shade, 0.55))
        glow(canvas, (-80, 216), (26, 46), faded(skin.shade, 0.30))
        glow(canvas, (0, 406), (34, 19), faded(skin.light, 0.62))
        glow(canvas, (-20, 200), (66, 40), faded(skin.light, 0.70))
        glow(canvas, (0, 178), (86, 26), faded(skin.shade, 0.40))
        glow(canvas, (-3, 424), (30, 10), faded(skin.shade, 0.45))


def paint_relief(canvas: Canvas, skin: Skin, blush: float = 0.34, age: float = 0.0) -> None:
    """Paint what stands out from the skin and turns with the face: eye sockets, cheeks, the lip's groove.

    ``age``, 0 to 1, is how deep the lines are that laughing has left.
    """
    for side in (-1, 1):
        lit = 1.0 if side < 0 else 0.62
        glow(canvas, (side * 43, 276), (40, 26), faded(skin.shade, 0.60))
        glow(canvas, (side * 22, 266), (17, 25), faded(skin.deep, 0.20 if side < 0 else 0.30))
        glow(canvas, (side * 46, 262), (34, 8), faded(skin.light, 0.50 * lit))
        glow(canvas, (side * 60, 336), (42, 28), faded(skin.blush, blush))
        glow(canvas, (side * 57 - 6, 322), (34, 17), faded(skin.light, 0.56 * lit))
        glow(canvas, (side * 44, 303), (26, 6), faded(skin.deep, 0.12))
        fold = curve("M25 338 C34 348 41 358 43 371")
        pen = line(faded(skin.deep, 0.07 + 0.24 * age), 2.8, blur=1.8)
        canvas.drawPath(fold if side > 0 else mirrored(fold), pen)
        if age:
            _paint_laugh_lines(canvas, skin, side, age)
    glow(canvas, (0, 396), (24, 7), faded(skin.deep, 0.34))
    canvas.drawRoundRect(box(-4, 349, 4, 362), 4, 5, fill(faded(skin.deep, 0.15), blur=2.0))
    glow(canvas, (-6, 354), (4, 9), faded(skin.light, 0.40))


_LAUGH_LINES = (
    ("M76 282 C83 279 88 278 92 274", 0.40),
    ("M76 287 C84 288 89 289 93 291", 0.34),
    ("M27 301 C36 308 50 310 62 304", 0.34),
    ("M30 307 C38 314 48 315 56 312", 0.20),
    ("M50 352 C54 362 54 372 51 381", 0.18),
    ("M4 218 C26 212 46 214 62 221", 0.20),
    ("M2 204 C24 199 42 200 56 206", 0.15),
)
"""Lines beside and under an eye, beside the mouth and on the brow, each with its depth."""


def _paint_laugh_lines(canvas: Canvas, skin: Skin, side: int, age: float) -> None:
    for text, depth in _LAUGH_LINES:
        path = curve(text) if side > 0 else mirrored(curve(text))
        canvas.drawPath(path, line(faded(skin.deep, depth * age), 1.7, blur=0.9))


@cache
def _hinged(shape: FaceShape) -> tuple[Segment, ...]:
    """Return the segments with a joint at the hinge, so that the jaw bends nothing above it."""
    start, hinged = shape.top, list[Segment]()
    for segment in shape.segments:
        if start[1] < HINGE < segment[2][1]:
            hinged += _split((start, *segment), HINGE)
        else:
            hinged.append(segment)
        start = segment[2]
    return tuple(hinged)


def _split(curve: tuple[Point, Point, Point, Point], y: float) -> tuple[Segment, Segment]:
    """Split a curve that only ever goes down where it is at ``y``."""
    low, high = 0.0, 1.0
    for _ in range(40):
        share = (low + high) / 2
        first, second = _halves(curve, share)
        low, high = (share, high) if first[2][1] < y else (low, share)
    return first, second


def _halves(curve: tuple[Point, Point, Point, Point], share: float) -> tuple[Segment, Segment]:
    """Split a cubic curve at ``share`` of its way (de Casteljau)."""
    a, b, c, d = curve
    ab, bc, cd = _between(a, b, share), _between(b, c, share), _between(c, d, share)
    abc, bcd = _between(ab, bc, share), _between(bc, cd, share)
    middle = _between(abc, bcd, share)
    return (ab, abc, middle), (bcd, cd, d)


def _between(first: Point, second: Point, share: float) -> Point:
    return first[0] + (second[0] - first[0]) * share, first[1] + (second[1] - first[1]) * share


def _sunk(point: Point, jaw: float) -> Point:
    share = min(1.0, max(0.0, (point[1] - HINGE) / (CHIN - HINGE)))
    return point[0] * (1 - 0.03 * jaw * share), point[1] + DROP * jaw * share * share * (3 - 2 * share)
