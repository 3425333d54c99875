"""The presenter on the stage: draws poses, and tells which part of the picture changed.

For every pose that `perform` returns, `Presenter.draw` gives the picture and the box in which it differs from
the one before; only ``drawn.pixels[box.rows, box.columns]`` needs to be looked at again.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cache

import numpy as np
import skia
from numpy.typing import NDArray

from presgen.rendering.studio.stage.features.brows import paint_brows
from presgen.rendering.studio.stage.features.eyes import paint_eyes
from presgen.rendering.studio.stage.features.face import HINGE, paint_relief
from presgen.rendering.studio.stage.features.mouth import jaw_of, paint_mouth
from presgen.rendering.studio.stage.features.nose import paint_nose
from presgen.rendering.studio.stage.label import paint_label
from presgen.rendering.studio.stage.layers import LINEAR, Framing, Layer, baked, shift_of, still, sunk
from presgen.rendering.studio.stage.look import EVERYWHERE, Area, Look, Piece
from presgen.rendering.studio.stage.paint import transformed
from presgen.rendering.studio.stage.performance import perform
from presgen.rendering.studio.stage.pose import Pose

__all__ = ["Box", "Drawn", "Presenter", "perform"]

SMALLEST = 64
"""Pixels; on a smaller stage nobody recognises a mouth."""

_EYES = Area(-86, 224, 86, 314)
"""All that blinks, looks or frowns; no edge of the face is in it."""

_MOUTH = Area(-112, HINGE - 2, 112, 470)
"""All that a mouth moves: lips, cheeks, chin."""

_FACE = Area(-120, 128, 120, 476)
"""The face, and as far as the jaw takes it."""

_BEHIND_DEPTH, _FACE_DEPTH, _FRONT_DEPTH = -16.0, 30.0, 40.0
_RELIEF_DEPTH, _EYES_DEPTH, _BROWS_DEPTH = 78.0, 86.0, 90.0
_MOUTH_DEPTH, _WORN_DEPTH, _NOSE_DEPTH = 96.0, 106.0, 112.0
"""Units in front of the head's axis: the further, the more it moves when the head turns."""


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle of pixels inside the picture; all numbers are even if the picture's sides are."""

    x: int
    y: int
    width: int
    height: int

    @property
    def rows(self) -> slice:
        """The box's rows in an array that shows the whole picture."""
        return slice(self.y, self.y + self.height)

    @property
    def columns(self) -> slice:
        """The box's columns in an array that shows the whole picture."""
        return slice(self.x, self.x + self.width)


@dataclass(frozen=True, slots=True)
class Drawn:
    """The picture after a pose was drawn."""

    pixels: NDArray[np.uint8]
    """(height, width, 4), uint8, BGRA, opaque. The presenter's own: the next ``draw`` overwrites it."""
    changed: Box | None
    """Outside this box nothing differs from the picture before; None: nothing differs at all."""


