"""Layers: painted once a process, turned once for each lean of the head, then only shown."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import skia
from numpy.typing import NDArray

from presgen.rendering.studio.stage.look import Area, Piece
from presgen.rendering.studio.stage.paint import Canvas
from presgen.rendering.studio.stage.pose import Pose

PIVOT = (0.0, 440.0)
"""The point of the stage the head leans about."""

_HEAD_BREATH = 0.8
"""Share of the chest's movement that reaches the head."""

LINEAR = skia.SamplingOptions(skia.FilterMode.kLinear)

_BAND = 16
"""Rows that are looked at together for what is empty."""

_MARGIN = 2
"""Pixels around a layer for its soft edge."""

_FINER = 2
"""Pixels of an original for one of the picture: turned at this size, it stays sharp."""


@dataclass(frozen=True, slots=True)
class Layer:
    """Something painted once and shown many times."""

    piece: Piece
    depth: float
    """Units in front of the head's axis: how far it travels when the head turns."""


@dataclass(frozen=True, slots=True)
class Framing:
    """Which part of the stage a picture shows, and how large."""

    width: int
    height: int
    scale: float
    """Pixels a unit."""
    top: float
    """The stage's height at the picture's upper edge; sideways the presenter is in the middle."""

    @classmethod
    def of(cls, width: int, height: int) -> Framing:
        """Frame head and shoulders: 400 units wide and 560 high, and more of the one if there is room."""
        scale = max(min(width / 400, height / 560), height / 1300)
        return cls(width, height, scale, top=(720 - height / scale) * 0.4)

    @property
    def corner(self) -> tuple[float, float]:
        """The stage's coordinates at the picture's lower left corner."""
        return -self.width / 2 / self.scale, self.top + self.height / self.scale

    def matrix(self, roll: float = 0.0, shift: tuple[float, float] = (0.0, 0.0)) -> skia.Matrix:
        """Return the way from the stage to the picture for a head that leans and has moved."""
        matrix = skia.Matrix.Translate(self.width / 2, -self.top * self.scale)
        matrix.preScale(self.scale, self.scale)
        matrix.preTranslate(*shift)
        matrix.preRotate(roll, *PIVOT)
        return matrix

    def covering(self, area: Area, roll: float = 0.0, shift: tuple[float, float] = (0.0, 0.0)) -> skia.IRect:
        """Return the whole pixels that hold ``area``."""
        corners = skia.Rect(area.left, area.top, area.right, area.bottom)
        return self.matrix(roll, shift).mapRect(corners).makeOutset(_MARGIN, _MARGIN).roundOut()


@dataclass(frozen=True, slots=True)
class Baked:
    """A layer as pixels, and where its upper left corner belongs on the picture."""

    image: skia.Image
    x: int
    y: int
    painted: skia.Region
    """Pixels of the image, and a little around them, outside of which it is empty."""

    def show(self, canvas: Canvas, right: float, down: float) -> None:
        """Show it ``right`` and ``down`` pixels from where it belongs, and skip what is empty."""
        x, y = self.x + right, self.y + down
        canvas.save()
        canvas.clipRegion(self.painted.translate(math.floor(x), math.floor(y)))
        canvas.drawImage(self.image, x, y, LINEAR)
        canvas.restore()


@lru_cache(maxsize=128)
def baked(piece: Piece, framing: Framing, roll: float) -> Baked:
    """Return a piece of a head that leans ``roll`` degrees.

    The original is turned: painting it again for every lean would take ten times as long.
    """
    pixels = framing.covering(piece.area, roll)
    finer = framing.scale * _FINER
    surface = skia.Surface(pixels.width(), pixels.height())
    canvas = surface.getCanvas()
    canvas.clear(0)
    canvas.translate(-pixels.left(), -pixels.top())
    canvas.concat(framing.matrix(roll))
    canvas.translate(piece.area.left, piece.area.top)
    canvas.scale(1 / finer, 1 / finer)
    canvas.drawImage(_original(piece, finer), 0, 0, LINEAR)
    return _baked(surface, pixels)


@lru_cache(maxsize=32)
def _original(piece: Piece, finer: float) -> skia.Image:
    """Paint a piece upright, at ``finer`` pixels a unit."""
    area = piece.area
    width, height = area.right - area.left, area.bottom - area.top
    surface = skia.Surface(math.ceil(width * finer), math.ceil(height * finer))
    canvas = surface.getCanvas()
    canvas.clear(0)
    canvas.scale(finer, finer)
    canvas.translate(-area.left, -area.top)
    piece.paint(canvas)
    return surface.makeImageSnapshot()


@lru_cache(maxsize=16)
def still(piece: Piece, framing: Framing) -> Baked:
    """Return all of a piece that the picture shows, as it is with the head upright."""
    pixels = framing.covering(piece.area)
    if not pixels.intersect(skia.IRect.MakeWH(framing.width, framing.height)):
        pixels = skia.IRect.MakeWH(1, 1)
    surface = skia.Surface(pixels.width(), pixels.height())
    canvas = surface.getCanvas()
    canvas.clear(0)
    canvas.translate(-pixels.left(), -pixels.top())
    canvas.concat(framing.matrix())
    piece.paint(canvas)
    return _baked(surface, pixels)


@lru_cache(maxsize=64)
def sunk(piece: Piece, framing: Framing, by: float) -> Baked:
    """Return what `still` does, ``by`` units lower: shown over and over, whole pixels are cheapest."""
    upright = still(piece, framing)
    surface = skia.Surface(upright.image.width(), upright.image.height())
    canvas = surface.getCanvas()
    canvas.clear(0)
    canvas.drawImage(upright.image, 0, by * framing.scale, LINEAR)
    return _baked(surface, skia.IRect.MakeXYWH(upright.x, upright.y, surface.width(), surface.height()))


def _baked(surface: skia.Surface, pixels: skia.IRect) -> Baked:
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
    """Return how far, in units, something at ``depth`` is from where it is at rest."""
    return (
        depth * math.sin(math.radians(pose.yaw)),
        depth * math.sin(math.radians(pose.pitch)) + _HEAD_BREATH * pose.breath,
    )
