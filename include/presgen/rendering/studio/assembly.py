"""Puts a section together, frame by frame: slide, captions, progress line and presenter.

Only what changed since the last frame is drawn, straight into the planes that the encoder reads.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from presgen.media.clip import ClipWriter
from presgen.media.formats import Format
from presgen.media.picture import Picture, picture_from_bgra
from presgen.media.sound import Samples
from presgen.rendering.posters import write_poster
from presgen.rendering.studio.captions import Pill
from presgen.rendering.studio.slides.deck import CHART_STEP, Growth, Slides
from presgen.rendering.studio.stage.pose import Pose
from presgen.rendering.studio.stage.presenter import Presenter
from presgen.rendering.studio.timeline import FADE, Caption, Timeline

LINE = 4
"""Points the progress line is thick; it lies at the foot of the slides' part."""
_LINE_COLOURS = ((0x3D, 0x6B, 0xE5), (0x22, 0xB8, 0xCF))
"""RGB at its left and right end."""
_GROWTH_DELAY = 4
"""Frames after a slide has faded in before its chart grows."""
_POSTER_SEARCH = 30
"""Frames within which the poster looks for open eyes."""


def assemble(
    path: Path,
    poster: Path,
    format: Format,
    sound: Samples,
    slides: Slides,
    timeline: Timeline,
    presenter: Presenter,
    poses: Sequence[Pose],
) -> None:
    """Write the clip to ``path`` and a picture of its first full slide to ``poster``."""
    shown = poster_frame(timeline, poses)
    with ClipWriter(path, format, sound) as clip:
        screen = Screen(clip.picture, slides, timeline)
        panel_x = slides.paper.width
        for frame, pose in enumerate(poses):
            screen.show(frame)
            _show_presenter(clip.picture, panel_x, presenter, pose)
            clip.write()
            if frame == shown:
                write_poster(clip.picture, poster)


def poster_frame(timeline: Timeline, poses: Sequence[Pose]) -> int:
    """Return the frame that stands for the section: its second slide, if there is one, and open eyes."""
    steps = [change for change in timeline.changes if change.step is not None]
    settled = max(steps[min(1, len(steps) - 1)].frame + FADE + 2, 0)
    candidates = range(min(settled, timeline.frames - 1), min(settled + _POSTER_SEARCH, timeline.frames))
    return min(candidates, key=lambda frame: (poses[frame].blink, frame))


def _show_presenter(picture: Picture, x: int, presenter: Presenter, pose: Pose) -> None:
    drawn = presenter.draw(pose)
    if (box := drawn.changed) is not None:
        pixels = np.ascontiguousarray(drawn.pixels[box.rows, box.columns])
        picture.put(picture_from_bgra(pixels), x + box.x, box.y)


@dataclass(slots=True)
class _Fade:
    """A crossfade under way, within the box where the two slides differ."""

    start: int
    x: int
    y: int
    before: Picture
    after: Picture


