"""Puts a section together, frame by frame: slide, captions, progress line and presenter.

Only what changed since the last frame is drawn, straight into the planes that the encoder reads.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from presgen.brands import Palette
from presgen.media.clip import clip_writer
from presgen.media.formats import Format
from presgen.media.picture import Picture
from presgen.media.sound import Samples
from presgen.model.lesson import Framing
from presgen.rendering.posters import write_poster
from presgen.rendering.studio.move import Move
from presgen.rendering.studio.scene import Shape, shape_of
from presgen.rendering.studio.stage.pose import Pose
from presgen.rendering.studio.timeline import FADE, Timeline
from presgen.rendering.studio.view import View

_GROWN = 36
"""Frames after a slide has faded in until what grows on it is full."""
_POSTER_SEARCH = 75
"""Frames within which the poster looks for open eyes and a resting mouth."""


def assemble(
    path: Path,
    poster: Path,
    format: Format,
    sound: Samples,
    timeline: Timeline,
    views: Mapping[Framing, View],
    poses: Sequence[Pose],
    palette: Palette,
) -> None:
    """Write the clip to ``path`` and a picture of its fullest slide to ``poster``."""
    shown = poster_frame(timeline, poses)
    with clip_writer(path, format, sound) as clip:
        film = Film(clip.picture, shape_of(format), timeline, views, palette)
        for frame, pose in enumerate(poses):
            if film.show(frame, pose):
                clip.write()
            else:
                clip.repeat()
            if frame == shown:
                write_poster(clip.picture, poster)


class Film:
    """What is seen, frame after frame: views, and the moves between them."""

    def __init__(
        self,
        canvas: Picture,
        shape: Shape,
        timeline: Timeline,
        views: Mapping[Framing, View],
        palette: Palette,
    ) -> None:
        """Show ``timeline`` on ``canvas``, with a view for each framing in it."""
        self._canvas = canvas
        self._shape = shape
        self._timeline = timeline
        self._views = views
        self._palette = palette
        self._shots = list(timeline.shots)
        self._view: View | None = None
        self._move: Move | None = None

    def show(self, frame: int, pose: Pose) -> bool:
        """Make the canvas show ``frame``; return whether it differs from the frame before."""
        if not self._shots or frame < self._shots[0].start:
            return self._view is not None and self._view.show(self._canvas, frame, pose)
        shot = self._shots[0]
        after = self._views[shot.framing]
        if frame >= shot.settled:
            self._shots.pop(0)
            self._view, self._move = after, None
            after.enter(self._canvas, frame, pose)
            return True
        if self._move is None:
            before = self._view or after
            self._move = Move(self._canvas, before, after, shot.settled, self._shape, self._palette)
        self._move.show(self._canvas, (frame - shot.start + 1) / (shot.settled - shot.start + 1), pose)
        return True


def poster_frame(timeline: Timeline, poses: Sequence[Pose]) -> int:
    """Return the frame that stands for the section: a full slide, open eyes, and a mouth at rest."""
    teaching = timeline.teaching
    later = [shot.start for shot in timeline.shots if shot.start > teaching.settled]
    steps = [change.frame for change in timeline.changes if change.step is not None]
    leaves = [change.frame for change in timeline.changes if change.step is None]
    end = max(teaching.settled + 1, min([*later, *leaves, timeline.frames]))
    full = [max(frame, teaching.settled) + FADE + _GROWN for frame in steps if frame < end]
    start = min(max(full, default=teaching.settled), max(teaching.settled, end - FADE))
    return min(
        range(start, min(end, start + _POSTER_SEARCH)), key=lambda frame: (_unrest(poses[frame]), frame)
    )


def _unrest(pose: Pose) -> float:
    """Return how little a still picture does justice to the presenter."""
    away = abs(pose.gaze_x) + abs(pose.gaze_y)
    return round(4 * pose.blink + 2 * pose.mouth.opening + pose.mouth.rounding + away, 3)
