"""The picture divided in one way: paper with a slide, captions and a line on it, and a presenter.

A view draws onto a canvas that is shown frame after frame, and only what changed since the last one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import skia
from numpy.typing import NDArray

from presgen.brands import Palette
from presgen.media.picture import Picture, picture_from_bgra
from presgen.rendering.studio.captions import Pill
from presgen.rendering.studio.mixing import Crossfade, difference, eased
from presgen.rendering.studio.notice import paint_note
from presgen.rendering.studio.scene import Box, Scene
from presgen.rendering.studio.slides import Growth, Slides
from presgen.rendering.studio.stage.layers import Crop
from presgen.rendering.studio.stage.pose import Pose
from presgen.rendering.studio.stage.presenter import Box as Pixelbox
from presgen.rendering.studio.stage.presenter import Presenter
from presgen.rendering.studio.tile import Tile, paint_label, paint_ring, paint_shadow, tile_of
from presgen.rendering.studio.timeline import FADE, SWEEP, Caption, Timeline

_GROWTH_DELAY = 4
"""Frames after a slide has faded in before its chart grows."""
_LINE_EVERY = 30
"""Frames after which the line of a picture without a presenter moves, if nothing else did: it stands still
between, and a still picture costs nothing."""
_REACH = 2
"""Pixels around a chroma sample that it is made from, beyond its own."""

Pixels = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Backdrop:
    """All of a view that never changes, as large as the picture."""

    pixels: Pixels
    """(height, width, 4), uint8, BGRA."""
    picture: Picture
    """The same."""
    plain: Picture
    """The same without what surrounds a presenter's tile, and without notes."""


def lay_out_backdrop(
    scene: Scene, paper: Pixels, width: int, height: int, scale: float, palette: Palette, note: str
) -> Backdrop:
    """Return the backdrop of ``scene``, whose paper is given; ``note`` is what its small label says."""
    pixels = np.empty((height, width, 4), np.uint8)
    # Under a presenter who stands beside the paper there is more of it, seen while they come and go.
    x, y = round(scene.paper.x * scale), round(scene.paper.y * scale)
    rows = np.clip(np.arange(height) - y, 0, paper.shape[0] - 1)
    columns = np.clip(np.arange(width) - x, 0, paper.shape[1] - 1)
    pixels[...] = paper[rows[:, None], columns[None, :]]
    canvas = _canvas(pixels, scale)
    tile = tile_of(scene)
    if tile is None and scene.note is not None:
        middle = scene.note.y + scene.note.height / 2
        paint_note(canvas, note, scene.note.x, middle, scene.note.width, palette.ink_soft)
    plain = picture_from_bgra(pixels)
    if tile is None or not scene.inset_radius:
        return Backdrop(pixels, plain, plain)
    paint_shadow(canvas, tile, palette)
    _paint_edge(canvas, scene, tile, palette, note)
    return Backdrop(pixels, picture_from_bgra(pixels), plain)


def frame_of(
    scene: Scene, backdrop: Backdrop, scale: float, palette: Palette, note: str
) -> skia.Image | None:
    """Return what lies over the presenter's tile: the paper around its outline, its ring and its label.

    None where the presenter's picture has straight edges.
    """
    tile = tile_of(scene)
    if tile is None or not scene.inset_radius:
        return None
    x, y, width, height = (round(side * scale) for side in (tile.x, tile.y, tile.width, tile.height))
    pixels = np.ascontiguousarray(backdrop.pixels[y : y + height, x : x + width]).copy()
    canvas = _canvas(pixels, 1.0)
    canvas.translate(-x, -y)
    canvas.scale(scale, scale)
    canvas.drawRRect(tile.outline, skia.Paint(AntiAlias=True, BlendMode=skia.BlendMode.kDstOut))
    _paint_edge(canvas, scene, tile, palette, note)
    return Overlay(skia.Image.fromarray(pixels, colorType=skia.kBGRA_8888_ColorType), 0, 0)


def _paint_edge(canvas: skia.Canvas, scene: Scene, tile: Tile, palette: Palette, note: str) -> None:
    paint_ring(canvas, tile, palette)
    if scene.note is not None:
        middle = scene.note.y + scene.note.height / 2
        paint_label(canvas, note, scene.note.x + scene.note.width / 2, middle, scene.note.width)


