"""Layers: painted once a process, turned once for each lean of the head, then only shown."""

from __future__ import annotations

import math
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass

import numpy as np
import skia
from numpy.typing import NDArray

from presgen.model.lesson import Framing
from presgen.rendering.studio.stage.look import Painter, Piece
from presgen.rendering.studio.stage.paint import Area, Canvas
from presgen.rendering.studio.stage.pose import Pose

PIVOT = (0.0, 440.0)
"""The point of the stage the head leans about."""

HIPS = (0.0, 1100.0)
"""The point of the stage the body leans about."""

_HEAD_BREATH = 0.8
"""Share of the chest's movement that reaches the head."""

LINEAR = skia.SamplingOptions(skia.FilterMode.kLinear)

_FOOT = 720.0
"""What of a body counts for its middle: shoulders and chest, not what is below the picture."""

_BAND = 16
"""Rows that are looked at together for what is empty."""

_MARGIN = 3
"""Pixels around a layer for its soft edge, and for what a lean is rounded."""

_LEANS = 4
"""Leans a degree for which layers are turned. Their middles are placed exactly all the same."""

_FINER = 2.0
"""Pixels of an original for one of the picture: turned at this size, it stays sharp."""

_BODY_FINER = 1.4
"""The same for bodies, which are large, soft, and hardly turn."""


@dataclass(frozen=True, slots=True)
class Layer:
    """Something painted once and shown many times."""

    piece: Piece
    depth: float
    """Units in front of the head's axis: how far it travels when the head turns."""


@dataclass(frozen=True, slots=True)
class Crop:
    """Which part of the stage a picture shows, and how large."""

    width: int
    height: int
    scale: float
    """Pixels a unit."""
    top: float
    """The stage's height at the picture's upper edge; sideways the presenter is in the middle."""

    @classmethod
    def of(cls, width: int, height: int, framing: Framing = Framing.BESIDE) -> Crop:
        """Return what a picture of that size shows.

        ``FULL`` reaches from above the head to the waist and holds both arms, ``INSET`` is the head alone,
        and everything else is head and shoulders.
        """
        if framing is Framing.FULL:
            scale = max(min(width / 690, height / 940), height / 1290)
            return cls(width, height, scale, top=32 - 0.72 * (height / scale - 940))
        if framing is Framing.INSET:
            scale = max(min(width, height) / 416, max(width, height) / 1100)
            return cls(width, height, scale, top=(500 - height / scale) * 0.57)
        scale = max(min(width / 400, height / 600), height / 1290, width / 1700)
        return cls(width, height, scale, top=(720 - height / scale) * 0.36)

    def matrix(self, roll: float = 0.0, shift: tuple[float, float] = (0.0, 0.0)) -> skia.Matrix:
        """Return the way from the stage to the picture for a head that leans and has moved."""
        matrix = skia.Matrix.Translate(self.width / 2, -self.top * self.scale)
        matrix.preScale(self.scale, self.scale)
        matrix.preTranslate(*shift)
        matrix.preRotate(roll, *PIVOT)
        return matrix

    def stance(self, lean: float, shift: tuple[float, float] = (0.0, 0.0)) -> skia.Matrix:
        """Return the way from the stage to the picture for a body that leans."""
        matrix = self.matrix(shift=shift)
        matrix.preRotate(lean, *HIPS)
        return matrix

    def covering(self, area: Area, roll: float = 0.0, shift: tuple[float, float] = (0.0, 0.0)) -> skia.IRect:
        """Return the whole pixels that hold ``area`` of the head."""
        return _pixels(self.matrix(roll, shift), area)

    def covering_body(self, area: Area, lean: float, shift: tuple[float, float] = (0.0, 0.0)) -> skia.IRect:
        """Return the whole pixels of the picture that hold ``area`` of the body."""
        pixels = _pixels(self.stance(lean, shift), area)
        if not pixels.intersect(skia.IRect.MakeWH(self.width, self.height)):
            return skia.IRect.MakeWH(1, 1)
        return pixels


def _pixels(matrix: skia.Matrix, area: Area) -> skia.IRect:
    corners = skia.Rect(area.left, area.top, area.right, area.bottom)
    return matrix.mapRect(corners).makeOutset(_MARGIN, _MARGIN).roundOut()


