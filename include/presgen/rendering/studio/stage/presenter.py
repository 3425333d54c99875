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

from presgen.model.lesson import Framing
from presgen.rendering.studio.stage.features.arms import ARMS, ELBOW, paint_arms, reached
from presgen.rendering.studio.stage.features.brows import paint_brows
from presgen.rendering.studio.stage.features.eyes import paint_eyes
from presgen.rendering.studio.stage.features.face import HINGE, paint_relief
from presgen.rendering.studio.stage.features.mouth import jaw_of, paint_mouth
from presgen.rendering.studio.stage.features.nose import paint_nose
from presgen.rendering.studio.stage.label import baked_label
from presgen.rendering.studio.stage.layers import (
    LINEAR,
    Crop,
    Layer,
    Shelf,
    leaning_body,
    leaning_head,
    shift_of,
    sprite,
    still,
    sway_of,
)
from presgen.rendering.studio.stage.look import EVERYWHERE, Look, Piece
from presgen.rendering.studio.stage.paint import Area, transformed
from presgen.rendering.studio.stage.performance import perform
from presgen.rendering.studio.stage.pose import Gesture, Pose

__all__ = ["Box", "Drawn", "Presenter", "perform"]

SMALLEST = 64
"""Pixels; on a smaller stage nobody recognises a mouth."""

_EYES = Area(-86, 224, 86, 314)
"""All that blinks, looks or frowns; no edge of the face is in it."""

_LIDS = Area(-86, 246, 86, 314)
"""The eyes without the brows."""

_MOUTH = Area(-112, HINGE - 2, 112, 470)
"""All that a mouth moves: lips, cheeks, chin."""

_FACE = Area(-120, 128, 120, 476)
"""The face, and as far as the jaw takes it."""