class Presenter:
    """A presenter of one look, on a stage of one size.

    Not for sharing between threads: it draws every pose into the same buffer. A picture depends on the
    pose alone, not on the poses before it.
    """

    def __init__(self, look: Look, width: int, height: int, label: str = "") -> None:
        """Set the stage; ``label`` is the text of the pill at the foot, empty for none.

        Raises:
            ValueError: width or height is smaller than 64 pixels.
        """
        if min(width, height) < SMALLEST:
            raise ValueError(f"A stage of {width}x{height} is too small: {SMALLEST}x{SMALLEST} would do.")
        self.pixels: NDArray[np.uint8] = np.zeros((height, width, 4), np.uint8)
        # N32 is BGRA here; an RGBA target is four times slower.
        info = skia.ImageInfo.MakeN32Premul(width, height)
        self._surface = skia.Surface.MakeRasterDirect(info, self.pixels)
        self._canvas = self._surface.getCanvas()
        self._look = look
        self._framing = Framing.of(width, height)
        self._behind = Layer(look.behind, _BEHIND_DEPTH)
        self._complexion = Layer(Piece(look.complexion, _FACE), _FACE_DEPTH)
        self._over = _over_the_skin(look)
        self._front = Layer(look.front, _FRONT_DEPTH) if look.front else None
        self._worn = Layer(look.worn, _WORN_DEPTH) if look.worn else None
        self._room = still(Piece(look.backdrop, EVERYWHERE), self._framing)
        self._label = still(_pill(label, self._framing), self._framing) if label else None
        self._shown: Pose | None = None

    def draw(self, pose: Pose) -> Drawn:
        """Draw ``pose`` and return the whole picture, with the box in which it changed."""
        pose = pose.snapped()
        changed = self._changed(self._shown, pose)
        if changed is None:
            return Drawn(self.pixels, None)
        box = self._box(changed)
        if self._shown is not None and self._shown.mouth != pose.mouth:
            # Where a clip cuts an outline, skia rounds its edge differently: so all of the face.
            changed.join(self._framing.covering(_FACE, pose.roll, shift_of(pose, self._complexion.depth)))
        self._canvas.save()
        self._canvas.clipRect(skia.Rect.Make(changed))
        self._compose(pose)
        self._canvas.restore()
        self._shown = pose
        return Drawn(self.pixels, box)

    def _compose(self, pose: Pose) -> None:
        look, canvas = self._look, self._canvas
        self._room.show(canvas, 0, 0)
        self._show(self._behind, pose)
        sunk(look.body, self._framing, pose.breath).show(canvas, 0, 0)
        self._show_face(pose)
        for layer in self._over:
            self._show(layer, pose)
        with self._on_head(pose, _MOUTH_DEPTH, _MOUTH) as seen:
            if seen:
                paint_mouth(canvas, look.lips, look.skin, pose.mouth)
        with self._on_head(pose, _EYES_DEPTH, _EYES) as seen:
            if seen:
                paint_eyes(canvas, look.eyes, look.skin, pose.blink, (pose.gaze_x, pose.gaze_y))
        if self._front:
            self._show(self._front, pose)
        with self._on_head(pose, _BROWS_DEPTH, _EYES) as seen:
            if seen:
                paint_brows(canvas, look.brows, pose.brow)
        if self._worn:
            self._show(self._worn, pose)
        if self._label is not None:
            self._label.show(canvas, 0, 0)

    def _show(self, layer: Layer, pose: Pose) -> None:
        right, down = shift_of(pose, layer.depth)
        scale = self._framing.scale
        baked(layer.piece, self._framing, pose.roll).show(self._canvas, right * scale, down * scale)

    def _show_face(self, pose: Pose) -> None:
        """Cut the face out of the painted skin, along the outline that the jaw has now."""
        depth = self._complexion.depth
        outline = self._look.face.outline(jaw_of(pose.mouth))
        path = transformed(outline, self._framing.matrix(pose.roll, shift_of(pose, depth)))
        skin = baked(self._complexion.piece, self._framing, pose.roll)
        right, down = shift_of(pose, depth)
        place = skia.Matrix.Translate(
            skin.x + right * self._framing.scale, skin.y + down * self._framing.scale
        )
        edge = skia.TileMode.kClamp
        paint = skia.Paint(AntiAlias=True, Shader=skin.image.makeShader(edge, edge, LINEAR, place))
        self._canvas.drawPath(path, paint)

    @contextmanager
    def _on_head(self, pose: Pose, depth: float, area: Area) -> Iterator[bool]:
        """Lay the stage's coordinates on the head; yields whether any of ``area`` can be seen."""
        self._canvas.save()
        self._canvas.concat(self._framing.matrix(pose.roll, shift_of(pose, depth)))
        yield not self._canvas.quickReject(skia.Rect(area.left, area.top, area.right, area.bottom))
        self._canvas.restore()

    def _changed(self, before: Pose | None, after: Pose) -> skia.IRect | None:
        """Return the pixels that hold every difference between two poses; all of them for a first one."""
        if before == after:
            return None
        if before is None:
            return skia.IRect.MakeWH(self._framing.width, self._framing.height)
        pixels = skia.IRect.MakeEmpty()
        for pose in (before, after):
            for area, depth in self._moving(before, after):
                pixels.join(self._framing.covering(area, pose.roll, shift_of(pose, depth)))
            if before.breath != after.breath:
                pixels.join(self._framing.covering(self._look.body.area, shift=(0.0, pose.breath)))
        return pixels

    def _moving(self, before: Pose, after: Pose) -> list[tuple[Area, float]]:
        """Return what of the head is not where or as it was: areas of the stage, each at its depth."""
        if before.place != after.place:
            layers = [self._behind, self._complexion, *self._over, self._front, self._worn]
            return [(layer.piece.area, layer.depth) for layer in layers if layer] + [(_MOUTH, _MOUTH_DEPTH)]
        moving = []
        if before.mouth != after.mouth:
            moving.append((_MOUTH, _MOUTH_DEPTH))
        if replace(before, mouth=after.mouth) != after:
            moving.append((_EYES, _EYES_DEPTH))
        return moving

    def _box(self, pixels: skia.IRect) -> Box:
        """Return whole, even pixels within the picture."""
        left, top = max(0, pixels.left() // 2 * 2), max(0, pixels.top() // 2 * 2)
        right = min(self._framing.width, (pixels.right() + 1) // 2 * 2)
        bottom = min(self._framing.height, (pixels.bottom() + 1) // 2 * 2)
        return Box(left, top, right - left, bottom - top)


@cache
def _over_the_skin(look: Look) -> tuple[Layer, ...]:
    """Return the layers of light and shade that turn further than the face they lie on."""
    relief = Piece(lambda canvas: paint_relief(canvas, look.skin, look.blush), Area(-112, 228, 112, 420))
    nose = Piece(lambda canvas: paint_nose(canvas, look.nose, look.skin), Area(-46, 256, 46, 368))
    return Layer(relief, _RELIEF_DEPTH), Layer(nose, _NOSE_DEPTH)


@cache
def _pill(text: str, framing: Framing) -> Piece:
    left, bottom = framing.corner
    area = Area(left, bottom - 80, -left, bottom)
    return Piece(lambda canvas: paint_label(canvas, text, left, bottom), area)
