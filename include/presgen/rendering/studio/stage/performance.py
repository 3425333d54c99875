"""From a narration to what the presenter does in each frame."""

from __future__ import annotations

import numpy as np

from presgen.model.media import Narration
from presgen.rendering.studio.stage.motion import TO_THE_LEFT, Direction, Rhythm, move, rest_envelope
from presgen.rendering.studio.stage.pose import Mouth, Pose
from presgen.rendering.studio.stage.visemes import REST_MOUTH, mouth_track

STRESS = "ˈ"
"""misaki's mark of the main stress in a word."""


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
    mouths = mouth_track(narration.phonemes, frames, fps)
    mouths = REST_MOUTH + (mouths - REST_MOUTH) * rest_envelope(frames, ease=3)[:, None]
    return tuple(
        Pose(
            yaw=float(motion.yaw[frame]),
            pitch=float(motion.pitch[frame]),
            roll=float(motion.roll[frame]),
            lean=float(motion.lean[frame]),
            breath=float(motion.breath[frame]),
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