@dataclass(frozen=True, slots=True)
class Baked:
    """A layer as pixels, and where its upper left corner belongs on the picture."""

    image: skia.Image
    x: int
    y: int
    painted: skia.Region
    """Pixels of the image, and a little around them, outside of which it is empty."""

    @property
    def bytes(self) -> int:
        """How much memory it takes."""
        return int(self.image.width() * self.image.height() * 4)

    def show(self, canvas: Canvas, right: float, down: float) -> None:
        """Show it ``right`` and ``down`` pixels from where it belongs, and skip what is empty."""
        x, y = self.x + right, self.y + down
        if canvas.quickReject(skia.Rect.MakeXYWH(x, y, self.image.width(), self.image.height())):
            return
        canvas.save()
        canvas.clipRegion(self.painted.translate(math.floor(x), math.floor(y)))
        canvas.drawImage(self.image, x, y, LINEAR)
        canvas.restore()


class Shelf:
    """Keeps what was made last, as many bytes as there is room for."""

    def __init__(self, room: int) -> None:
        """Keep at most ``room`` bytes of pixels, and always the last thing made."""
        self._room = room
        self._used = 0
        self._kept: OrderedDict[Hashable, Baked] = OrderedDict()

    def take(self, key: Hashable, make: Callable[[], Baked]) -> Baked:
        """Return what lies there under ``key``; make it first if need be."""
        if (baked := self._kept.get(key)) is not None:
            self._kept.move_to_end(key)
            return baked
        baked = self._kept[key] = make()
        self._used += baked.bytes
        while self._used > self._room and len(self._kept) > 1:
            _, oldest = self._kept.popitem(last=False)
            self._used -= oldest.bytes
        return baked


_TURNED = Shelf(50_000_000)
"""Heads and bodies at every lean: a talk goes through some ten of them, of six layers each."""

_ORIGINALS = Shelf(28_000_000)
"""What is turned: at 1080 lines one presenter's need 26 MB."""

_SPRITES = Shelf(4_000_000)
"""Eyes: most of the time they are open and look at the viewer."""


@dataclass(frozen=True, slots=True)
class Placed:
    """A layer that is turned nearly as it should be, and how far from there its middle belongs."""

    baked: Baked
    right: float
    down: float
    """Pixels."""

    def show(self, canvas: Canvas, right: float, down: float) -> None:
        """Show it ``right`` and ``down`` pixels from where it belongs."""
        self.baked.show(canvas, self.right + right, self.down + down)


def leaning_head(piece: Piece, crop: Crop, roll: float) -> Placed:
    """Return a piece of a head that leans ``roll`` degrees.

    Only its middle is where it should be, to the pixel: turned for each small step of ``roll``, layers would
    take more memory than there is, or more time.
    """
    rounded = _rounded(roll)
    return _placed(baked(piece, crop, rounded), piece.area, crop.matrix(roll), crop.matrix(rounded))


def leaning_body(piece: Piece, crop: Crop, lean: float) -> Placed:
    """Return all of a piece of the body that the picture shows, for a body that leans ``lean`` degrees."""
    rounded = _rounded(lean)
    return _placed(_leaning(piece, crop, rounded), piece.area, crop.stance(lean), crop.stance(rounded))


def _rounded(angle: float) -> float:
    return round(angle * _LEANS) / _LEANS + 0.0


def _placed(baked: Baked, area: Area, exact: skia.Matrix, rounded: skia.Matrix) -> Placed:
    middle = skia.Point((area.left + area.right) / 2, (area.top + min(area.bottom, _FOOT)) / 2)
    there, here = exact.mapXY(middle.x(), middle.y()), rounded.mapXY(middle.x(), middle.y())
    return Placed(baked, there.x() - here.x(), there.y() - here.y())


def baked(piece: Piece, crop: Crop, roll: float) -> Baked:
    """Return a piece of a head, turned by exactly ``roll`` degrees.

    The original is turned: painting it again for every lean would take ten times as long.
    """
    return _TURNED.take(
        (piece, crop, roll),
        lambda: _turned(piece, crop.scale * _FINER, crop.matrix(roll), crop.covering(piece.area, roll)),
    )


def _leaning(piece: Piece, crop: Crop, lean: float) -> Baked:
    pixels = crop.covering_body(piece.area, lean)
    if not lean:
        return _TURNED.take((piece, crop, "upright"), lambda: _painted(piece.paint, crop.stance(0.0), pixels))
    return _TURNED.take(
        (piece, crop, "lean", lean),
        lambda: _turned(piece, crop.scale * _BODY_FINER, crop.stance(lean), pixels),
    )


