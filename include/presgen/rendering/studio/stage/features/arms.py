"""Arms from the elbow on: sleeves, cuffs and the hands in them, at home or in a gesture."""

from __future__ import annotations

from dataclasses import dataclass, fields
from math import atan2, degrees, hypot

from presgen.rendering.studio.stage.features.cloth import Fabric, paint_folds, paint_shadow
from presgen.rendering.studio.stage.features.face import Skin
from presgen.rendering.studio.stage.features.hands import Grip, HandShape, paint_hand
from presgen.rendering.studio.stage.paint import Area, Canvas, Point, along, faded, inside, line, smooth
from presgen.rendering.studio.stage.pose import Gesture

ELBOW: Point = (-262.0, 912.0)
"""Of the arm at the picture's left; the other one is its mirror image."""

ARMS = Area(-540, 590, 540, 1060)
"""Holds the arms in every gesture."""

_HAND = 200.0
"""Further than a hand reaches from its wrist."""

_WRIST = 35.0
"""Half the width of a sleeve's end."""

_EDGE = 0.48
"""How wide a hand is when seen from its edge, against its back."""


@dataclass(frozen=True, slots=True)
class Sleeve:
    """What a forearm wears."""

    fabric: Fabric
    width: float = 58.0
    """Half of it, at the elbow."""
    cuff: Fabric | None = None
    """A cuff of other cloth that shows at the wrist."""
    ribbed: bool = False


@dataclass(frozen=True, slots=True)
class Hold:
    """How one arm is held, as if it were the one at the picture's left."""

    wrist: Point
    heading: float
    """Degrees the hand points to: 0 to the picture's right, positive downwards."""
    grip: Grip


_CLASPED = Grip(curl=0.42, spread=2.0, thumb=12.0, palm=0.0, length=0.84)
_OFFERING = Grip(curl=0.10, spread=5.0, thumb=34.0, palm=1.0, length=0.96)
_FACING = Grip(curl=0.20, spread=3.5, thumb=40.0, palm=0.30, length=0.92)
"""Palms that face each other, seen from the side."""

_HOME = (Hold((-90, 904), 14, _CLASPED), Hold((-72, 886), 22, _CLASPED))
"""One hand loosely over the other."""

_HELD: dict[Gesture, tuple[Hold, Hold]] = {
    Gesture.NONE: _HOME,
    Gesture.OFFER: (Hold((-338, 782), -146, _OFFERING), Hold((-62, 896), 18, _CLASPED)),
    Gesture.OPEN: (Hold((-182, 838), -62, _FACING), Hold((-182, 838), -62, _FACING)),
}


def holds_of(gesture: Gesture, reach: float) -> tuple[Hold, Hold]:
    """Return how the left and the right arm of the picture are held, ``reach`` of the way from home."""
    left, right = _HELD[gesture]
    return _between(_HOME[0], left, reach), _between(_HOME[1], right, reach)


def reached(gesture: Gesture, reach: float) -> Area:
    """Return the part of the stage that holds both arms."""
    top = min(hold.wrist[1] for hold in holds_of(gesture, reach)) - _HAND
    out = max(-hold.wrist[0] for hold in holds_of(gesture, reach)) + _HAND
    half = max(out, -ELBOW[0] + 80)
    return Area(-half, top, half, ARMS.bottom)


def paint_arms(
    canvas: Canvas, sleeve: Sleeve, skin: Skin, hands: HandShape, gesture: Gesture, reach: float
) -> None:
    """Paint both arms, the one at the picture's right over the other."""
    for side, hold in zip((1, -1), holds_of(gesture, reach), strict=True):
        canvas.save()
        canvas.scale(side, 1)
        _paint_arm(canvas, sleeve, skin, hands, hold)
        canvas.restore()


def _paint_arm(canvas: Canvas, sleeve: Sleeve, skin: Skin, hands: HandShape, hold: Hold) -> None:
    # A hand that turns its palm to the viewer is seen from its edge on the way.
    turned = 1 - 2 * hold.grip.palm
    canvas.save()
    canvas.translate(*hold.wrist)
    canvas.rotate(hold.heading)
    canvas.scale(1, max(abs(turned), _EDGE) * (1 if turned > 0 else -1))
    paint_hand(canvas, skin, hands, hold.grip)
    canvas.restore()
    _paint_sleeve(canvas, sleeve, hold)


