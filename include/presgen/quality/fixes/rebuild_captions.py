"""Lay the captions out again: from the words and their times, or from the script where there are none."""

from __future__ import annotations

from presgen.media.captions import lay_out_cues
from presgen.media.sound import FPS
from presgen.model.base import Seconds
from presgen.model.lesson import Section
from presgen.model.media import Clip, WordTiming
from presgen.model.quality import Remedy
from presgen.quality.fixes import Workpiece, fixes

LEAD_IN, TAIL = Seconds(0.5), Seconds(0.6)
"""Of a narration whose sound nobody has measured."""


@fixes.register(Remedy.REBUILD_CAPTIONS)
class RebuildCaptions:
    """Captions that hold every word, when it is spoken."""

    thoroughness = 10
    answers = frozenset({Remedy.REBUILD_CAPTIONS})

    def __call__(self, work: Workpiece) -> Clip:
        """Return the clip with new cues. No file changes: captions join the film when lessons are joined."""
        heard = work.measured
        return recaptioned(
            work.clip,
            work.section,
            work.clip.frames,
            starts=heard.sound_starts if heard else None,
            ends=heard.sound_ends if heard else None,
        )


def recaptioned(
    clip: Clip,
    section: Section,
    frames: int,
    starts: Seconds | None = None,
    ends: Seconds | None = None,
) -> Clip:
    """Return ``clip`` as one of that many pictures, with cues laid out anew.

    Where its words are not those of the script, or come when it is over, they are spread over the time in
    which something is heard, long words longer.
    """
    duration = Seconds(frames / FPS)
    words = clip.words
    if not _plausible(words, section, duration):
        words = _spread(section.text.split(), starts or LEAD_IN, ends or Seconds(duration - TAIL))
    return clip.model_copy(
        update={
            "frames": frames,
            "duration": duration,
            "words": words,
            "cues": lay_out_cues(words, until=duration),
        }
    )


def _plausible(words: tuple[WordTiming, ...], section: Section, duration: Seconds) -> bool:
    spoken = " ".join(word.text for word in words).split() == section.text.split()
    moments = [moment for word in words for moment in (word.start, word.end)]
    return spoken and moments == sorted(moments) and all(0 <= moment <= duration for moment in moments)


def _spread(texts: list[str], start: float, end: float) -> tuple[WordTiming, ...]:
    weight = sum(len(text) + 2 for text in texts)
    words: list[WordTiming] = []
    moment = start
    for text in texts:
        later = moment + (end - start) * (len(text) + 2) / weight
        words.append(WordTiming(text=text, start=Seconds(round(moment, 3)), end=Seconds(round(later, 3))))
        moment = later
    return tuple(words)
