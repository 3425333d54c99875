"""The presenter's picture as a card or a medal: its rounded outline, ring, shadow and label."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from presgen.brands import Palette
from presgen.rendering.studio.notice import paint_pill
from presgen.rendering.studio.scene import Scene

if TYPE_CHECKING:
    import skia

RING = 4.0
"""Points of the ring inside a tile's outline."""
SHADOW = 24.0
"""Points that a shadow reaches beyond its tile, at most."""
_SOFT, _DROP = 7.0, 5.0


@dataclass(frozen=True, slots=True)
class Tile:
    """Where the presenter's picture is, in points: somewhere between two scenes, or where a scene has it."""

    x: float
    y: float
    width: float
    height: float
    radius: float
    lifted: float
    """How much of a ring and a shadow it has: 0 fills a part of the picture, 1 lies on the paper."""

    @property
    def outline(self) -> skia.RRect:
        """The rounded rectangle."""
        import skia

        rect = skia.Rect.MakeXYWH(self.x, self.y, self.width, self.height)
        return skia.RRect.MakeRectXY(rect, self.radius, self.radius)


def tile_of(scene: Scene) -> Tile | None:
    """Return where ``scene`` has the presenter; None: nowhere."""
    box = scene.presenter
    if box is None:
        return None
    return Tile(box.x, box.y, box.width, box.height, scene.inset_radius, float(scene.inset_radius > 0))


def paint_shadow(canvas: skia.Canvas, tile: Tile, palette: Palette) -> None:
    """Paint what is under the tile."""
    import skia

    red, green, blue = bytes.fromhex(palette.shadow.removeprefix("#"))
    for soft, drop, alpha in ((_SOFT, _DROP, 62), (1.5, 1.0, 34)):
        paint = skia.Paint(AntiAlias=True, Color=skia.Color(red, green, blue, round(alpha * tile.lifted)))
        paint.setMaskFilter(skia.MaskFilter.MakeBlur(skia.kNormal_BlurStyle, soft))
        canvas.drawRRect(tile.outline.makeOffset(0, drop), paint)


def paint_ring(canvas: skia.Canvas, tile: Tile, palette: Palette) -> None:
    """Paint what is over the tile's edge."""
    import skia

    width = RING * tile.lifted
    if width < 0.05:
        return
    red, green, blue = bytes.fromhex(palette.surface.removeprefix("#"))
    inner = tile.outline
    inner.inset(width / 2, width / 2)
    paint = skia.Paint(
        AntiAlias=True,
        Color=skia.Color(red, green, blue, round(255 * tile.lifted)),
        Style=skia.Paint.kStroke_Style,
        StrokeWidth=width,
    )
    canvas.drawRRect(inner, paint)


def paint_label(
    canvas: skia.Canvas, text: str, centre: float, middle: float, room: float, shown: float = 1.0
) -> None:
    """Paint the small label around a point of the tile's lower edge, at most ``room`` wide."""
    import skia

    bounds = skia.Rect.MakeXYWH(centre - room / 2, middle - 16, room, 32)
    canvas.saveLayerAlpha(bounds, round(255 * shown))
    paint_pill(canvas, text, centre, middle, room)
    canvas.restore()
