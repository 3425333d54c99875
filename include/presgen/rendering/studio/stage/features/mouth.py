"""The mouth: lips, teeth and tongue for every viseme and all that lies between."""

from __future__ import annotations

from dataclasses import dataclass

from presgen.rendering.studio.stage.features.face import DROP, Skin
from presgen.rendering.studio.stage.paint import (
    Canvas,
    Paint,
    Path,
    Point,
    along,
    blended,
    box,
    closed,
    faded,
    fill,
    glow,
    inside,
    line,
    smooth,
)
from presgen.rendering.studio.stage.pose import Mouth

LEVEL = 375.0
"""Height of the closed lips on the stage."""

OPEN = 27.0
"""Units between the lips when the mouth is fully open."""


@dataclass(frozen=True, slots=True)
class LipShape:
    """What makes these lips this person's. Lengths in units of the stage."""

    color: str
    half_width: float = 32.0
    upper: float = 7.0
    """Thickness of the upper lip."""
    lower: float = 9.0
    level: float = LEVEL
    tilt: float = -1.1
    """Degrees: nobody smiles with both corners alike."""


@dataclass(frozen=True, slots=True)
class _Geometry:
    """Where lips are for one mouth; y counts from the line of the closed lips."""

    half: float
    corner: float
    top: float
    """Lower edge of the upper lip, in the middle."""
    bottom: float
    """Upper edge of the lower lip, in the middle."""
    upper: float
    """Thickness of the upper lip."""
    lower: float
    round: float
    """0: the corners are pointed … 1: the mouth is an oval."""


def paint_mouth(canvas: Canvas, shape: LipShape, skin: Skin, mouth: Mouth) -> None:
    """Paint the mouth."""
    geometry = _measure(shape, mouth)
    canvas.save()
    canvas.translate(0, shape.level)
    canvas.rotate(shape.tilt)
    _paint_chin_crease(canvas, skin, geometry, mouth)
    _paint_corners(canvas, skin, geometry, mouth)
    canvas.drawPath(_outer(geometry), _lip_brush(shape, geometry))
    if mouth.opening > 0.05:
        _paint_inside(canvas, geometry, mouth)
    else:
        canvas.drawPath(_parting(geometry), fill(blended(shape.color, "#2E0C10", 0.66)))
    _paint_shine(canvas, geometry, mouth)
    canvas.restore()


def jaw_of(mouth: Mouth) -> float:
    """Return how far the jaw is open, 0 to 1."""
    return min(1.0, mouth.opening * (0.92 - 0.25 * mouth.rounding))


def _measure(shape: LipShape, mouth: Mouth) -> _Geometry:
    gap = OPEN * mouth.opening
    return _Geometry(
        half=shape.half_width * mouth.width * (1 - 0.08 * mouth.rounding) * (1 + 0.06 * mouth.smile),
        corner=-6.8 * mouth.smile * (1 - 0.35 * mouth.opening) + gap * 0.20,
        top=-gap * 0.26 + 1.2 * mouth.smile * (1 - mouth.opening) - 2.0 * mouth.tuck * mouth.opening,
        bottom=gap * 0.74 + 1.2 * mouth.smile * (1 - mouth.opening) - 3.0 * mouth.tuck * mouth.opening,
        upper=shape.upper * (1 - 0.18 * mouth.smile + 0.25 * mouth.rounding - 0.22 * mouth.tuck),
        lower=shape.lower * (1 - 0.10 * mouth.smile + 0.22 * mouth.rounding - 0.40 * mouth.tuck),
        round=min(1.0, 0.55 * mouth.opening + 0.65 * mouth.rounding),
    )


def _outer(g: _Geometry) -> Path:
    """Return the outline of both lips together."""
    half, corner = g.half, g.corner
    high, low = g.top - g.upper, g.bottom + g.lower
    out, steep = _corner(0.66, g.round), _corner(0.72, g.round, 0.62)
    above, below = corner + (high - corner) * steep, corner + (low - corner) * steep
    broad = _corner(0.74, g.round, 1.0)
    right = [
        ((half * 0.05, high + 1.4), (half * 0.09, high - 0.7), (half * 0.17, high - 1.0)),
        ((half * 0.36, high - 1.6), (half * out, above), (half, corner)),
        ((half * broad, below), (half * 0.42, low + 0.6), (0.0, low + 0.6)),
    ]
    return closed((0, high + 1.6), right)


def _inner(g: _Geometry) -> Path:
    """Return the opening between the lips."""
    half, corner = g.half * 0.90, g.corner + 0.4
    out, steep = _corner(0.62, g.round), _corner(0.76, g.round, 0.62)
    above, below = corner + (g.top - corner) * steep, corner + (g.bottom - corner) * steep
    broad = _corner(0.72, g.round, 1.0)
    right = [
        ((half * 0.32, g.top), (half * out, above), (half, corner)),
        ((half * broad, below), (half * 0.40, g.bottom), (0.0, g.bottom)),
    ]
    return closed((0, g.top + 0.4), right)