def _paint_sleeve(canvas: Canvas, sleeve: Sleeve, hold: Hold) -> None:
    """Paint the sleeve along its own axis: the elbow at (0, 0), the wrist to the picture's right."""
    dx, dy = hold.wrist[0] - ELBOW[0], hold.wrist[1] - ELBOW[1]
    length, wide, narrow = hypot(dx, dy) - 12, sleeve.width, _WRIST
    canvas.save()
    canvas.translate(*ELBOW)
    canvas.rotate(degrees(atan2(dy, dx)))
    if sleeve.cuff is not None:
        _paint_cuff(canvas, sleeve.cuff, length + 9, narrow - 3)
    bulge = (wide + narrow) / 2 + 5
    outline = smooth(
        (length, -narrow),
        [
            ((length * 0.7, -narrow - 4), (length * 0.4, -bulge), (0, -wide)),
            ((-wide * 1.15, -wide), (-wide * 1.1, wide), (0, wide)),
            ((length * 0.4, bulge), (length * 0.7, narrow + 5), (length, narrow)),
            ((length + 7, narrow * 0.5), (length + 7, -narrow * 0.5), (length, -narrow)),
        ],
    )
    fabric = sleeve.fabric
    # Light falls from above on a level arm, and from the left on one that is raised.
    lit = -1 if dx > -abs(dy) * 0.2 else 1
    paint_shadow(canvas, outline, faded(fabric.dark, 0.75), (2, 8 * -lit), 9)
    brush = along(
        (0, lit * wide),
        (0, -lit * wide),
        fabric.light,
        fabric.base,
        fabric.base,
        fabric.dark,
        at=(0, 0.32, 0.6, 1),
    )
    canvas.drawPath(outline, brush)
    with inside(canvas, outline):
        _paint_creases(canvas, sleeve, length)
    canvas.drawPath(outline, line(faded(fabric.dark, 0.55), 1.4))
    canvas.restore()


def _paint_cuff(canvas: Canvas, cuff: Fabric, end: float, half: float) -> None:
    """Paint the end of a shirt's sleeve, which shows under a jacket's."""
    band = smooth(
        (end - 26, -half),
        [
            ((end - 12, -half), (end - 6, -half), (end, -half + 1)),
            ((end + 6, -half * 0.5), (end + 6, half * 0.5), (end, half - 1)),
            ((end - 6, half), (end - 12, half), (end - 26, half)),
        ],
    )
    canvas.drawPath(band, along((0, -half), (0, half), cuff.light, cuff.base, cuff.dark, at=(0, 0.5, 1)))
    canvas.drawPath(band, line(faded(cuff.dark, 0.9), 1.1))


def _paint_creases(canvas: Canvas, sleeve: Sleeve, length: float) -> None:
    """Paint what the bent elbow does to cloth, and the seam or ribs of the sleeve's end."""
    fabric, wide = sleeve.fabric, sleeve.width
    folds = (
        f"M-6 {wide * 0.85:.1f} C14 {wide * 0.35:.1f} 22 -6 16 {-wide * 0.5:.1f}",
        f"M26 {wide * 0.80:.1f} C40 {wide * 0.40:.1f} 46 8 42 {-wide * 0.2:.1f}",
        f"M{length * 0.55:.1f} 39 C{length * 0.60:.1f} 14 {length * 0.58:.1f} 0 {length * 0.54:.1f} -10",
    )
    paint_folds(canvas, folds, fabric.dark, fabric.light, width=8, strength=0.42)
    if sleeve.ribbed:
        canvas.drawLine(length - 30, -60, length - 30, 60, line(faded(fabric.dark, 0.7), 2.4, blur=1))
        for row in range(-6, 7):
            y = row * 6.0
            canvas.drawLine(
                length - 28, y * 1.08, length + 8, y, line(faded(fabric.dark, 0.5), 2.0, blur=0.6)
            )
    else:
        canvas.drawLine(length - 9, -60, length - 9, 60, line(faded(fabric.dark, 0.35), 1.2))


def _between(home: Hold, there: Hold, reach: float) -> Hold:
    return Hold(
        wrist=(_mid(home.wrist[0], there.wrist[0], reach), _mid(home.wrist[1], there.wrist[1], reach)),
        heading=_mid(home.heading, there.heading, reach),
        grip=Grip(
            *(_mid(getattr(home.grip, f.name), getattr(there.grip, f.name), reach) for f in fields(Grip))
        ),
    )


def _mid(start: float, end: float, share: float) -> float:
    return start + (end - start) * share
