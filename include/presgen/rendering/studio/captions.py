"""Captions burned into the picture: a pill with up to two lines, the word being said in another colour."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from presgen.rendering.fonts import font_folders, typeface
from presgen.rendering.studio.timeline import Caption

if TYPE_CHECKING:
    import skia

SIZE = 25.0
"""Points of a 1280 x 720 video. 42 wide characters fill the slides' part at 26."""
LEADING = 1.32
PAD_X, PAD_Y = 26.0, 11.0
RADIUS = 18.0
BOTTOM = 702.0
"""Where the pill ends; above the progress line."""
WEIGHT = 600

GROUND = "#0E1B36"
PLAIN = "#FFFFFF"
MARKED = "#7FE3F0"
"""Both colours on the ground: at least 11:1."""

_INFINITE = 100_000.0


class Pill:
    """One caption, ready to be drawn with any of its words marked."""

    def __init__(self, caption: Caption, width: int, scale: float) -> None:
        """Measure the caption, in the middle of a picture part that is ``width`` pixels wide."""
        self._caption = caption
        self._scale = scale
        paragraph = self._paragraph(None)
        text_width, text_height = paragraph.LongestLine, paragraph.Height
        # Longer than a line can be: whole letters grow smaller, nothing is cut.
        room = width / scale - 2 * (PAD_X + 8)
        self._shrink = min(1.0, room / max(text_width, 1.0))
        height = text_height * self._shrink + 2 * PAD_Y
        half = text_width * self._shrink / 2 + PAD_X
        centre = width / scale / 2
        self._pill = (centre - half, BOTTOM - height, centre + half, BOTTOM)
        self._at = (centre, BOTTOM - height + PAD_Y)
        left, top, right, bottom = (edge * scale for edge in self._pill)
        self.x, self.y = _even_down(left), _even_down(top)
        self.width, self.height = _even_up(right) - self.x, _even_up(bottom) - self.y
        """The box it fills, in pixels, all even."""

    def draw(self, ground: NDArray[np.uint8], word: int | None) -> NDArray[np.uint8]:
        """Return the box of the caption, (height, width, 4), BGRA, with ``word`` marked.

        ``ground`` is the picture part without captions, which shows around the pill's corners.
        """
        import skia

        box = ground[self.y : self.y + self.height, self.x : self.x + self.width]
        pixels = np.ascontiguousarray(box).copy()
        info = skia.ImageInfo.MakeN32Premul(self.width, self.height)
        canvas = skia.Surface.MakeRasterDirect(info, pixels).getCanvas()
        canvas.translate(-self.x, -self.y)
        canvas.scale(self._scale, self._scale)
        canvas.drawRoundRect(
            skia.Rect(*self._pill), RADIUS, RADIUS, skia.Paint(Color=_colour(GROUND), AntiAlias=True)
        )
        canvas.translate(*self._at)
        canvas.scale(self._shrink, self._shrink)
        self._paragraph(word).paint(canvas, -_INFINITE / 2, 0)
        return pixels

    def _paragraph(self, word: int | None) -> Any:
        import skia

        style, fonts, unicode = _setting()
        builder = skia.textlayout.ParagraphBuilder.make(style, fonts, unicode)
        for number, line in enumerate(self._caption.lines):
            if number:
                builder.addText("\n")
            for place, token in enumerate(line):
                if place:
                    builder.addText(" ")
                builder.pushStyle(_style(MARKED if token.word == word else PLAIN))
                builder.addText(token.text)
                builder.pop()
        paragraph = builder.Build()
        paragraph.layout(_INFINITE)
        return paragraph


@cache
def _setting() -> tuple[Any, Any, Any]:
    """Return the paragraph style, the fonts and the Unicode tables, made once a process."""
    import skia

    layout = skia.textlayout
    provider = layout.TypefaceFontProvider()
    for folder, name in enumerate(_families()):
        provider.registerTypeface(typeface(WEIGHT, SIZE, folder), name)
    fonts = layout.FontCollection()
    fonts.setDefaultFontManager(provider)
    style = layout.ParagraphStyle()
    style.setTextAlign(layout.TextAlign.kCenter)
    style.setTextStyle(_style(PLAIN))
    return style, fonts, skia.Unicodes.ICU.Make()


@cache
def _style(colour: str) -> Any:
    import skia

    style = skia.textlayout.TextStyle()
    style.setFontFamilies(_families())
    style.setFontSize(SIZE)
    style.setHeight(LEADING)
    style.setHeightOverride(True)
    style.setHalfLeading(True)
    style.setColor(_colour(colour))
    return style


def _families() -> list[str]:
    return [f"captions-{folder}" for folder in range(len(font_folders()))]


def _colour(colour: str) -> skia.Color:
    import skia

    red, green, blue = bytes.fromhex(colour.removeprefix("#"))
    return skia.Color(red, green, blue)


def _even_down(edge: float) -> int:
    return int(edge // 2) * 2


def _even_up(edge: float) -> int:
    return -int(-edge // 2) * 2
