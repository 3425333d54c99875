"""What the presenter's body does in one frame: small numbers on a grid, so that equal poses are equal."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

ROLL_GRID = 8
"""Steps a degree: an eighth moves the crown by less than a pixel, which nobody sees as a step."""

TURN_GRID = 6
"""Steps a degree of yaw and pitch: a sixth moves the nose by a third of a pixel."""

LEAN_GRID = 16
"""Steps a degree: the hips are far from the head."""

BREATH_GRID = 4
"""Steps a pixel of the 720-pixel-high stage."""

UNIT_GRID = 32
"""Steps of everything that goes from 0 to 1, such as a lid or a lip."""


class Gesture(StrEnum):
    """What hands do. They go there from home, and back home before they do something else."""

    NONE = "none"
    """At home: one hand loosely over the other in front of the body."""
    OFFER = "offer"
    """One palm shows what is at the picture's left."""
    OPEN = "open"
    """Both hands apart, palms facing each other, as one explains."""


@dataclass(frozen=True, slots=True)
class Mouth:
    """A mouth shape. Everything runs from 0 to 1 if not said otherwise."""

    width: float = 1.0
    """1: as wide as at ease; 0.6 pursed, 1.15 spread."""
    opening: float = 0.0
    """How far the lips are apart; the jaw follows."""
    rounding: float = 0.0
    teeth: float = 0.0
    """How much of the upper teeth shows when the lips are apart."""
    tongue: float = 0.0
    tuck: float = 0.0
    """How far the lower lip is drawn under the upper teeth, as in f and v, or pressed, as in p."""
    smile: float = 0.0


@dataclass(frozen=True, slots=True)
class Pose:
    """The presenter in one frame. Two frames with equal poses look the same, to the pixel.

    Values lie on a grid (``snapped``), so equality is exact and a pose can be a dictionary key.
    """

    yaw: float = 0.0
    """Degrees; positive turns the face to the picture's right."""
    pitch: float = 0.0
    """Degrees; positive lowers the chin."""
    roll: float = 0.0
    """Degrees; positive leans the crown to the picture's right."""
    lean: float = 0.0
    """Degrees; positive leans the whole body to the picture's right, from the hips."""
    breath: float = 0.0
    """How far the chest has sunk since it was full, in pixels of a 720-pixel-high stage; not below 0."""
    blink: float = 0.0
    """0 open … 1 shut."""
    gaze_x: float = 0.0
    """-1 … 1; positive looks to the picture's right, 0 at the viewer."""
    gaze_y: float = 0.0
    """-1 … 1; positive looks down."""
    brow: float = 0.0
    """-1 frowning … 1 raised."""
    mouth: Mouth = Mouth(width=1.0, smile=1.0)
    gesture: Gesture = Gesture.NONE
    reach: float = 0.0
    """How far the hands are on their way, 0 at home … 1. Seen in a full framing only."""

    @property
    def place(self) -> tuple[float, float, float, float, float]:
        """Where the head is, whatever eyes and mouth do."""
        return self.yaw, self.pitch, self.roll, self.lean, self.breath

    @property
    def stance(self) -> tuple[float, float]:
        """Where the body is, whatever head and hands do."""
        return self.lean, self.breath

    @property
    def look(self) -> tuple[float, float, float, float]:
        """What eyes and brows do, wherever the head is."""
        return self.blink, self.gaze_x, self.gaze_y, self.brow

    @property
    def hands(self) -> tuple[Gesture, float]:
        """What the hands do."""
        return self.gesture, self.reach

    def snapped(self) -> Pose:
        """Return the nearest pose on the grid."""
        reach = _on_grid(self.reach, UNIT_GRID) if self.gesture is not Gesture.NONE else 0.0
        return Pose(
            yaw=_on_grid(self.yaw, TURN_GRID),
            pitch=_on_grid(self.pitch, TURN_GRID),
            roll=_on_grid(self.roll, ROLL_GRID),
            lean=_on_grid(self.lean, LEAN_GRID),
            breath=_on_grid(self.breath, BREATH_GRID),
            blink=_on_grid(self.blink, UNIT_GRID),
            gaze_x=_on_grid(self.gaze_x, UNIT_GRID),
            gaze_y=_on_grid(self.gaze_y, UNIT_GRID),
            brow=_on_grid(self.brow, UNIT_GRID),
            mouth=Mouth(
                width=_on_grid(self.mouth.width, UNIT_GRID),
                opening=_on_grid(self.mouth.opening, UNIT_GRID),
                rounding=_on_grid(self.mouth.rounding, UNIT_GRID),
                teeth=_on_grid(self.mouth.teeth, UNIT_GRID),
                tongue=_on_grid(self.mouth.tongue, UNIT_GRID),
                tuck=_on_grid(self.mouth.tuck, UNIT_GRID),
                smile=_on_grid(self.mouth.smile, UNIT_GRID),
            ),
            gesture=self.gesture if reach else Gesture.NONE,
            reach=reach,
        )


REST = Pose()
"""At ease, looking at the viewer with a closed, friendly mouth: how each section begins and ends."""


def _on_grid(value: float, steps: int) -> float:
    return round(value * steps) / steps + 0.0  # + 0.0 turns -0.0 into 0.0
