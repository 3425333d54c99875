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
    faded,
    fill,
    glow,
    inside,
    line,
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
        around((-34, 232), 250, skin.light, skin.base, skin.base, skin.shade, at=(0, 0.38, 0.62, 1))
    )
    outline = shape.outline()
    canvas.drawPath(outline, line(faded(skin.shade, 0.75), 30, blur=13))
    canvas.save()
    canvas.translate(9, 3)
    canvas.drawPath(outline, line(faded(skin.deep, 0.30), 22, blur=11))
    canvas.restore()
    with inside(canvas, outline):
        glow(canvas, (0, 408), (36, 20), faded(skin.light, 0.55))
        glow(canvas, (-14, 198), (64, 40), faded(skin.light, 0.55))


def paint_relief(canvas: Canvas, skin: Skin, blush: float = 0.34) -> None:
    """Paint what stands out from the skin and turns with the face: eye sockets, cheeks, the lip's groove."""
    for side in (-1, 1):
        glow(canvas, (side * 43, 278), (40, 27), faded(skin.shade, 0.62))
        glow(canvas, (side * 22, 268), (18, 24), faded(skin.deep, 0.22))
        glow(canvas, (side * 58, 334), (40, 27), faded(skin.blush, blush))
        glow(canvas, (side * 56 - 5, 316), (24, 11), faded(skin.light, 0.60))
    glow(canvas, (0, 394), (26, 8), faded(skin.deep, 0.30))
    canvas.drawRoundRect(box(-4, 350, 4, 362), 4, 5, fill(faded(skin.deep, 0.13), blur=2.0))


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
