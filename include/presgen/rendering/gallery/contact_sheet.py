"""Many pictures on one, each with its name, in rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import skia
from numpy.typing import NDArray

from presgen.rendering.studio.captions import lettered

Pixels = NDArray[np.uint8]

HEIGHT = 216
"""Pixels a picture is high on the sheet, whatever its shape."""
_GAP = 12
_LABEL = 26
_MARGIN = 32
_HEADING = 44
_GROUND = (0x22, 0x26, 0x2E)


@dataclass(frozen=True, slots=True)
class Row:
    """Pictures beside each other."""

    heading: str
    pictures: tuple[tuple[str, Pixels], ...]
    """(name, RGB) each."""


def thumbnail(rgb: Pixels, height: int = HEIGHT) -> Pixels:
    """Return the picture at that height, every pixel of it averaged in."""
    source = skia.Image.fromarray(_opaque(rgb), colorType=skia.kRGBA_8888_ColorType)
    width = max(1, round(rgb.shape[1] * height / rgb.shape[0]))
    pixels = np.zeros((height, width, 4), np.uint8)
    info = skia.ImageInfo.Make(width, height, skia.kRGBA_8888_ColorType, skia.kOpaque_AlphaType)
    sampling = skia.SamplingOptions(skia.FilterMode.kLinear, skia.MipmapMode.kLinear)
    canvas = skia.Surface.MakeRasterDirect(info, pixels).getCanvas()
    whole = skia.Rect.MakeWH(source.width(), source.height())
    canvas.drawImageRect(source, whole, skia.Rect.MakeWH(width, height), sampling, skia.Paint())
    return pixels[..., :3].copy()


def contact_sheet(rows: Sequence[Row]) -> Pixels:
    """Return one RGB picture with all rows, one under the other."""
    width = max(sum(rgb.shape[1] + _GAP for _, rgb in row.pictures) for row in rows) - _GAP + 2 * _MARGIN
    heights = [_HEADING + max(rgb.shape[0] for _, rgb in row.pictures) + _LABEL for row in rows]
    pixels = np.full((sum(heights) + 2 * _MARGIN, width, 4), 255, np.uint8)
    pixels[..., :3] = _GROUND
    info = skia.ImageInfo.Make(width, pixels.shape[0], skia.kRGBA_8888_ColorType, skia.kPremul_AlphaType)
    canvas = skia.Surface.MakeRasterDirect(info, pixels).getCanvas()
    top = _MARGIN
    for row, height in zip(rows, heights, strict=True):
        lettered(row.heading, 22.0, "#FFFFFF").paint(canvas, _MARGIN, top + 8)
        left = _MARGIN
        for name, rgb in row.pictures:
            picture = skia.Image.fromarray(_opaque(rgb), colorType=skia.kRGBA_8888_ColorType)
            canvas.drawImage(picture, left, top + _HEADING)
            canvas.save()
            canvas.clipRect(skia.Rect.MakeXYWH(left, 0, rgb.shape[1], pixels.shape[0]))
            lettered(name, 12.0, "#B9C2D0").paint(canvas, left, top + _HEADING + rgb.shape[0] + 4)
            canvas.restore()
            left += rgb.shape[1] + _GAP
        top += height
    return pixels[..., :3].copy()


def write_png(rgb: Pixels, path: Path) -> None:
    """Write an RGB picture."""
    image = skia.Image.fromarray(_opaque(rgb), colorType=skia.kRGBA_8888_ColorType)
    path.write_bytes(bytes(image.encodeToData(skia.kPNG, 100)))


def _opaque(rgb: Pixels) -> Pixels:
    pixels = np.full((*rgb.shape[:2], 4), 255, np.uint8)
    pixels[..., :3] = rgb
    return pixels
