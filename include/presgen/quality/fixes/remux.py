"""Write the file again as ours are: index first, all from 0, no edit list, and the voice with the lips."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from presgen.errors import CannotJoin
from presgen.media.mending import lag_of, mend_clip
from presgen.media.sound import AAC_SAMPLES, FRAME_SAMPLES, SAMPLE_RATE, Samples, read_wav, write_wav
from presgen.model.base import Seconds
from presgen.model.media import Clip, WordTiming
from presgen.model.quality import Remedy
from presgen.quality.fixes import Workpiece, fixes
from presgen.quality.fixes.rebuild_captions import recaptioned

ONE_PICTURE = Seconds(0.034)
"""Nearer, sound and pictures are as near as they can be told to be."""


@fixes.register(Remedy.REMUX)
class Remux:
    """The same pictures and the narration, in a file of our own layout."""

    thoroughness = 30
    answers = frozenset({Remedy.REMUX})

    def __call__(self, work: Workpiece) -> Clip:
        """Lay the pictures and the narration out from 0.

        A shift between voice and mouth that the file alone has is gone thereby. Where the narration itself is
        shifted against the pictures, it is moved, and its words and captions with it.
        """
        sound, _ = read_wav(work.narration)
        clip, late = work.clip, _late(work, sound)
        if abs(late) > ONE_PICTURE:
            sound = _earlier(sound, late)
            write_wav(work.narration, sound)
            clip = clip.model_copy(
                update={
                    "words": tuple(_moved(word, late) for word in clip.words),
                    "sentences": tuple(_moment(start - late) for start in clip.sentences),
                }
            )
            clip = recaptioned(clip, work.section, len(sound) // FRAME_SAMPLES)
        mend_clip(work.path, work.format, sound)
        return clip


def _late(work: Workpiece, sound: Samples) -> Seconds:
    """Return how much later the narration comes than the lips that speak it, were both laid out from 0."""
    offset = work.measured.lip_offset if work.measured else None
    if offset is None or work.measured is None or not work.measured.lips_off:
        return Seconds(0.0)
    return Seconds(offset - lag_of(work.path, sound))


def _earlier(sound: Samples, seconds: float) -> Samples:
    """Return the sound that much earlier, in the same length; only silence may be lost."""
    shift = round(seconds * SAMPLE_RATE)
    [heard] = np.nonzero(sound)
    first, last = (int(heard[0]), int(heard[-1])) if len(heard) else (AAC_SAMPLES, AAC_SAMPLES)
    if first - shift < AAC_SAMPLES or last - shift >= len(sound) - AAC_SAMPLES:
        raise CannotJoin(f"There is not enough silence to move the narration by {-seconds:+.3f} s.")
    moved: NDArray[Any] = np.roll(sound, -shift)
    return moved


def _moved(word: WordTiming, late: float) -> WordTiming:
    return word.model_copy(update={"start": _moment(word.start - late), "end": _moment(word.end - late)})


def _moment(seconds: float) -> Seconds:
    return Seconds(round(max(seconds, 0.0), 3))
