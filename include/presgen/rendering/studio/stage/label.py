"""The pill that says who speaks, and that it is a machine."""

from __future__ import annotations

import skia

from presgen.rendering.fonts import typeface
from presgen.rendering.studio.stage.paint import Canvas, fill, line

_SIZE = 16.5
_HEIGHT = 36.0
_INSET = 24.0
"""Units from the panel's left edge."""

_WEIGHT = 600


def paint_label(canvas: Canvas, text: str, left: float, bottom: float) -> None:
    """Paint the pill with its lower left corner inset from (``left``, ``bottom``) of the stage."""
    font = skia.Font(typeface(_WEIGHT, _SIZE), _SIZE)
    font.setSubpixel(True)
    font.setHinting(skia.FontHinting.kNone)
    font.setEdging(skia.Font.Edging.kAntiAlias)
    x, y = left + _INSET, bottom - _INSET - _HEIGHT
    pill = skia.Rect.MakeXYWH(x, y, font.measureText(text) + 50, _HEIGHT)
    canvas.drawRoundRect(pill, _HEIGHT / 2, _HEIGHT / 2, fill("#0B1530BF"))
    canvas.drawRoundRect(pill, _HEIGHT / 2, _HEIGHT / 2, line("#FFFFFF30", 1.0))
    canvas.drawCircle(x + 20, y + _HEIGHT / 2, 7.5, fill("#4ADE9C33"))
    canvas.drawCircle(x + 20, y + _HEIGHT / 2, 4.2, fill("#4ADE9C"))
    canvas.drawString(text, x + 34, y + _HEIGHT / 2 + _SIZE * 0.36, font, fill("#FFFFFF"))
