"""Bring the narration to its level again: -16 LUFS, with peaks that leave room for AAC."""

from __future__ import annotations

from presgen.media.mending import mend_clip
from presgen.media.sound import SAMPLE_RATE, master_again, read_wav, write_wav
from presgen.model.media import Clip
from presgen.model.quality import Remedy
from presgen.quality.fixes import Workpiece, fixes


@fixes.register(Remedy.REMIX_LOUDNESS)
class RemixLoudness:
    """The master once more, under the same pictures."""

    thoroughness = 20
    answers = frozenset({Remedy.REMIX_LOUDNESS})

    def __call__(self, work: Workpiece) -> Clip:
        """Master the narration again and encode it anew."""
        sound, _ = read_wav(work.narration)
        louder = master_again(sound)
        write_wav(work.narration, louder, SAMPLE_RATE)
        mend_clip(work.path, work.format, louder)
        return work.clip