def _corner(pointed: float, roundness: float, rounded: float = 0.98) -> float:
    """Return a curve's handle near the corner: from that of a pointed mouth to that of a round one."""
    return pointed + (rounded - pointed) * roundness


def _parting(g: _Geometry) -> Path:
    """Return the shadow between closed lips: strongest in the middle, nothing at the corners."""
    half, corner, y = g.half * 0.985, g.corner, g.top
    bend = corner + (y - corner) * 0.97
    return smooth(
        (-half, corner),
        [
            ((-half * 0.62, bend - 0.2), (-half * 0.20, y - 1.5), (0, y - 0.1)),
            ((half * 0.20, y - 1.5), (half * 0.62, bend - 0.2), (half, corner)),
            ((half * 0.60, bend + 1.4), (half * 0.22, y + 0.9), (0, y + 1.7)),
            ((-half * 0.22, y + 0.9), (-half * 0.60, bend + 1.4), (-half, corner)),
        ],
    )


def _lip_brush(shape: LipShape, g: _Geometry) -> Paint:
    dark = blended(shape.color, "#4A1418", 0.30)
    light = blended(shape.color, "#FFE0D2", 0.26)
    high, low = g.top - g.upper, g.bottom + g.lower
    span = low - high
    return along(
        (0, high),
        (0, low),
        shape.color,
        dark,
        shape.color,
        light,
        shape.color,
        at=(0, g.upper / span, (g.bottom - high) / span, 1 - 0.45 * g.lower / span, 1),
    )


def _paint_inside(canvas: Canvas, g: _Geometry, mouth: Mouth) -> None:
    opening = _inner(g)
    gap = g.bottom - g.top
    with inside(canvas, opening):
        canvas.drawPaint(along((0, g.top), (0, g.bottom), "#2B0A0E", "#5A1A1F"))
        if mouth.tongue > 0.05:
            _paint_tongue(canvas, g, mouth.tongue, gap)
        if mouth.teeth > 0.05:
            _paint_teeth(canvas, g, mouth, gap)
        canvas.drawPath(opening, line("#2B0A0E80", 2.4))


def _paint_tongue(canvas: Canvas, g: _Geometry, tongue: float, gap: float) -> None:
    half, top = g.half * 0.56, g.bottom - gap * (0.26 + 0.42 * tongue)
    brush = along((0, top), (0, g.bottom), "#D4746F", "#A84A4B")
    canvas.drawOval(box(-half, top, half, g.bottom + gap * 0.6), brush)


def _paint_teeth(canvas: Canvas, g: _Geometry, mouth: Mouth, gap: float) -> None:
    """Paint the upper row as one soft band, and a hint of the lower when the teeth nearly meet."""
    length = (min(gap * 0.52, 8.5) + 0.8) * mouth.teeth
    half = g.half * (0.80 - 0.12 * mouth.rounding)
    row = smooth(
        (-half, g.top - 9),
        [
            ((-half, g.top + length * 0.2), (-half * 0.7, g.top + length), (0, g.top + length)),
            ((half * 0.7, g.top + length), (half, g.top + length * 0.2), (half, g.top - 9)),
        ],
    )
    canvas.drawPath(row, along((0, g.top - 1), (0, g.top + length), "#D9CFC8", "#FBF8F4", at=(0, 0.55)))
    if mouth.teeth > 0.85 and mouth.opening < 0.3:
        canvas.drawOval(box(-half * 0.7, g.bottom - gap * 0.30, half * 0.7, g.bottom + 6), fill("#E9E1DA"))


def _paint_shine(canvas: Canvas, g: _Geometry, mouth: Mouth) -> None:
    """Paint the light on the lower lip."""
    y = g.bottom + g.lower * 0.46
    wide = g.half * (0.36 - 0.08 * mouth.rounding)
    glow(canvas, (-2.5, y), (wide, max(1.6, g.lower * 0.30)), "#FFFFFF6A")


def _paint_chin_crease(canvas: Canvas, skin: Skin, g: _Geometry, mouth: Mouth) -> None:
    y = max(g.bottom + g.lower + 8.0, 17.5 + DROP * 0.7 * jaw_of(mouth))
    glow(canvas, (0, y), (24, 6), faded(skin.deep, 0.34))


def _paint_corners(canvas: Canvas, skin: Skin, g: _Geometry, mouth: Mouth) -> None:
    for side in (-1, 1):
        at: Point = (side * (g.half + 1.0), g.corner - 0.5)
        glow(canvas, at, (8.0, 6.5), faded(skin.deep, 0.20 + 0.10 * max(0.0, mouth.smile)))