def still(paint: Painter, area: Area, crop: Crop) -> Baked:
    """Paint, and keep nowhere, all of ``area`` that the picture shows of an upright body."""
    return _painted(paint, crop.stance(0.0), crop.covering_body(area, 0.0))


def sprite(key: Hashable, piece: Piece, crop: Crop, roll: float) -> Placed:
    """Return something small of a head that leans, which looks the same whenever ``key`` is the same."""
    rounded = _rounded(roll)
    baked = _SPRITES.take(
        (key, crop, rounded),
        lambda: _painted(piece.paint, crop.matrix(rounded), crop.covering(piece.area, rounded)),
    )
    return _placed(baked, piece.area, crop.matrix(roll), crop.matrix(rounded))


def _painted(paint: Painter, matrix: skia.Matrix, pixels: skia.IRect) -> Baked:
    surface = _surface(pixels.width(), pixels.height())
    canvas = surface.getCanvas()
    canvas.translate(-pixels.left(), -pixels.top())
    canvas.concat(matrix)
    paint(canvas)
    return baked_pixels(surface, pixels)


def _turned(piece: Piece, finer: float, matrix: skia.Matrix, pixels: skia.IRect) -> Baked:
    surface = _surface(pixels.width(), pixels.height())
    canvas = surface.getCanvas()
    canvas.translate(-pixels.left(), -pixels.top())
    canvas.concat(matrix)
    original = _ORIGINALS.take((piece, finer), lambda: _original(piece, finer))
    canvas.translate(piece.area.left, piece.area.top)
    canvas.scale(1 / finer, 1 / finer)
    canvas.drawImage(original.image, 0, 0, LINEAR)
    return baked_pixels(surface, pixels)


def _original(piece: Piece, finer: float) -> Baked:
    """Paint a piece upright, at ``finer`` pixels a unit."""
    area = piece.area
    size = math.ceil((area.right - area.left) * finer), math.ceil((area.bottom - area.top) * finer)
    matrix = skia.Matrix.Scale(finer, finer)
    matrix.preTranslate(-area.left, -area.top)
    return _painted(piece.paint, matrix, skia.IRect.MakeWH(*size))


def _surface(width: int, height: int) -> skia.Surface:
    surface = skia.Surface(width, height)
    surface.getCanvas().clear(0)
    return surface


def baked_pixels(surface: skia.Surface, pixels: skia.IRect) -> Baked:
    """Return what was painted on ``surface``, to be shown at ``pixels`` of the picture."""
    image = surface.makeImageSnapshot()
    alpha = np.zeros((surface.height(), surface.width()), np.uint8)
    image.readPixels(skia.ImageInfo.MakeA8(surface.width(), surface.height()), alpha, surface.width())
    return Baked(image, pixels.left(), pixels.top(), painted_region(alpha))


def painted_region(alpha: NDArray[np.uint8]) -> skia.Region:
    """Return whole pixels around all that is not empty, with room for a shift of less than a pixel."""
    region = skia.Region()
    for top in range(0, len(alpha), _BAND):
        columns = np.flatnonzero(alpha[top : top + _BAND].any(axis=0))
        if not len(columns):
            continue
        gaps = np.flatnonzero(np.diff(columns) > _BAND)
        starts, ends = columns[[0, *(gaps + 1)]], columns[[*gaps, -1]]
        for start, end in zip(starts.tolist(), ends.tolist(), strict=True):
            run = skia.IRect.MakeLTRB(start - 1, top - 1, end + 3, top + _BAND + 2)
            region.op(run, skia.Region.kUnion_Op)
    return region


def shift_of(pose: Pose, depth: float) -> tuple[float, float]:
    """Return how far, in units, something of the head at ``depth`` is from where it is at rest."""
    right, down = sway_of(pose, PIVOT[1])
    return (
        right + depth * math.sin(math.radians(pose.yaw)),
        depth * math.sin(math.radians(pose.pitch)) + _HEAD_BREATH * down,
    )


def sway_of(pose: Pose, height: float) -> tuple[float, float]:
    """Return how far, in units, the body's middle at a height of the stage is from where it is at rest."""
    return math.sin(math.radians(pose.lean)) * (HIPS[1] - height), pose.breath
