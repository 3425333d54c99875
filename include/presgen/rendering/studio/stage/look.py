"""What differs between presenters: colours, shapes and the painters of hair, clothes and surroundings."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from presgen.rendering.studio.stage.features.arms import Sleeve
from presgen.rendering.studio.stage.features.brows import BrowShape
from presgen.rendering.studio.stage.features.eyes import EyeShape
from presgen.rendering.studio.stage.features.face import FaceShape, Skin
from presgen.rendering.studio.stage.features.hands import HandShape
from presgen.rendering.studio.stage.features.mouth import LipShape
from presgen.rendering.studio.stage.features.nose import NoseShape
from presgen.rendering.studio.stage.paint import Area, Canvas

Painter = Callable[[Canvas], None]
"""Paints in the coordinates of the stage (see ``paint``)."""


EVERYWHERE = Area(-10_000, -10_000, 10_000, 10_000)


@dataclass(frozen=True, slots=True)
class Piece:
    """Something to paint, and where."""

    paint: Painter
    area: Area
    """Holds all that it paints; what lies outside is cut off."""


@dataclass(frozen=True, slots=True)
class Look:
    """A presenter's looks. Layers are painted in the order of the painters below."""

    skin: Skin
    face: FaceShape
    eyes: EyeShape
    brows: BrowShape
    nose: NoseShape
    lips: LipShape
    backdrop: Painter
    """The room behind; covers whatever part of the stage is asked for."""
    behind: Piece
    """What is behind neck and shoulders and moves with the head: back hair, ears."""
    body: Piece
    """Neck, shoulders and clothes, with the arms down to the elbows."""
    sleeve: Sleeve
    """What the forearms wear."""
    complexion: Painter
    """The skin of the face, painted past its outline: the outline is cut where the jaw is."""
    front: Piece | None = None
    """What lies over the face and moves with it: front hair, a scarf."""
    worn: Piece | None = None
    """What sits on the nose: glasses."""
    hands: HandShape = field(default_factory=HandShape)
    blush: float = 0.34
    age: float = 0.0
    """0 … 1: how deep the lines are that laughing has left."""
