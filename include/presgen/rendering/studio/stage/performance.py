"""From a narration to what the presenter does in each frame."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from presgen.model.media import Narration
from presgen.rendering.studio.stage.motion import TO_THE_LEFT, Direction, Rhythm, move, rest_envelope
from presgen.rendering.studio.stage.pose import Mouth, Pose
from presgen.rendering.studio.stage.visemes import REST_MOUTH, mouth_track

STRESS = "ˈ"
"""misaki's mark of the main stress in a word."""


HEAD_TRAVEL = (1.95, 1.95, 5.9)
"""Units that what moves furthest travels for a degree of yaw, pitch and roll."""

BODY_TRAVEL = (10.0, 1.0)
"""Units that shoulders travel for a degree of lean and a pixel of breath."""

_UNSEEN = 0.5
"""Units; what has moved by less is not moved yet, for all of it would have to be drawn again."""


def perform(
    narration: Narration, frames: int, seed: int, fps: int = 30, slide: Direction = TO_THE_LEFT
) -> tuple[Pose, ...]:
    """Return the pose of each of ``frames`` frames, on the grid, so equal neighbours need no redrawing.

    ``slide`` is where the slide is: ``TO_THE_LEFT`` of the presenter, or ``BELOW``. Hands gesture in every
    performance; a ``Presenter`` that is framed closer than ``FULL`` does not show them.

    The first and last ``REST_FRAMES`` poses equal ``REST``, whatever is said then. The same arguments give
    the same poses in every process.
    """
    rhythm = Rhythm(
        moments=(np.arange(frames) + 0.5) / fps,
        sentences=tuple(narration.sentences),
        stresses=tuple(phoneme.start for phoneme in narration.phonemes if STRESS in phoneme.symbol),
        fps=fps,
    )
    motion = move(rhythm, seed, slide)
    head = held(np.stack([motion.yaw, motion.pitch, motion.roll], axis=1), HEAD_TRAVEL)
    body = held(np.stack([motion.lean, motion.breath], axis=1), BODY_TRAVEL)
    mouths = mouth_track(narration.phonemes, frames, fps)
    mouths = REST_MOUTH + (mouths - REST_MOUTH) * rest_envelope(frames, ease=3)[:, None]
    return tuple(
        Pose(
            yaw=float(head[frame, 0]),
            pitch=float(head[frame, 1]),
            roll=float(head[frame, 2]),
            lean=float(body[frame, 0]),
            breath=float(body[frame, 1]),
            blink=float(motion.blink[frame]),
            gaze_x=float(motion.gaze_x[frame]),
            gaze_y=float(motion.gaze_y[frame]),
            brow=float(motion.brow[frame]),
            mouth=Mouth(*mouths[frame].tolist()),
            gesture=motion.gesture[frame],
            reach=float(motion.reach[frame]),
        ).snapped()
        for frame in range(frames)
    )


def held(places: NDArray[np.float64], travel: Sequence[float]) -> NDArray[np.float64]:
    """Return where head or body is, frame by frame, if it waits until a movement can be seen.

    ``places`` has a row for each frame; ``travel`` tells how far a step of each column moves it. To rest, a
    row of zeros, it goes at once.
    """
    kept = places.copy()
    for frame in range(1, len(kept)):
        moved = float(np.abs(places[frame] - kept[frame - 1]) @ np.asarray(travel))
        if moved < _UNSEEN and places[frame].any():
            kept[frame] = kept[frame - 1]
    return kept