def _canvas(pixels: Pixels, scale: float) -> skia.Canvas:
    height, width, _ = pixels.shape
    canvas = skia.Surface.MakeRasterDirect(skia.ImageInfo.MakeN32Premul(width, height), pixels).getCanvas()
    canvas.scale(scale, scale)
    return canvas


@dataclass(frozen=True, slots=True)
class Overlay:
    """Something that lies over the presenter."""

    image: skia.Image
    x: int
    y: int
    """Where its upper left corner is within the presenter's picture."""

    @property
    def box(self) -> Pixelbox:
        """The part of the presenter's picture that it may cover."""
        return Pixelbox(self.x, self.y, self.image.width(), self.image.height())


class Actor:
    """A presenter in their place in the picture."""

    def __init__(
        self,
        presenter: Presenter,
        crop: Crop,
        x: int,
        y: int,
        label: Overlay | None = None,
        frame: Overlay | None = None,
    ) -> None:
        """Put the presenter's upper left corner at (x, y), with ``label`` and ``frame`` over them.

        ``crop`` is what their picture shows of the stage.
        """
        self.presenter = presenter
        self.crop = crop
        self.label = label
        self._x, self._y = x, y
        self._frame = frame
        self.caption: Overlay | None = None
        """What is burned over the presenter now."""

    def enter(self, canvas: Picture, pose: Pose) -> None:
        """Draw all of the presenter."""
        self.presenter.draw(pose)
        height, width, _ = self.presenter.pixels.shape
        self.put(canvas, Pixelbox(0, 0, width, height))

    def show(self, canvas: Picture, pose: Pose) -> bool:
        """Draw what of the presenter changed; return whether anything did."""
        box = self.presenter.draw(pose).changed
        if box is None or not box.width or not box.height:
            return False
        self.put(canvas, box)
        return True

    def put(self, canvas: Picture, box: Pixelbox) -> None:
        """Copy that part of the presenter, and all that lies over it, onto the canvas."""
        part, box = box, self._with_neighbours(box)
        pixels = np.ascontiguousarray(self.presenter.pixels[box.rows, box.columns])
        over = [
            overlay
            for overlay in (self.label, self._frame, self.caption)
            if overlay is not None and _meet(overlay.box, box)
        ]
        if over:
            if np.shares_memory(pixels, self.presenter.pixels):
                pixels = pixels.copy()
            painter = _canvas(pixels, 1.0)
            for overlay in over:
                painter.drawImage(overlay.image, overlay.x - box.x, overlay.y - box.y)
        picture = picture_from_bgra(pixels)
        inner = picture.window(part.x - box.x, part.y - box.y, part.width, part.height)
        canvas.put(inner, self._x + part.x, self._y + part.y)

    def _with_neighbours(self, box: Pixelbox) -> Pixelbox:
        """Return the box and the pixels around it that have a part in its colours.

        Without them, a picture drawn box by box would not be quite the one that is drawn at once.
        """
        height, width, _ = self.presenter.pixels.shape
        x, y = max(0, box.x - _REACH), max(0, box.y - _REACH)
        right, bottom = min(width, box.x + box.width + _REACH), min(height, box.y + box.height + _REACH)
        return Pixelbox(x, y, right - x, bottom - y)