class Screen:
    """The slides' part of the picture. Shows frame after frame, from the first to the last."""

    def __init__(self, picture: Picture, slides: Slides, timeline: Timeline) -> None:
        """Lay the bare paper on the left of ``picture``."""
        self._picture = picture
        self._slides = slides
        self._timeline = timeline
        self._scale = picture.height / 720
        self._changes = list(timeline.changes)
        self._captions = list(timeline.captions)
        self._bare = slides.paper.window(0, 0, slides.paper.width, slides.steps[0].height)
        self._slide = self._bare
        self._fade: _Fade | None = None
        self._growing: int | None = None
        self._caption: tuple[Caption, Pill] | None = None
        self._marked: int | None = None
        self._line = _Line(picture, slides.paper, self._scale)
        picture.put(slides.paper)

    def show(self, frame: int) -> None:
        """Make the picture show ``frame``."""
        self._show_slide(frame)
        self._show_caption(frame)
        self._line.show(*self._timeline.progress(frame))

    def _show_slide(self, frame: int) -> None:
        while self._changes and self._changes[0].frame <= frame:
            change = self._changes.pop(0)
            self._start(change.frame, change.step)
        if self._fade is not None:
            self._show_fade(frame - self._fade.start + 1, self._fade)
        if self._growing is not None and self._slides.growth is not None:
            self._show_growth(frame - self._growing, self._slides.growth)

    def _start(self, frame: int, step: int | None) -> None:
        after = self._bare if step is None else self._slides.steps[min(step, len(self._slides.steps) - 1)]
        growth = self._slides.growth
        if self._growing is not None and growth is not None:
            # A chart that is overtaken by the next change is full at once.
            self._finish(growth)
        elif growth is not None and step == CHART_STEP and self._slide is not after:
            after = after.copy()
            after.put(growth.pictures[0], growth.x, growth.y)
            self._growing = frame + FADE + _GROWTH_DELAY
        x, y, width, height = _difference(self._slide, after)
        if width and height:
            before = self._slide.window(x, y, width, height)
            self._fade = _Fade(frame, x, y, before, after.window(x, y, width, height))
        self._slide = after

    def _show_fade(self, passed: int, fade: _Fade) -> None:
        if passed >= FADE:
            self._picture.put(fade.after, fade.x, fade.y)
            self._fade = None
            return
        part = passed / FADE
        weight = round(256 * part * part * (3 - 2 * part))
        window = self._picture.window(fade.x, fade.y, fade.after.width, fade.after.height)
        for into, before, after in zip(window.planes, fade.before.planes, fade.after.planes, strict=True):
            mixed = before.astype(np.uint16) * (256 - weight) + after.astype(np.uint16) * weight
            into[...] = (mixed + 128) >> 8

    def _show_growth(self, passed: int, growth: Growth) -> None:
        if passed < 0:
            return
        if passed < len(growth.pictures) - 1:
            self._picture.put(growth.pictures[passed], growth.x, growth.y)
        else:
            self._finish(growth)

    def _finish(self, growth: Growth) -> None:
        self._picture.put(growth.pictures[-1], growth.x, growth.y)
        self._slide.put(growth.pictures[-1], growth.x, growth.y)
        self._growing = None

    def _show_caption(self, frame: int) -> None:
        if self._caption is not None and frame >= self._caption[0].end:
            self._wipe(self._caption[1])
            self._caption = None
        new = False
        if self._captions and self._captions[0].start <= frame:
            caption = self._captions.pop(0)
            if self._caption is not None:
                self._wipe(self._caption[1])
            self._caption = (caption, Pill(caption, self._slides.paper.width, self._scale))
            new = True
        if self._caption is None:
            return
        word = self._timeline.spoken[frame]
        if new or word != self._marked:
            pill = self._caption[1]
            pixels = pill.draw(self._slides.paper_pixels, word)
            self._picture.put(picture_from_bgra(pixels), pill.x, pill.y)
            self._marked = word

    def _wipe(self, pill: Pill) -> None:
        paper = self._slides.paper.window(pill.x, pill.y, pill.width, pill.height)
        self._picture.put(paper, pill.x, pill.y)


class _Line:
    """The progress line. Redraws only where one of its ends moved."""

    def __init__(self, picture: Picture, paper: Picture, scale: float) -> None:
        height = round(LINE * scale / 2) * 2
        y = paper.height - height
        self._width = paper.width
        self._window = picture.window(0, y, self._width, height)
        self._paper = paper.window(0, y, self._width, height)
        self._full = _gradient(self._width, height)
        self._shown = (0, 0)

    def show(self, start: float, end: float) -> None:
        """Show the line from ``start`` to ``end``, parts of its full length."""
        new = (round(start * self._width / 2) * 2, round(end * self._width / 2) * 2)
        (old_start, old_end), (new_start, new_end) = self._shown, new
        self._copy(self._full, old_end, new_end)
        self._copy(self._paper, old_start, new_start)
        self._shown = new

    def _copy(self, source: Picture, start: int, end: int) -> None:
        if start < end:
            self._window.put(source.window(start, 0, end - start, source.height), start, 0)


def _gradient(width: int, height: int) -> Picture:
    left, right = (np.array(colour[::-1], np.float64) for colour in _LINE_COLOURS)
    part = np.linspace(0, 1, width)[:, None]
    pixels: NDArray[np.uint8] = np.full((height, width, 4), 255, np.uint8)
    pixels[..., :3] = np.round(left + (right - left) * part)
    return picture_from_bgra(pixels)


def _difference(one: Picture, other: Picture) -> tuple[int, int, int, int]:
    """Return x, y, width and height, all even, of the box outside which both pictures are the same."""
    rows = np.zeros(one.height // 2, bool)
    columns = np.zeros(one.width // 2, bool)
    for plane, others in zip(one.planes, other.planes, strict=True):
        differs = plane != others
        step = plane.shape[0] // len(rows)
        rows |= differs.any(axis=1).reshape(-1, step).any(axis=1)
        columns |= differs.any(axis=0).reshape(-1, step).any(axis=1)
    if not rows.any():
        return 0, 0, 0, 0
    [y], [x] = np.nonzero(rows), np.nonzero(columns)
    return 2 * int(x[0]), 2 * int(y[0]), 2 * int(x[-1] - x[0] + 1), 2 * int(y[-1] - y[0] + 1)
