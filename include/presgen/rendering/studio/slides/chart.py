"""Bars, while they grow."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from presgen.brands import Brand
from presgen.model.base import Percent
from presgen.rendering.fonts import font_files, typeface

if TYPE_CHECKING:
    import skia

GROWS = 36
"""Frames from nothing to the full score: 1.2 seconds."""

FROM = (85, 60, 45, 0)
"""From that percentage on, that of the palette's bar colours. The number beside the bar says the same."""

_THICKNESS = 0.34
"""Of the distance between bars."""
_LAG = 0.09
"""Of the whole growth, by which each bar starts after the one above it."""


def paint_bars(
    ground: NDArray[np.uint8],
    bars: Sequence[tuple[str, Percent]],
    grown: float,
    scale: float,
    brand: Brand,
    *,
    mirrored: bool = False,
) -> NDArray[np.uint8]:
    """Return ``ground``, the slide where the bars are, with the bars on it.

    Arrays are (height, width, 4), uint8, BGRA. ``grown`` runs from 0 to 1. ``mirrored``: from right to left.
    """
    import skia

    pixels = np.ascontiguousarray(ground).copy()
    height, width, _ = pixels.shape
    canvas = skia.Surface.MakeRasterDirect(skia.ImageInfo.MakeN32Premul(width, height), pixels).getCanvas()
    canvas.scale(scale, scale)
    broad = width / scale
    pitch = height / scale / len(bars)
    thickness = min(max(pitch * _THICKNESS, 8.0), 30.0)
    letters = min(max(pitch * 0.4, 13.0), 26.0)
    font = skia.Font(typeface(700, letters, font_files(brand)[0]), letters)
    font.setSubpixel(True)
    length = broad - font.measureText("100%") - letters * 0.75
    for row, (_, percent) in enumerate(bars):
        eased = _eased(grown, row, len(bars))
        middle = (row + 0.5) * pitch
        canvas.save()
        if mirrored:
            canvas.translate(broad, 0)
            canvas.scale(-1, 1)
        box = skia.Rect.MakeXYWH(0, middle - thickness / 2, length, thickness)
        track = skia.RRect.MakeRectXY(box, thickness / 2, thickness / 2)
        canvas.drawRRect(track, _fill(brand.palette.hairline))
        if (filled := length * percent / 100 * eased) > 0:
            # A bar shorter than it is thick is the end of a longer one, seen through the track.
            canvas.clipRRect(track, skia.ClipOp.kIntersect, True)
            shown = max(filled, thickness)
            bar = skia.Rect.MakeXYWH(min(filled - thickness, 0.0), middle - thickness / 2, shown, thickness)
            canvas.drawRoundRect(bar, thickness / 2, thickness / 2, _fill(tone(percent, brand)))
        canvas.restore()
        number = f"{round(percent * eased)}%"
        left = 0.0 if mirrored else broad - font.measureText(number)
        canvas.drawString(number, left, middle + letters * 0.364, font, _fill(brand.palette.ink))
    return pixels


def tone(percent: float, brand: Brand) -> str:
    """Return the colour of a bar."""
    return next(colour for least, colour in zip(FROM, brand.palette.bars, strict=True) if percent >= least)


def _eased(grown: float, row: int, rows: int) -> float:
    own = min(1.0, max(0.0, grown * (1 + _LAG * (rows - 1)) - _LAG * row))
    return float(1 - (1 - own) ** 3)


def _fill(colour: str) -> skia.Paint:
    import skia

    red, green, blue = bytes.fromhex(colour.removeprefix("#"))
    return skia.Paint(Color=skia.Color(red, green, blue), AntiAlias=True)