_ARMS_ROOM = 14_000_000
"""Bytes for arms on their way: a gesture goes and comes back the same way."""

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

    def __init__(
        self, look: Look, width: int, height: int, label: str = "", framing: Framing = Framing.BESIDE
    ) -> None:
        """Set the stage.

        ``label`` is the text of the pill, empty for none; an inset is too small for one. ``framing`` says
        how much of the presenter is seen: ``FULL`` from the waist up, with hands that gesture, ``INSET``
        the head alone, anything else head and shoulders.

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
        self._crop = Crop.of(width, height, framing)
        self._behind = Layer(look.behind, _BEHIND_DEPTH)
        self._complexion = Layer(Piece(look.complexion, _FACE), _FACE_DEPTH)
        self._over = _over_the_skin(look)
        self._front = Layer(look.front, _FRONT_DEPTH) if look.front else None
        self._worn = Layer(look.worn, _WORN_DEPTH) if look.worn else None
        self._room = still(look.backdrop, EVERYWHERE, self._crop)
        self._gestures = framing is Framing.FULL
        self._arms = Shelf(_ARMS_ROOM)
        self._label = baked_label(label, width, height, framing) if label else None
        self._shown: Pose | None = None

    def draw(self, pose: Pose) -> Drawn:
        """Draw ``pose`` and return the whole picture, with the box in which it changed."""
        pose = pose.snapped()
        if not self._gestures:
            pose = replace(pose, gesture=Gesture.NONE, reach=0.0)
        changed = self._changed(self._shown, pose)
        if changed is None:
            return Drawn(self.pixels, None)
        box = self._box(changed)
        face = self._crop.covering(_FACE, pose.roll, shift_of(pose, self._complexion.depth))
        if skia.IRect.Intersects(changed, face):
            # Where a clip cuts an outline, skia rounds its edge differently: so all of the face or nothing.
            changed.join(face)
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
        leaning_body(look.body, self._crop, pose.lean).show(canvas, 0, pose.breath * self._crop.scale)
        if self._gestures:
            self._show_arms(pose)
        self._show_face(pose)
        for layer in self._over:
            self._show(layer, pose)
        with self._on_head(pose, _MOUTH_DEPTH, _MOUTH) as seen:
            if seen:
                paint_mouth(canvas, look.lips, look.skin, pose.mouth)
        self._show_eyes(pose)
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
        scale = self._crop.scale
        leaning_head(layer.piece, self._crop, pose.roll).show(self._canvas, right * scale, down * scale)

    def _show_eyes(self, pose: Pose) -> None:
        eyes, skin = self._look.eyes, self._look.skin
        blink, gaze = pose.blink, (pose.gaze_x, pose.gaze_y)
        piece = Piece(lambda canvas: paint_eyes(canvas, eyes, skin, blink, gaze), _LIDS)
        right, down = shift_of(pose, _EYES_DEPTH)
        scale = self._crop.scale
        sprite((eyes, skin, blink, gaze), piece, self._crop, pose.roll).show(
            self._canvas, right * scale, down * scale
        )

    def _show_arms(self, pose: Pose) -> None:
        """Show the arms, which sway with the body; hands that stay where they are are not painted again."""
        right, down = sway_of(pose, ELBOW[1])
        if self._canvas.quickReject(skia.Rect.Make(self._arms_pixels(pose))):
            return
        look, scale = self._look, self._crop.scale
        arms = self._arms.take(
            (pose.gesture, pose.reach),
            lambda: still(
                lambda canvas: paint_arms(
                    canvas, look.sleeve, look.skin, look.hands, pose.gesture, pose.reach
                ),
                ARMS,
                self._crop,
            ),
        )
        arms.show(self._canvas, right * scale, down * scale)

    def _show_face(self, pose: Pose) -> None:
        """Cut the face out of the painted skin, along the outline that the jaw has now."""
        depth = self._complexion.depth
        outline = self._look.face.outline(jaw_of(pose.mouth))
        path = transformed(outline, self._crop.matrix(pose.roll, shift_of(pose, depth)))
        placed = leaning_head(self._complexion.piece, self._crop, pose.roll)
        skin = placed.baked
        right, down = shift_of(pose, depth)
        scale = self._crop.scale
        place = skia.Matrix.Translate(
            skin.x + placed.right + right * scale, skin.y + placed.down + down * scale
        )
        edge = skia.TileMode.kClamp
        paint = skia.Paint(AntiAlias=True, Shader=skin.image.makeShader(edge, edge, LINEAR, place))
        self._canvas.drawPath(path, paint)

    @contextmanager
    def _on_head(self, pose: Pose, depth: float, area: Area) -> Iterator[bool]:
        """Lay the stage's coordinates on the head; yields whether any of ``area`` can be seen."""
        self._canvas.save()
        self._canvas.concat(self._crop.matrix(pose.roll, shift_of(pose, depth)))
        yield not self._canvas.quickReject(skia.Rect(area.left, area.top, area.right, area.bottom))
        self._canvas.restore()

    def _changed(self, before: Pose | None, after: Pose) -> skia.IRect | None:
        """Return the pixels that hold every difference between two poses; all of them for a first one."""
        if before == after:
            return None
        if before is None:
            return skia.IRect.MakeWH(self._crop.width, self._crop.height)
        pixels = skia.IRect.MakeEmpty()
        moving = self._moving(before, after)
        for pose in (before, after):
            for area, depth in moving:
                pixels.join(self._crop.covering(area, pose.roll, shift_of(pose, depth)))
            if before.stance != after.stance:
                pixels.join(self._crop.covering_body(self._look.body.area, pose.lean, (0.0, pose.breath)))
        if self._gestures and (before.hands, before.stance) != (after.hands, after.stance):
            pixels.join(self._arms_pixels(before))
            pixels.join(self._arms_pixels(after))
        return pixels

    def _arms_pixels(self, pose: Pose) -> skia.IRect:
        area = reached(pose.gesture, pose.reach)
        return self._crop.covering_body(area, 0.0, sway_of(pose, ELBOW[1]))

    def _moving(self, before: Pose, after: Pose) -> list[tuple[Area, float]]:
        """Return what of the head is not where or as it was: areas of the stage, each at its depth."""
        if before.place != after.place:
            layers = [self._behind, self._complexion, *self._over, self._front, self._worn]
            return [(layer.piece.area, layer.depth) for layer in layers if layer] + [(_MOUTH, _MOUTH_DEPTH)]
        moving = []
        if before.mouth != after.mouth:
            moving.append((_MOUTH, _MOUTH_DEPTH))
        if before.look != after.look:
            moving.append((_EYES, _EYES_DEPTH))
        return moving

    def _box(self, pixels: skia.IRect) -> Box:
        """Return whole, even pixels within the picture."""
        left, top = max(0, pixels.left() // 2 * 2), max(0, pixels.top() // 2 * 2)
        right = min(self._crop.width, (pixels.right() + 1) // 2 * 2)
        bottom = min(self._crop.height, (pixels.bottom() + 1) // 2 * 2)
        return Box(left, top, right - left, bottom - top)


@cache
def _over_the_skin(look: Look) -> tuple[Layer, ...]:
    """Return the layers of light and shade that turn further than the face they lie on."""
    relief = Piece(
        lambda canvas: paint_relief(canvas, look.skin, look.blush, look.age), Area(-112, 228, 112, 420)
    )
    nose = Piece(lambda canvas: paint_nose(canvas, look.nose, look.skin), Area(-46, 256, 46, 368))
    return Layer(relief, _RELIEF_DEPTH), Layer(nose, _NOSE_DEPTH)
