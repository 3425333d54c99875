"""Bring sound and pictures to one length: that of what is spoken, and as near as can be to the plan."""

from __future__ import annotations

import numpy as np

from presgen.errors import CannotJoin
from presgen.media.mending import mend_clip
from presgen.media.sound import AAC_SAMPLES, FRAME_SAMPLES, GRID_SAMPLES, SAMPLE_RATE, read_wav, write_wav
from presgen.model.base import Seconds
from presgen.model.media import Clip
from presgen.model.quality import Remedy
from presgen.quality.fixes import Workpiece, fixes
from presgen.quality.fixes.rebuild_captions import recaptioned

TAIL = Seconds(0.6)
"""Silence after the last word."""
LINGERING = Seconds(2.0)
"""Silence after the last word that is left as it is."""


@fixes.register(Remedy.PAD_OR_TRIM)
class PadOrTrim:
    """Sound padded with silence or trimmed of it; pictures trimmed, or the last one repeated."""

    thoroughness = 40
    answers = frozenset({Remedy.PAD_OR_TRIM, Remedy.REMUX})

    def __call__(self, work: Workpiece) -> Clip:
        """Cut the narration to its right length, and the clip to the narration."""
        sound, _ = read_wav(work.narration)
        [heard] = np.nonzero(sound)
        spoken = max((word.end for word in work.clip.words), default=0.0)
        length = len(sound) / SAMPLE_RATE
        if spoken > length:
            raise CannotJoin(f"The narration ends at {length:.1f} s, before its last word at {spoken:.1f} s.")
        ends = max(spoken, (int(heard[-1]) + 1) / SAMPLE_RATE if len(heard) else 0.0)
        if not TAIL <= length - ends <= LINGERING:
            length = max(ends + TAIL, min(work.section.planned, length))
        grids = -(-round(length * SAMPLE_RATE) // GRID_SAMPLES)
        fitting = np.zeros(grids * GRID_SAMPLES, np.int16)
        kept = min(len(sound), len(fitting))
        fitting[:kept] = sound[:kept]
        fitting[-AAC_SAMPLES:] = 0
        write_wav(work.narration, fitting)
        mend_clip(work.path, work.format, fitting)
        return recaptioned(work.clip, work.section, len(fitting) // FRAME_SAMPLES)
