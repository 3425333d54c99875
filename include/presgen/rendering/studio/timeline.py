"""When what is seen: the slide's steps, the captions and the progress line, in frames."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from presgen.model.base import Seconds
from presgen.model.lesson import Section, SectionKind
from presgen.model.media import Cue, Narration
from presgen.rendering.studio.slides.lettering import legible

FADE = 8
"""Frames a slide takes to become the next: quick enough not to be waited for."""
AHEAD = Seconds(0.15)
"""A slide changes that much before the sentence about it: the eye is there when the ear needs it."""
HELD = Seconds(0.4)
"""Two captions that close together follow each other without a blink between them."""
AFTERGLOW = Seconds(0.15)
"""How long a word stays marked when nothing follows it."""
SWEEP = 12
"""Frames in which the full progress line leaves at the end, so that the next section starts without one."""


@dataclass(frozen=True, slots=True)
class Change:
    """The slide becomes another one."""

    frame: int
    """The first frame of the crossfade; negative: it is over before the section starts."""
    step: int | None
    """None: bare paper."""


@dataclass(frozen=True, slots=True)
class Token:
    """What stands in a caption between two spaces: a word, or a part of one that fills a line."""

    text: str
    """Legible: without what no font can draw."""
    word: int
    """Counts through the narration's words."""


@dataclass(frozen=True, slots=True)
class Caption:
    """A caption burned into the picture."""

    start: int
    """The first frame it is in."""
    end: int
    """The first frame it is no longer in."""
    lines: tuple[tuple[Token, ...], ...]


@dataclass(frozen=True, slots=True)
class Timeline:
    """What is seen in each of a section's frames, apart from the presenter."""

    frames: int
    changes: tuple[Change, ...]
    """In order, at least `FADE` frames apart."""
    captions: tuple[Caption, ...]
    """In order, none overlapping."""
    spoken: tuple[int | None, ...]
    """For each frame the word that is being said, by number; None: nothing is said."""

    def progress(self, frame: int) -> tuple[float, float]:
        """Return where the progress line starts and ends in that frame, as parts of its full length."""
        leaving = frame - (self.frames - 1 - SWEEP)
        if leaving > 0:
            return leaving / SWEEP, 1.0
        return 0.0, frame / max(self.frames - 1 - SWEEP, 1)


def lay_out(section: Section, narration: Narration, cues: Sequence[Cue], frames: int, fps: int) -> Timeline:
    """Return when what of ``section`` is seen, in a clip of that many frames."""
    return Timeline(
        frames=frames,
        changes=_changes(section, narration.sentences, frames, fps),
        captions=_captions(narration, cues, frames, fps),
        spoken=_spoken(narration, frames, fps),
    )


def _changes(section: Section, sentences: Sequence[Seconds], frames: int, fps: int) -> tuple[Change, ...]:
    """Return the slide's changes.

    Sections meet on bare paper. A lesson's first picture, which becomes its thumbnail, and its last
    one, which stays on the screen, show the slide.
    """
    first = section.sentences[0].step if section.sentences else 0
    opening = section.kind is SectionKind.OPENING
    last = frames if section.kind is SectionKind.CLOSING else frames - FADE
    changes = [Change(-FADE if opening else min(1, last - FADE), first)]
    for sentence, start in zip(section.sentences, sentences, strict=True):
        if sentence.step == changes[-1].step:
            continue
        frame = round((start - AHEAD) * fps)
        # However fast a sentence passes, no change starts before the last one is over.
        frame = max(frame, changes[-1].frame + FADE)
        if frame + FADE <= last:
            changes.append(Change(frame, sentence.step))
    if section.kind is not SectionKind.CLOSING:
        changes.append(Change(max(last, changes[-1].frame + FADE), None))
    return tuple(changes)


def _captions(narration: Narration, cues: Sequence[Cue], frames: int, fps: int) -> tuple[Caption, ...]:
    ends = [
        follows.start if follows.start - cue.end < HELD else cue.end for cue, follows in pairwise(cues)
    ] + [cue.end for cue in cues[-1:]]
    captions: list[Caption] = []
    for cue, end, lines in zip(cues, ends, _tokens(narration, cues), strict=True):
        first, stop = math.ceil(cue.start * fps - 0.5), math.ceil(end * fps - 0.5)
        stop = min(stop, frames - 1)
        if first < stop and lines:
            captions.append(Caption(first, stop, lines))
    return tuple(captions)


def _tokens(narration: Narration, cues: Sequence[Cue]) -> Iterator[tuple[tuple[Token, ...], ...]]:
    """Yield the lines of each cue with the number of the word that each of their tokens belongs to.

    Captions may clean words and cut long ones, but they keep their order, so counting letters finds them.
    """
    ends: list[int] = []
    for word in narration.words:
        ends.append((ends[-1] if ends else 0) + len("".join(word.text.split())))
    letters = 0
    for cue in cues:
        lines = []
        for line in cue.lines:
            tokens = []
            for text in line.split():
                number = min(bisect_right(ends, letters), max(len(ends) - 1, 0))
                letters += len(text)
                if shown := legible(text):
                    tokens.append(Token(shown, number))
            if tokens:
                lines.append(tuple(tokens))
        yield tuple(lines)


def _spoken(narration: Narration, frames: int, fps: int) -> tuple[int | None, ...]:
    starts = [word.start for word in narration.words]
    spoken: list[int | None] = []
    for frame in range(frames):
        moment = (frame + 0.5) / fps
        word = bisect_right(starts, moment) - 1
        if word < 0:
            spoken.append(None)
            continue
        until = narration.words[word].end + AFTERGLOW
        if word + 1 < len(starts) and starts[word + 1] - narration.words[word].end < HELD:
            until = starts[word + 1]
        spoken.append(word if moment < until else None)
    return tuple(spoken)
