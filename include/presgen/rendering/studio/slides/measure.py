"""Looks at slides with a ruler: what room each text has, what it takes, and whether anything went wrong."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from presgen.brands import Brand
from presgen.media.formats import Format
from presgen.model.lesson import Slide
from presgen.rendering.studio.scene import Scene
from presgen.rendering.studio.slides.deck import set_pages, slide_box, slide_data, told_by

NORMAL = {
    "kicker": 40,
    "title": 90,
    "subtitle": 90,
    "source": 70,
    "value": 14,
    "caption": 28,
    "bar": 36,
    "label": 40,
    "point": 170,
    "question": 260,
    "option": 100,
    "tag": 24,
    "why": 320,
    "recap": 90,
    "next": 90,
    "term": 48,
    "meaning": 320,
    "example": 240,
    "column": 24,
    "aspect": 28,
    "cell": 40,
    "code": 64,
    "note": 140,
    "quote": 280,
    "by": 60,
    "node": 28,
    "edge": 16,
}
"""Letters up to which a text of that role is of normal length: it must be shown whole, on every slide."""

TOLERANCE = 0.75
"""Points; letters are drawn on whole pixels."""


@dataclass(frozen=True, slots=True)
class Extent:
    """A rectangle within the slide, in points."""

    x: float
    y: float
    width: float
    height: float

    def holds(self, other: Extent) -> bool:
        """Whether ``other`` lies within it."""
        return (
            other.x >= self.x - TOLERANCE
            and other.y >= self.y - TOLERANCE
            and other.x + other.width <= self.x + self.width + TOLERANCE
            and other.y + other.height <= self.y + self.height + TOLERANCE
        )

    def meets(self, other: Extent) -> bool:
        """Whether both share more than an edge."""
        return (
            min(self.x + self.width, other.x + other.width) - max(self.x, other.x) > TOLERANCE
            and min(self.y + self.height, other.y + other.height) - max(self.y, other.y) > TOLERANCE
        )


@dataclass(frozen=True, slots=True)
class Block:
    """A text on a slide."""

    step: int
    role: str
    """What it is: title, point, option, …"""
    room: Extent
    """What it may fill."""
    taken: Extent
    """What it fills: from the top of its first line's capitals to the last line's base."""
    letters: int
    """How long the text is, East Asian letters counted double; of code, its longest line."""
    shortened: bool
    """Whether something was left out, and an ellipsis says so."""
    area: Extent
    """What the slide may fill."""


def measure(
    slide: Slide, steps: int, locale: str, scene: Scene, format: Format, brand: Brand
) -> tuple[Block, ...]:
    """Return every text of ``slide`` at steps 0 to ``steps``, as it is laid out there.

    Raises:
        BadInput: the scene has no slide.
    """
    del format  # Points are the same in all formats of one shape; the scene is of that shape.
    box = slide_box(scene)
    set_pages({**slide_data(slide, steps, locale, scene, brand), "measured": True}, 0.05, brand)
    area = Extent(0.0, 0.0, float(box.width), float(box.height))
    return tuple(_block(told, area) for told in told_by("block", brand))


def faults(blocks: Sequence[Block]) -> tuple[str, ...]:
    """Return what is wrong: texts outside their room or the slide, over each other, or cut."""
    found = [fault for block in blocks for fault in _alone(block)]
    found += [
        f"Step {one.step}: {one.role} and {other.role} overlap."
        for one, other in combinations(blocks, 2)
        if one.step == other.step and one.taken.meets(other.taken)
    ]
    return tuple(found)


def _alone(block: Block) -> list[str]:
    at = f"Step {block.step}: {block.role}"
    found = []
    if not block.room.holds(block.taken):
        found.append(f"{at} takes {block.taken}, more than {block.room}.")
    if not block.area.holds(block.taken):
        found.append(f"{at} leaves the slide.")
    if block.shortened and block.letters <= NORMAL[block.role]:
        found.append(f"{at} of {block.letters} letters is cut; up to {NORMAL[block.role]} are normal.")
    return found


def _block(told: dict[str, Any], area: Extent) -> Block:
    spare = told["block"] - told["width"]
    left = {"left": 0.0, "center": spare / 2, "right": spare}[told["side"]]
    return Block(
        step=told["page"] - 1,
        role=told["role"],
        room=Extent(*told["room"]),
        taken=Extent(told["x"] + left, told["y"], told["width"], told["height"]),
        letters=told["letters"],
        shortened=told["shortened"],
        area=area,
    )