class View:
    """One way to divide the picture, drawn frame after frame."""

    def __init__(
        self,
        scene: Scene,
        scale: float,
        palette: Palette,
        backdrop: Backdrop,
        timeline: Timeline,
        slides: Slides | None = None,
        actor: Actor | None = None,
        note: str = "",
    ) -> None:
        """Show the slides and captions of ``timeline``; without ``slides`` the paper stays bare.

        ``note`` is what the small label says that is in the backdrop already.
        """
        self.scene = scene
        self.scale = scale
        self.actor = actor
        self.backdrop = backdrop
        self.note = note
        self._palette = palette
        self._timeline = timeline
        self._screen = None if slides is None else Screen(scene, scale, backdrop, timeline, slides)
        self._captions: list[Caption] = []
        self._caption: tuple[Caption, Pill] | None = None
        self._marked: int | None = None
        self._line = None if scene.line is None else Line(scene.line, scale, backdrop, palette)

    def ground(self, frame: int) -> Picture:
        """Return the whole picture as it is when the view is entered in that frame, but for its presenter."""
        picture = self.backdrop.plain.copy()
        if self._screen is not None:
            self._screen.enter(picture, frame)
        return picture

    def enter(self, canvas: Picture, frame: int, pose: Pose) -> None:
        """Draw everything as it is in ``frame``, after which `show` draws what changes."""
        canvas.put(self.backdrop.picture)
        if self.actor is not None:
            self.actor.caption = None
            self.actor.enter(canvas, pose)
        if self._screen is not None:
            self._screen.enter(canvas, frame)
        self._captions = [caption for caption in self._timeline.captions if caption.start >= frame]
        self._caption = self._marked = None
        if self._line is not None:
            self._line.enter(canvas)
        self.show(canvas, frame, pose)

    def show(self, canvas: Picture, frame: int, pose: Pose) -> bool:
        """Draw what changes in ``frame``; return whether anything did."""
        changed = self._screen is not None and self._screen.show(canvas, frame)
        if self.actor is not None:
            changed |= self.actor.show(canvas, pose)
        changed |= self._show_caption(canvas, frame)
        if self._line is not None and (changed or self._line_moves(frame)):
            changed |= self._line.show(*self._timeline.progress(frame))
        return changed

    def _line_moves(self, frame: int) -> bool:
        """Whether the line has a frame of its own: beside a presenter, who moves all the time anyway."""
        leaving = frame >= self._timeline.frames - 1 - SWEEP
        return self.actor is not None or leaving or frame % _LINE_EVERY == 0

    def _show_caption(self, canvas: Picture, frame: int) -> bool:
        changed = False
        if self._caption is not None and frame >= self._caption[0].end:
            self._wipe(canvas, self._caption[1])
            self._caption, changed = None, True
        new = bool(self._captions) and self._captions[0].start <= frame
        if new:
            caption = self._captions.pop(0)
            self._caption = (caption, Pill(caption, self.scene, self.scale, self._palette))
        if self._caption is None:
            return changed
        word = self._timeline.spoken[frame]
        if not new and word == self._marked:
            return changed
        self._draw(canvas, self._caption[1], word)
        self._marked = word
        return True

    def _draw(self, canvas: Picture, pill: Pill, word: int | None) -> None:
        if self.scene.slide is not None or self.actor is None:
            canvas.put(picture_from_bgra(pill.draw(self.backdrop.pixels, word)), pill.x, pill.y)
            return
        surface = skia.Surface(pill.width, pill.height)
        painter = surface.getCanvas()
        painter.clear(0)
        painter.translate(-pill.x, -pill.y)
        pill.paint(painter, word)
        self.actor.caption = Overlay(surface.makeImageSnapshot(), pill.x, pill.y)
        self.actor.put(canvas, self.actor.caption.box)

    def _wipe(self, canvas: Picture, pill: Pill) -> None:
        if self.actor is not None and self.actor.caption is not None:
            self.actor.caption = None
            self.actor.put(canvas, Pixelbox(pill.x, pill.y, pill.width, pill.height))
            return
        bare = self.backdrop.picture.window(pill.x, pill.y, pill.width, pill.height)
        canvas.put(bare, pill.x, pill.y)


