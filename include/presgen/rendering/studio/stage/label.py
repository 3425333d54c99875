"""The pill that says who speaks, and that it is a machine."""

from __future__ import annotations

import skia

from presgen.model.lesson import Framing
from presgen.rendering.fonts import typeface
from presgen.rendering.studio.stage.layers import Baked, baked_pixels
from presgen.rendering.studio.stage.paint import fill, line

_SIZE = 16.5
_HEIGHT = 36.0
_INSET = 24.0
"""Points from the picture's edges."""

_ROOM = 50.0
"""Points of the pill beside its text."""

_WEIGHT = 600


def baked_label(text: str, width: int, height: int, framing: Framing) -> Baked | None:
    """Return the pill for a picture of that size; None where it would be too small to read.

    It lies in the lower left corner, and in the upper one of a full framing, whose foot is for captions.
    """
    full = framing is Framing.FULL
    scale = (min(width, height) if full else max(width, height)) / 720
    font = skia.Font(typeface(_WEIGHT, _SIZE * scale), _SIZE * scale)
    font.setSubpixel(True)
    font.setHinting(skia.FontHinting.kNone)
    font.setEdging(skia.Font.Edging.kAntiAlias)
    long, high = font.measureText(text) + _ROOM * scale, _HEIGHT * scale
    if framing is Framing.INSET:
        return None
    x, y = round(_INSET * scale), round(_INSET * scale if full else height - (_INSET + _HEIGHT) * scale)
    surface = skia.Surface(min(width - x, int(long) + 3), int(high) + 3)
    canvas = surface.getCanvas()
    canvas.clear(0)
    pill = skia.Rect.MakeXYWH(1, 1, long, high)
    canvas.drawRoundRect(pill, high / 2, high / 2, fill("#0B1530BF"))
    canvas.drawRoundRect(pill, high / 2, high / 2, line("#FFFFFF30", scale))
    canvas.drawCircle(1 + 20 * scale, 1 + high / 2, 7.5 * scale, fill("#4ADE9C33"))
    canvas.drawCircle(1 + 20 * scale, 1 + high / 2, 4.2 * scale, fill("#4ADE9C"))
    canvas.drawString(text, 1 + 34 * scale, 1 + high / 2 + _SIZE * scale * 0.36, font, fill("#FFFFFF"))
    return baked_pixels(surface, skia.IRect.MakeXYWH(x, y, surface.width(), surface.height()))
