"""The chart of the score by domain: its place on the slide, and its bars while they grow."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from presgen.model.base import Percent
from presgen.model.lesson import TitleSlide
from presgen.rendering.fonts import typeface

if TYPE_CHECKING:
    import skia

GROWS = 36
"""Frames from nothing to the full score: 1.2 seconds."""

TONES = ((85, "#22B08A"), (60, "#3D6BE5"), (45, "#EF9F33"), (0, "#E5566D"))
"""From that percentage on, that colour. The number beside the bar says the same without colour."""

_TRACK = "#E9EEF8"
_INK = "#14213D"
_THICKNESS = 14
_NUMBER = 17.0
_NUMBER_WIDTH = 56
_LAG = 0.09
"""Of the whole growth, by which each bar starts after the one above it."""


@dataclass(frozen=True, slots=True)
class Place:
    """A rectangle on the slide, in points of a 1280 x 720 video; multiples of 4, so even at 1080 too."""

    x: int
    y: int
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class ChartPlace:
    """Where the chart of a title slide is."""

    panel: Place
    rows: Place
    names: int
    """How wide the column of the domains' names is, at the left of the rows."""

    @property
    def bars(self) -> Place:
        """Where the bars and their numbers are."""
        rows, taken = self.rows, self.names + 20
        return Place(rows.x + taken, rows.y, rows.width - taken, rows.height)

    def plain(self) -> dict[str, Any]:
        """Return the places as the templates take them."""
        return {"panel": asdict(self.panel), "rows": {**asdict(self.rows), "names": self.names}}


def place_of(slide: TitleSlide) -> ChartPlace:
    """Return where the chart of ``slide`` is: beside the score cards, or all across where there are none."""
    x = 304 if slide.cards else 56
    panel = Place(x, 320, 824 - x, 264)
    rows = Place(panel.x + 24, panel.y + 60, panel.width - 48, panel.height - 76)
    return ChartPlace(panel, rows, names=176 if slide.cards else 260)


def paint_bars(
    ground: NDArray[np.uint8], domains: Sequence[tuple[str, Percent]], grown: float, scale: float
) -> NDArray[np.uint8]:
    """Return ``ground``, the slide where the bars are, with the bars on it.

    Arrays are (height, width, 4), uint8, BGRA. ``grown`` runs from 0 to 1.
    """
    import skia

    pixels = np.ascontiguousarray(ground).copy()
    height, width, _ = pixels.shape
    canvas = skia.Surface.MakeRasterDirect(skia.ImageInfo.MakeN32Premul(width, height), pixels).getCanvas()
    canvas.scale(scale, scale)
    font = skia.Font(typeface(700, _NUMBER), _NUMBER)
    font.setSubpixel(True)
    pitch = height / scale / len(domains)
    length = width / scale - _NUMBER_WIDTH
    for row, (_, percent) in enumerate(domains):
        eased = _eased(grown, row, len(domains))
        top = (row + 0.5) * pitch - _THICKNESS / 2
        track = skia.RRect.MakeRectXY(
            skia.Rect.MakeXYWH(0, top, length, _THICKNESS), _THICKNESS / 2, _THICKNESS / 2
        )
        canvas.drawRRect(track, _fill(_TRACK))
        if (filled := length * percent / 100 * eased) > 0:
            # A bar shorter than it is thick is the end of a longer one, seen through the track.
            canvas.save()
            canvas.clipRRect(track, skia.ClipOp.kIntersect, True)
            shown = max(filled, _THICKNESS)
            bar = skia.Rect.MakeXYWH(min(filled - _THICKNESS, 0.0), top, shown, _THICKNESS)
            canvas.drawRoundRect(bar, _THICKNESS / 2, _THICKNESS / 2, _fill(_tone(percent)))
            canvas.restore()
        number = f"{round(percent * eased)}%"
        right = width / scale - font.measureText(number)
        canvas.drawString(number, right, (row + 0.5) * pitch + _NUMBER * 0.36, font, _fill(_INK))
    return pixels


def _eased(grown: float, row: int, rows: int) -> float:
    own = min(1.0, max(0.0, grown * (1 + _LAG * (rows - 1)) - _LAG * row))
    return float(1 - (1 - own) ** 3)


def _tone(percent: float) -> str:
    return next(colour for least, colour in TONES if percent >= least)


def _fill(colour: str) -> skia.Paint:
    import skia

    red, green, blue = bytes.fromhex(colour.removeprefix("#"))
    return skia.Paint(Color=skia.Color(red, green, blue), AntiAlias=True)
