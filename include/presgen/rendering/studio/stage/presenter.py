"""The presenter on the stage: draws poses, and tells which part of the picture changed.

presenter = Presenter(presenters["ava"], width=400, height=720, label="Ava · AI presenter")
for pose in perform(narration, frames, seed):
    drawn = presenter.draw(pose)
    if (box := drawn.changed) is not None:
        ...  # drawn.pixels[box.rows, box.columns] is new
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

import numpy as np
import skia
from numpy.typing import NDArray

from presgen.rendering.studio.stage.features.brows import paint_brows
from presgen.rendering.studio.stage.features.eyes import paint_eyes
from presgen.rendering.studio.stage.features.face import HINGE, paint_relief
from presgen.rendering.studio.stage.features.mouth import jaw_of, paint_mouth
from presgen.rendering.studio.stage.features.nose import paint_nose
from presgen.rendering.studio.stage.label import paint_label
from presgen.rendering.studio.stage.layers import Baked, Bakery, Framing, Layer, shift_of
from presgen.rendering.studio.stage.look import Area, Look, Painter, Piece
from presgen.rendering.studio.stage.paint import transformed
from presgen.rendering.studio.stage.performance import perform
from presgen.rendering.studio.stage.pose import Pose

__all__ = ["Box", "Drawn", "Presenter", "perform"]

SMALLEST = 64
"""Pixels; on a smaller stage nobody recognises a mouth."""

_EYES = Area(-98, 224, 98, 314)
"""All that blinks, looks or frowns."""

_MOUTH = Area(-112, HINGE - 2, 112, 470)
"""All that a mouth moves: lips, cheeks, chin."""

_FACE = Area(-120, 128, 120, 476)
"""The face, and as far as the jaw takes it."""

_MOUTH_DEPTH, _EYES_DEPTH, _BROWS_DEPTH = 96.0, 86.0, 90.0

_LINEAR = skia.SamplingOptions(skia.FilterMode.kLinear)


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
        self._bakery = Bakery(self._framing)
        self._behind = Layer("behind", look.behind, depth=-16)
        self._complexion = Layer("complexion", Piece(look.complexion, _FACE), depth=30)
        self._over = _over_the_skin(look)
        self._front = Layer("front", look.front, depth=40) if look.front else None
        self._worn = Layer("worn", look.worn, depth=106) if look.worn else None
        self._room = self._still(look.backdrop)
        self._body = self._torso(look.body)
        self._label = (
            self._still(lambda canvas: paint_label(canvas, label, *self._framing.corner)) if label else None
        )
        self._shown: Pose | None = None

    def draw(self, pose: Pose) -> Drawn:
        """Draw ``pose`` and return the whole picture, with the box in which it changed."""
        pose = pose.snapped()
        box = self._changed(self._shown, pose)
        if box is not None:
            self._canvas.save()
            self._canvas.clipRect(skia.Rect.MakeXYWH(box.x, box.y, box.width, box.height))
            self._compose(pose)
            self._canvas.restore()
            self._shown = pose
        return Drawn(self.pixels, box)

    def _compose(self, pose: Pose) -> None:
        look, canvas = self._look, self._canvas
        canvas.drawImage(self._room, 0, 0)
        self._show(self._behind, pose)
        canvas.drawImage(self._body.image, 0, self._body.y + pose.breath * self._framing.scale, _LINEAR)
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
            canvas.drawImage(self._label, 0, 0)

    def _show(self, layer: Layer, pose: Pose) -> None:
        baked = self._bakery.baked(layer, pose.roll)
        x, y = self._moved(baked, pose, layer.depth)
        self._canvas.drawImage(baked.image, x, y, _LINEAR)

    def _show_face(self, pose: Pose) -> None:
        """Cut the face out of the painted skin, along the outline that the jaw has now."""
        depth = self._complexion.depth
        outline = self._look.face.outline(jaw_of(pose.mouth))
        path = transformed(outline, self._framing.matrix(pose.roll, shift_of(pose, depth)))
        baked = self._bakery.baked(self._complexion, pose.roll)
        place = skia.Matrix.Translate(*self._moved(baked, pose, depth))
        edge = skia.TileMode.kClamp
        paint = skia.Paint(AntiAlias=True, Shader=baked.image.makeShader(edge, edge, _LINEAR, place))
        self._canvas.drawPath(path, paint)

    def _moved(self, baked: Baked, pose: Pose, depth: float) -> tuple[float, float]:
        x, y = shift_of(pose, depth)
        return baked.x + x * self._framing.scale, baked.y + y * self._framing.scale

    @contextmanager
    def _on_head(self, pose: Pose, depth: float, area: Area) -> Iterator[bool]:
        """Lay the stage's coordinates on the head; yields whether any of ``area`` can be seen."""
        self._canvas.save()
        self._canvas.concat(self._framing.matrix(pose.roll, shift_of(pose, depth)))
        yield not self._canvas.quickReject(skia.Rect(area.left, area.top, area.right, area.bottom))
        self._canvas.restore()

    def _still(self, paint: Painter) -> skia.Image:
        """Paint what never moves, once."""
        surface = skia.Surface(self._framing.width, self._framing.height)
        canvas = surface.getCanvas()
        canvas.clear(0)
        canvas.concat(self._framing.matrix())
        paint(canvas)
        return surface.makeImageSnapshot()

    def _torso(self, piece: Piece) -> Baked:
        """Paint the body on a picture that is only as high as the body is seen."""
        top = max(0, self._framing.covering(piece.area).top())
        surface = skia.Surface(self._framing.width, self._framing.height - top)
        canvas = surface.getCanvas()
        canvas.clear(0)
        canvas.translate(0, -top)
        canvas.concat(self._framing.matrix())
        piece.paint(canvas)
        return Baked(surface.makeImageSnapshot(), 0, top)

    def _changed(self, before: Pose | None, after: Pose) -> Box | None:
        """Return the box that holds every difference between two poses; everything for a first one."""
        if before == after:
            return None
        if before is None:
            return self._box(skia.IRect.MakeWH(self._framing.width, self._framing.height))
        pixels = skia.IRect.MakeEmpty()
        for pose in (before, after):
            for area, depth in self._moving(before, after):
                pixels.join(self._framing.covering(area, pose.roll, shift_of(pose, depth)))
            if before.breath != after.breath:
                pixels.join(self._framing.covering(self._look.body.area, shift=(0.0, pose.breath)))
        return self._box(pixels)

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


def _over_the_skin(look: Look) -> tuple[Layer, ...]:
    """Return the layers of light and shade that turn further than the face they lie on."""
    relief = Piece(lambda canvas: paint_relief(canvas, look.skin, look.blush), Area(-112, 228, 112, 420))
    nose = Piece(lambda canvas: paint_nose(canvas, look.nose, look.skin), Area(-46, 256, 46, 368))
    return Layer("relief", relief, depth=78), Layer("nose", nose, depth=112)
