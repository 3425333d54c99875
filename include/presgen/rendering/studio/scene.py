"""Where things are in the picture: slide, presenter, captions and progress line, for each framing and shape.

Numbers are points: the shorter side of every picture has 720 of them. All are multiples of 4, so that boxes
are even pixels at 720, 1080 and 1440 lines.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from presgen.errors import BadInput
from presgen.media.formats import Format
from presgen.model.lesson import Framing, Section, SectionKind

Shape: TypeAlias = Literal["landscape", "portrait", "square"]


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle of the picture, in points."""

    x: int
    y: int
    width: int
    height: int

    @property
    def right(self) -> int:
        """Where it ends."""
        return self.x + self.width

    @property
    def bottom(self) -> int:
        """Where it ends."""
        return self.y + self.height

    def meets(self, other: Box) -> bool:
        """Whether both share a part of the picture."""
        return (
            self.x < other.right and other.x < self.right and self.y < other.bottom and other.y < self.bottom
        )


@dataclass(frozen=True, slots=True)
class Scene:
    """One way to divide the picture."""

    framing: Framing
    paper: Box
    """The ground that slide, captions and progress line lie on: everything but a presenter beside it."""
    slide: Box | None
    """Where slides draw, margins included; None: the presenter has the picture."""
    presenter: Box | None
    inset_radius: int
    """0: the presenter's box has straight edges; else the radius of its corners, as on a card."""
    captions: Box
    """Burned captions stand at its lower edge, in its middle, and fill it at most."""
    lettering: int
    """How large captions are set."""
    line: Box | None
    """The progress line; None: there is none while the presenter has the picture."""
    note: Box | None = None
    """Where it says that presenter or voice are made by a machine; None: inside the presenter's picture."""


_SCENES: dict[tuple[Shape, Framing], Scene] = {
    ("landscape", Framing.FULL): Scene(
        Framing.FULL, Box(0, 0, 1280, 720), None, Box(0, 0, 1280, 720), 0,
        Box(204, 612, 872, 100), 25, None,
    ),
    ("landscape", Framing.BESIDE): Scene(
        Framing.BESIDE, Box(0, 0, 880, 720), Box(0, 0, 880, 604), Box(880, 0, 400, 720), 0,
        Box(0, 604, 880, 100), 25, Box(0, 716, 880, 4),
    ),
    ("landscape", Framing.INSET): Scene(
        Framing.INSET, Box(0, 0, 1280, 720), Box(0, 0, 1280, 520), Box(1096, 524, 160, 160), 80,
        Box(204, 604, 872, 100), 25, Box(0, 716, 1280, 4), Box(1084, 680, 184, 24),
    ),
    ("landscape", Framing.ABSENT): Scene(
        Framing.ABSENT, Box(0, 0, 1280, 720), Box(0, 0, 1280, 604), None, 0,
        Box(204, 604, 872, 100), 25, Box(0, 716, 1280, 4), Box(24, 680, 172, 24),
    ),
    ("portrait", Framing.FULL): Scene(
        Framing.FULL, Box(0, 0, 720, 1280), None, Box(0, 0, 720, 1280), 0,
        Box(16, 1096, 688, 136), 28, None,
    ),
    ("portrait", Framing.BESIDE): Scene(
        Framing.BESIDE, Box(0, 440, 720, 840), Box(0, 440, 720, 680), Box(0, 0, 720, 440), 0,
        Box(16, 1120, 688, 136), 28, Box(0, 1276, 720, 4),
    ),
    ("portrait", Framing.INSET): Scene(
        Framing.INSET, Box(0, 0, 720, 1280), Box(0, 0, 720, 920), Box(532, 928, 164, 164), 82,
        Box(16, 1120, 688, 136), 28, Box(0, 1276, 720, 4), Box(520, 1088, 188, 24),
    ),
    ("portrait", Framing.ABSENT): Scene(
        Framing.ABSENT, Box(0, 0, 720, 1280), Box(0, 0, 720, 1092), None, 0,
        Box(16, 1096, 688, 136), 28, Box(0, 1276, 720, 4), Box(24, 1240, 672, 24),
    ),
    ("square", Framing.FULL): Scene(
        Framing.FULL, Box(0, 0, 720, 720), None, Box(0, 0, 720, 720), 0,
        Box(16, 608, 688, 100), 24, None,
    ),
    ("square", Framing.BESIDE): Scene(
        Framing.BESIDE, Box(0, 0, 720, 720), Box(0, 0, 720, 500), Box(516, 508, 180, 180), 28,
        Box(8, 508, 488, 196), 24, Box(0, 716, 720, 4), Box(516, 684, 180, 24),
    ),
    ("square", Framing.INSET): Scene(
        Framing.INSET, Box(0, 0, 720, 720), Box(0, 0, 720, 568), Box(588, 576, 112, 112), 56,
        Box(8, 580, 560, 124), 24, Box(0, 716, 720, 4), Box(572, 684, 144, 24),
    ),
    ("square", Framing.ABSENT): Scene(
        Framing.ABSENT, Box(0, 0, 720, 720), Box(0, 0, 720, 588), None, 0,
        Box(16, 592, 688, 92), 24, Box(0, 716, 720, 4), Box(24, 688, 672, 24),
    ),
}  # fmt: skip

_POINTS: dict[Shape, tuple[int, int]] = {
    "landscape": (1280, 720),
    "portrait": (720, 1280),
    "square": (720, 720),
}

HOME = Framing.BESIDE
"""How the presenter is framed where sections meet, on bare paper: joined, they neither jump nor flash."""

_BY_LAYOUT = {"comparison": Framing.INSET, "diagram": Framing.INSET, "code": Framing.ABSENT}
"""Dense slides need the room. The others leave the presenter beside them."""


def shape_of(format: Format) -> Shape:
    """Return how the picture is laid out: by its proportions."""
    if format.width * 10 > format.height * 12:
        return "landscape"
    return "portrait" if format.height * 10 > format.width * 12 else "square"


def scale_of(format: Format) -> float:
    """Return how many pixels a point has."""
    return min(format.width, format.height) / 720


def require_room(format: Format) -> None:
    """Make sure that the scenes fill the pictures of ``format``.

    Raises:
        BadInput: they do not, or edges would lie between pixels; the message says what would fit.
    """
    shape, scale = shape_of(format), scale_of(format)
    width, height = _POINTS[shape]
    if (format.width, format.height) != (width * scale, height * scale) or scale % 0.5:
        raise BadInput(
            f"Format {format.name!r} is {format.width}x{format.height}; the studio fills {shape} pictures of "
            f"{width}x{height}, or of that times 0.5, 1.5, 2 and so on."
        )


def scene_of(format: Format, framing: Framing) -> Scene:
    """Return how the pictures of ``format`` are divided with that framing."""
    return _SCENES[shape_of(format), framing]


def framing_of(section: Section) -> Framing:
    """Return how the presenter is framed while the slide of ``section`` teaches."""
    if section.framing is not None:
        return section.framing
    return _BY_LAYOUT.get(section.slide.layout, HOME)


def opens_full(section: Section) -> bool:
    """Whether the section begins with the presenter filling the picture: only a lesson's first one does."""
    return section.kind is SectionKind.OPENING