class Screen:
    """The slide. Shows frame after frame, from the one it is entered in."""

    def __init__(
        self, scene: Scene, scale: float, backdrop: Backdrop, timeline: Timeline, slides: Slides
    ) -> None:
        """Show ``slides`` where the scene has them."""
        paper_x, paper_y = round(scene.paper.x * scale), round(scene.paper.y * scale)
        self._x, self._y = paper_x + slides.x, paper_y + slides.y
        self._steps: Sequence[Picture] = slides.steps
        self._growth: Growth | None = slides.growth
        width, height = slides.steps[0].width, slides.steps[0].height
        self._bare = backdrop.picture.window(self._x, self._y, width, height)
        if self._growth is not None:
            self._growth_x, self._growth_y = self._growth.x - slides.x, self._growth.y - slides.y
        self._timeline = timeline

    def enter(self, canvas: Picture, frame: int) -> None:
        """Draw the slide that has appeared before ``frame``."""
        self._changes = list(self._timeline.changes)
        self._slide = self._bare
        self._fade: tuple[int, int, int, Crossfade, Picture] | None = None
        self._growing: int | None = None
        while self._changes and self._changes[0].frame + FADE <= frame:
            self._slide = self._at(self._changes.pop(0).step)
        canvas.put(self._slide, self._x, self._y)

    def show(self, canvas: Picture, frame: int) -> bool:
        """Draw what of the slide changes in ``frame``; return whether anything did."""
        while self._changes and self._changes[0].frame <= frame:
            change = self._changes.pop(0)
            self._start(canvas, change.frame, change.step)
        changed = self._fade is not None
        if self._fade is not None:
            start, x, y, crossfade, after = self._fade
            passed = frame - start + 1
            if passed >= FADE:
                canvas.put(after, x, y)
                self._fade = None
            else:
                crossfade.show(canvas.window(x, y, after.width, after.height), eased(passed / FADE))
        if self._growing is not None and self._growth is not None and frame >= self._growing:
            self._grow(canvas, frame - self._growing, self._growth)
            changed = True
        return changed

    def _at(self, step: int | None) -> Picture:
        return self._bare if step is None else self._steps[min(step, len(self._steps) - 1)]

    def _start(self, canvas: Picture, frame: int, step: int | None) -> None:
        after, growth = self._at(step), self._growth
        if self._growing is not None and growth is not None:
            # What is overtaken by the next change is full at once.
            self._finish(canvas, growth)
        elif growth is not None and step == growth.step and self._slide is not after:
            after = after.copy()
            after.put(growth.pictures[0], self._growth_x, self._growth_y)
            self._growing = frame + FADE + _GROWTH_DELAY
        x, y, width, height = difference(self._slide, after)
        if width and height:
            target = after.window(x, y, width, height)
            crossfade = Crossfade(self._slide.window(x, y, width, height), target)
            self._fade = (frame, self._x + x, self._y + y, crossfade, target)
        self._slide = after

    def _grow(self, canvas: Picture, passed: int, growth: Growth) -> None:
        if passed < len(growth.pictures) - 1:
            canvas.put(growth.pictures[passed], self._x + self._growth_x, self._y + self._growth_y)
        else:
            self._finish(canvas, growth)

    def _finish(self, canvas: Picture, growth: Growth) -> None:
        canvas.put(growth.pictures[-1], self._x + self._growth_x, self._y + self._growth_y)
        self._slide.put(growth.pictures[-1], self._growth_x, self._growth_y)
        self._growing = None


class Line:
    """The progress line. Redraws only where one of its ends moved."""

    def __init__(self, box: Box, scale: float, backdrop: Backdrop, palette: Palette) -> None:
        """Colour the full line."""
        self._x, self._y = round(box.x * scale), round(box.y * scale)
        self._width, height = round(box.width * scale), round(box.height * scale)
        self._bare = backdrop.picture.window(self._x, self._y, self._width, height)
        self._full = _gradient(self._width, height, palette)
        self._shown = (0, 0)

    def enter(self, canvas: Picture) -> None:
        """Start on a canvas without a line."""
        self._window = canvas.window(self._x, self._y, self._bare.width, self._bare.height)
        self._shown = (0, 0)

    def show(self, start: float, end: float) -> bool:
        """Show the line from ``start`` to ``end``, parts of its full length; return whether it changed."""
        new = (round(start * self._width / 2) * 2, round(end * self._width / 2) * 2)
        (old_start, old_end), (new_start, new_end) = self._shown, new
        if new == self._shown:
            return False
        self._copy(self._full, old_end, new_end)
        self._copy(self._bare, old_start, new_start)
        self._shown = new
        return True

    def _copy(self, source: Picture, start: int, end: int) -> None:
        if start < end:
            self._window.put(source.window(start, 0, end - start, source.height), start, 0)


def _gradient(width: int, height: int, palette: Palette) -> Picture:
    left, right = (
        np.array([int(colour[i : i + 2], 16) for i in (5, 3, 1)], np.float64)
        for colour in (palette.glow, palette.glow_end)
    )
    part = np.linspace(0, 1, width)[:, None]
    pixels: Pixels = np.full((height, width, 4), 255, np.uint8)
    pixels[..., :3] = np.round(left + (right - left) * part)
    return picture_from_bgra(pixels)


def _meet(one: Pixelbox, other: Pixelbox) -> bool:
    return (
        one.x < other.x + other.width
        and other.x < one.x + one.width
        and one.y < other.y + other.height
        and other.y < one.y + one.height
    )
