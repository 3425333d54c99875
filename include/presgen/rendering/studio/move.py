"""The presenter moves from one framing into another, while the paper behind them changes."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
import skia

from presgen.brands import Palette
from presgen.media.picture import Picture
from presgen.rendering.studio.mixing import Crossfade, eased, lay_over
from presgen.rendering.studio.scene import Shape
from presgen.rendering.studio.stage.pose import Pose
from presgen.rendering.studio.tile import RING, SHADOW, Tile, paint_label, paint_ring, paint_shadow, tile_of
from presgen.rendering.studio.view import Actor, View

_FACE = 300.0
"""The stage's height of the face, which goes straight from its place in one picture to that in the other."""
_SOONER = 0.7
"""The share of the move after which nothing is left of the presenter's first picture."""
_LIFT = 24.0
"""Points by which corners are rounded halfway, where neither end has round ones: a card in flight."""
_AWAY: dict[Shape, tuple[int, int]] = {"landscape": (1, 0), "portrait": (0, -1), "square": (0, 1)}
"""Where a presenter leaves the picture: to the right, upwards, downwards."""

_LINEAR = skia.SamplingOptions(skia.FilterMode.kLinear)


@dataclass(frozen=True, slots=True)
class Camera:
    """How the stage lies in the presenter's picture, in points of the tile."""

    scale: float
    """Points a unit."""
    face: float
    """How far down the face is."""


