"""Captions burned into the picture: a pill with a few lines, the word being said in another colour."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from presgen.brands import Palette
from presgen.rendering.fonts import font_files, typeface
from presgen.rendering.studio.scene import Box, Scene
from presgen.rendering.studio.timeline import Caption

if TYPE_CHECKING:
    import skia

LEADING = 1.32
PAD_X, PAD_Y = 26.0, 11.0
RADIUS = 18.0
EDGE = 2.0
"""Points that stay free on all sides of the captions' box."""
WEIGHT = 600

_INFINITE = 100_000.0
_BALANCING = 7
"""Halvings in the search for the narrowest lines that are not more lines."""

Pixels = NDArray[np.uint8]


class Pill:
    """One caption, ready to be drawn with any of its words marked."""

    def __init__(self, caption: Caption, scene: Scene, scale: float, palette: Palette) -> None:
        """Measure the caption, at the foot of its box in ``scene``, ``scale`` pixels a point.

        Its lines stay as they are, if they fit; else they are broken anew, and only where that is not enough
        do its letters grow smaller. Nothing is cut.
        """
        self._caption = caption
        self._scale = scale
        self._palette = palette
        self._size = float(scene.lettering)
        box = scene.captions
        room_x, room_y = box.width - 2 * (PAD_X + EDGE), box.height - 2 * (PAD_Y + EDGE)
        self._width = _INFINITE
        self._broken = False
        paragraph = self._paragraph(None)
        if paragraph.LongestLine > room_x:
            self._broken = True
            self._width = self._balanced(room_x)
            paragraph = self._paragraph(None)
        width, height = paragraph.LongestLine, paragraph.Height
        self._shrink = min(1.0, room_x / max(width, 1.0), room_y / max(height, 1.0))
        self._place(box, width * self._shrink / 2 + PAD_X, height * self._shrink + 2 * PAD_Y)

    def draw(self, ground: Pixels, word: int | None) -> Pixels:
        """Return the box of the caption, (height, width, 4), BGRA, with ``word`` marked.

        ``ground`` is the whole picture without captions, which shows around the pill's corners.
        """
        pixels = np.ascontiguousarray(ground[self.y : self.y + self.height, self.x : self.x + self.width])
        if pixels.base is not None:
            pixels = pixels.copy()
        self.paint(_canvas(pixels, self.x, self.y), word)
        return pixels

    def paint(self, canvas: skia.Canvas, word: int | None) -> None:
        """Paint the caption where it belongs on a canvas that shows the whole picture."""
        import skia

        canvas.save()
        canvas.scale(self._scale, self._scale)
        ground = skia.Paint(Color=_colour(self._palette.caption_ground), AntiAlias=True)
        canvas.drawRoundRect(skia.Rect(*self._pill), RADIUS, RADIUS, ground)
        canvas.translate(*self._at)
        canvas.scale(self._shrink, self._shrink)
        self._paragraph(word).paint(canvas, -self._width / 2, 0)
        canvas.restore()

    def _place(self, box: Box, half: float, height: float) -> None:
        centre, bottom = box.x + box.width / 2, box.bottom - EDGE
        self._pill = (centre - half, bottom - height, centre + half, bottom)
        self._at = (centre, bottom - height + PAD_Y)
        left, top, right, below = (edge * self._scale for edge in self._pill)
        self.x, self.y = _even_down(left), _even_down(top)
        self.width, self.height = _even_up(right) - self.x, _even_up(below) - self.y
        """The box it fills, in pixels, all even."""

    def _balanced(self, room: float) -> float:
        """Return the least width at which the text takes no more lines than in all of ``room``."""
        paragraph = self._paragraph(None)
        paragraph.layout(room)
        tallest, narrow, wide = paragraph.Height, room / 3, room
        for _ in range(_BALANCING):
            middle = (narrow + wide) / 2
            paragraph.layout(middle)
            fits = paragraph.Height <= tallest and paragraph.LongestLine <= middle
            narrow, wide = (narrow, middle) if fits else (middle, wide)
        return wide

    def _paragraph(self, word: int | None) -> Any:
        import skia

        setting = _setting(self._size, self._palette.caption)
        builder = skia.textlayout.ParagraphBuilder.make(*setting)
        for number, line in enumerate(self._caption.lines):
            if number:
                builder.addText(" " if self._broken else "\n")
            for place, token in enumerate(line):
                if place:
                    builder.addText(" ")
                colour = self._palette.caption_marked if token.word == word else self._palette.caption
                builder.pushStyle(_style(self._size, colour))
                builder.addText(token.text)
                builder.pop()
        paragraph = builder.Build()
        paragraph.layout(self._width)
        return paragraph


def lettered(text: str, size: float, colour: str) -> Any:
    """Return ``text`` on one line, laid out from the left, in the captions' typeface."""
    import skia

    builder = skia.textlayout.ParagraphBuilder.make(*_setting(size, colour, centred=False))
    builder.addText(text)
    paragraph = builder.Build()
    paragraph.layout(_INFINITE)
    return paragraph


@cache
def _setting(size: float, colour: str, centred: bool = True) -> tuple[Any, Any, Any]:
    """Return the paragraph style, the fonts and the Unicode tables, made once a process."""
    import skia

    layout = skia.textlayout
    style = layout.ParagraphStyle()
    style.setTextAlign(layout.TextAlign.kCenter if centred else layout.TextAlign.kLeft)
    style.setTextStyle(_style(size, colour))
    return style, _fonts(size), skia.Unicodes.ICU.Make()


@cache
def _fonts(size: float) -> Any:
    import skia

    provider = skia.textlayout.TypefaceFontProvider()
    for folder, name in enumerate(_families()):
        provider.registerTypeface(typeface(WEIGHT, size, folder), name)
    fonts = skia.textlayout.FontCollection()
    fonts.setDefaultFontManager(provider)
    return fonts


@cache
def _style(size: float, colour: str) -> Any:
    import skia

    style = skia.textlayout.TextStyle()
    style.setFontFamilies(_families())
    style.setFontSize(size)
    style.setHeight(LEADING)
    style.setHeightOverride(True)
    style.setHalfLeading(True)
    style.setColor(_colour(colour))
    return style


def _families() -> list[str]:
    return [f"captions-{folder}" for folder in range(len(font_files()))]


def _canvas(pixels: Pixels, x: int, y: int) -> skia.Canvas:
    """Return a canvas of the whole picture, of which ``pixels`` are the part at (x, y)."""
    import skia

    height, width, _ = pixels.shape
    canvas = skia.Surface.MakeRasterDirect(skia.ImageInfo.MakeN32Premul(width, height), pixels).getCanvas()
    canvas.translate(-x, -y)
    return canvas


def _colour(colour: str) -> skia.Color:
    import skia

    red, green, blue = bytes.fromhex(colour.removeprefix("#"))
    return skia.Color(red, green, blue)


def _even_down(edge: float) -> int:
    return int(edge // 2) * 2


def _even_up(edge: float) -> int:
    return -int(-edge // 2) * 2
