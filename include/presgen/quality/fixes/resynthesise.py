"""Speak a damaged narration again: what was cut off when it clipped cannot be put back."""

from __future__ import annotations

import tempfile
from pathlib import Path

from presgen.errors import CannotJoin
from presgen.media.mending import mend_clip
from presgen.media.sound import FRAME_SAMPLES, read_wav
from presgen.model.base import Seconds
from presgen.model.media import Clip, Narration
from presgen.model.quality import Remedy
from presgen.quality.fixes import Workpiece, fixes
from presgen.quality.fixes.rebuild_captions import recaptioned

SAME = Seconds(0.034)
"""A picture: words that moved by no more are still spoken by the mouth in the pictures."""


@fixes.register(Remedy.RESYNTHESISE)
class Resynthesise:
    """The section's own voice again, under the same pictures."""

    thoroughness = 50
    answers = frozenset(Remedy) - {Remedy.RENDER_AGAIN}

    def __call__(self, work: Workpiece) -> Clip:
        """Narrate again; where words have moved, the mouth in the pictures has to be made anew as well."""
        with tempfile.TemporaryDirectory(dir=work.folder, prefix="spoken-") as folder:
            narration = work.narrate(Path(folder))
            if narration is None:
                raise CannotJoin("The renderer cannot speak a section apart from its pictures.")
            sound, _ = read_wav(narration.path)
            if not _fits(narration, work.clip):
                raise CannotJoin("Spoken again, the words come at other moments than in the pictures.")
            narration.path.replace(work.narration)
        mend_clip(work.path, work.format, sound)
        frames = len(sound) // FRAME_SAMPLES
        spoken = {"words": narration.words, "sentences": narration.sentences}
        return recaptioned(work.clip.model_copy(update=spoken), work.section, frames)


def _fits(narration: Narration, clip: Clip) -> bool:
    """Return whether the narration is spoken as the one in the clip was, word by word."""
    before = [(word.text, word.start) for word in clip.words]
    after = [(word.text, word.start) for word in narration.words]
    return len(before) == len(after) and all(
        text == other and abs(start - moved) <= SAME
        for (text, start), (other, moved) in zip(before, after, strict=True)
    )