class Move:
    """The way from one view to the next."""

    def __init__(
        self, canvas: Picture, before: View, after: View, settled: int, shape: Shape, palette: Palette
    ) -> None:
        """Start from ``canvas``, which shows ``before``; ``after`` is entered at ``settled``."""
        self._before, self._after = before, after
        self._scale, self._palette = before.scale, palette
        self._size = (canvas.width, canvas.height)
        away = _AWAY[shape]
        leaves, comes = tile_of(before.scene), tile_of(after.scene)
        self._start = leaves or _beyond(comes, away)
        self._end = comes or _beyond(leaves, away)
        self._stays = leaves is not None and comes is not None
        """Whether the presenter is seen in both views."""
        ground, target = canvas.copy(), after.ground(settled)
        if before.scene.line is None:
            ground = target
        elif before.actor is not None:
            x, y, width, height = self._pixels(self._start)
            ground.put(before.backdrop.plain.window(x, y, width, height), x, y)
        self._ground = Crossfade(ground, target)

    def show(self, canvas: Picture, share: float, pose: Pose) -> None:
        """Show what is seen after that share of the move."""
        part = eased(share)
        self._ground.show(canvas, part)
        tile = _between(self._start, self._end, part)
        x, y, width, height = self._pixels(tile)
        if not width or not height:
            return
        pixels = np.zeros((height, width, 4), np.uint8)
        info = skia.ImageInfo.MakeN32Premul(width, height)
        painter = skia.Surface.MakeRasterDirect(info, pixels).getCanvas()
        painter.translate(-x, -y)
        painter.scale(self._scale, self._scale)
        paint_shadow(painter, tile, self._palette)
        self._paint_presenter(painter, tile, part, pose)
        paint_ring(painter, tile, self._palette)
        going, coming = max(0.0, 1 - 2 * part), max(0.0, 2 * part - 1)
        for view, shown in ((self._before, going), (self._after, coming)):
            self._paint_label(painter, view, tile, shown if self._stays else 1.0)
        lay_over(canvas.window(x, y, width, height), pixels, self._opaque(tile, x, y, width, height))

    def _paint_presenter(self, painter: skia.Canvas, tile: Tile, part: float, pose: Pose) -> None:
        """Paint the presenter as both views have them, one over the other."""
        gone = min(part / _SOONER, 1.0)
        takes = [
            (view.actor, place, shown)
            for view, place, shown in ((self._before, self._start, 1 - gone), (self._after, self._end, gone))
            if view.actor is not None
        ]
        for actor, _, _ in takes:
            actor.presenter.draw(pose)
        cameras = [self._camera(actor, place) for actor, place, _ in takes]
        camera = _on_the_way(cameras[0], cameras[-1], part)
        camera = replace(camera, face=camera.face * tile.height)
        # What shows more of the stage lies below, opaque.
        takes.sort(key=lambda take: take[0].crop.scale / take[0].crop.height)
        for rank, (actor, _, shown) in enumerate(takes):
            if rank and not shown:
                continue
            crop = actor.crop
            zoom = camera.scale / crop.scale
            matrix = skia.Matrix.Translate(
                tile.x + tile.width / 2 - crop.width / 2 * zoom,
                tile.y + camera.face + (crop.top - _FACE) * camera.scale,
            )
            matrix.preScale(zoom, zoom)
            picture = skia.Image.fromarray(
                actor.presenter.pixels, colorType=skia.kBGRA_8888_ColorType, copy=False
            )
            edge = skia.TileMode.kClamp if not rank else skia.TileMode.kDecal
            shader = picture.makeShader(edge, edge, _LINEAR, matrix)
            painter.drawRRect(
                tile.outline, skia.Paint(AntiAlias=True, Shader=shader, Alphaf=shown if rank else 1.0)
            )

    def _paint_label(self, painter: skia.Canvas, view: View, tile: Tile, shown: float) -> None:
        """Paint the label of ``view`` where the tile has the corner or the edge that it belongs to."""
        note, place = view.scene.note, view.scene.presenter
        if place is None or view.actor is None:
            return
        if note is not None:
            middle = tile.y + tile.height + note.y + note.height / 2 - place.bottom
            paint_label(painter, view.note, tile.x + tile.width / 2, middle, note.width, shown)
        elif (label := view.actor.label) is not None:
            x, y = label.x / self._scale, label.y / self._scale
            from_foot = place.height - y
            painter.save()
            painter.clipRRect(tile.outline, True)
            painter.translate(tile.x + x, tile.y + (y if y < from_foot else tile.height - from_foot))
            painter.scale(1 / self._scale, 1 / self._scale)
            painter.drawImage(label.image, 0, 0, _LINEAR, skia.Paint(Alphaf=shown))
            painter.restore()

    def _camera(self, actor: Actor, place: Tile) -> Camera:
        scale = actor.crop.scale / self._scale
        return Camera(scale, (_FACE - actor.crop.top) * scale / place.height)

    def _pixels(self, tile: Tile) -> tuple[int, int, int, int]:
        """Return the box of whole, even pixels that holds the tile, its shadow and its label."""
        around = SHADOW if tile.lifted else 0.0
        left, top = (tile.x - around) * self._scale, (tile.y - around) * self._scale
        right, bottom = (
            (tile.x + tile.width + around) * self._scale,
            (tile.y + tile.height + around) * self._scale,
        )
        x, y = max(0, math.floor(left / 2) * 2), max(0, math.floor(top / 2) * 2)
        width, height = self._size
        end_x, end_y = min(width, math.ceil(right / 2) * 2), min(height, math.ceil(bottom / 2) * 2)
        return x, y, max(0, end_x - x), max(0, end_y - y)

    def _opaque(self, tile: Tile, x: int, y: int, width: int, height: int) -> tuple[int, int, int, int]:
        """Return the largest box of the tile through which nothing shines, within the box that holds it."""
        corner = (1 - math.sqrt(0.5)) * tile.radius + RING
        left, top = (tile.x + corner) * self._scale - x, (tile.y + corner) * self._scale - y
        right = (tile.x + tile.width - corner) * self._scale - x
        bottom = (tile.y + tile.height - corner) * self._scale - y
        start_x, start_y = max(0, math.ceil(left / 2) * 2), max(0, math.ceil(top / 2) * 2)
        end_x, end_y = min(width, math.floor(right / 2) * 2), min(height, math.floor(bottom / 2) * 2)
        return start_x, start_y, end_x - start_x, end_y - start_y


def _beyond(tile: Tile | None, away: tuple[int, int]) -> Tile:
    """Return the tile moved out of the picture, shadow and all."""
    if tile is None:
        raise ValueError("There is no presenter in either framing; nothing moves.")
    around = 2 * SHADOW if tile.lifted else 0.0
    right, down = away
    return replace(tile, x=tile.x + right * (tile.width + around), y=tile.y + down * (tile.height + around))


def _between(start: Tile, end: Tile, part: float) -> Tile:
    x, y, width, height, radius, lifted = (
        getattr(start, name) + (getattr(end, name) - getattr(start, name)) * part
        for name in ("x", "y", "width", "height", "radius", "lifted")
    )
    if start.width == end.width and start.height == end.height:
        return Tile(x, y, width, height, radius, lifted)
    flight = math.sin(math.pi * part)
    return Tile(x, y, width, height, max(radius, _LIFT * flight), max(lifted, flight))


def _on_the_way(start: Camera, end: Camera, part: float) -> Camera:
    return Camera(start.scale ** (1 - part) * end.scale**part, start.face + (end.face - start.face) * part)
