"""When what is seen: the slide's steps, the captions and the progress line, in frames."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from presgen.model.base import Seconds
from presgen.model.lesson import Framing, Section, SectionKind
from presgen.model.media import Cue, Narration
from presgen.rendering.studio.scene import HOME, framing_of, opens_full
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
MOVE = 14
"""Frames in which the presenter moves into another framing; with the frames around it, it fits the silence
before a section's first word and after its last."""
GREETING = (Seconds(2.0), Seconds(8.0))
"""At least and at most so long a lesson's presenter has the picture, before its slides do."""


@dataclass(frozen=True, slots=True)
class Shot:
    """A stretch in which the picture is divided in one way."""

    start: int
    """The first frame of the move into it, or of itself if nothing moves."""
    settled: int
    """The first frame in which it is what it is until the next shot starts."""
    framing: Framing


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
    shots: tuple[Shot, ...]
    """In order; the first one starts settled."""
    changes: tuple[Change, ...]
    """In order, at least `FADE` frames apart."""
    captions: tuple[Caption, ...]
    """In order, none overlapping."""
    spoken: tuple[int | None, ...]
    """For each frame the word that is being said, by number; None: nothing is said."""

    @property
    def teaching(self) -> Shot:
        """The shot that shows the section's slide: the last one, but for the way home."""
        return self.shots[-2] if _returns(self.shots, self.frames) else self.shots[-1]

    def progress(self, frame: int) -> tuple[float, float]:
        """Return where the progress line starts and ends in that frame, as parts of its full length."""
        leaving = frame - (self.frames - 1 - SWEEP)
        if leaving > 0:
            return leaving / SWEEP, 1.0
        return 0.0, frame / max(self.frames - 1 - SWEEP, 1)


def lay_out(
    section: Section, narration: Narration, cues: Sequence[Cue], frames: int, fps: int, burned: bool = True
) -> Timeline:
    """Return when what of ``section`` is seen, in a clip of that many frames; captions only if ``burned``."""
    shots = _shots(section, narration, frames, fps)
    captions = _captions(narration, cues, frames, fps) if burned else ()
    return Timeline(
        frames=frames,
        shots=shots,
        changes=_changes(section, narration.sentences, frames, fps, shots),
        captions=tuple(part for caption in captions for part in _around(caption, shots)),
        spoken=_spoken(narration, frames, fps),
    )


def _shots(section: Section, narration: Narration, frames: int, fps: int) -> tuple[Shot, ...]:
    """Return the section's shots.

    All sections meet at home. A lesson opens with the presenter's greeting, and stays where it closes.
    """
    framing = framing_of(section)
    leaving = frames - 1 - MOVE
    shots = [Shot(0, 0, Framing.FULL if opens_full(section) else HOME)]
    if framing is not shots[0].framing:
        settled = _greeted(section, narration.sentences, fps) if opens_full(section) else MOVE + 1
        if settled <= leaving - MOVE:
            shots.append(Shot(settled - MOVE, settled, framing))
    if section.kind is not SectionKind.CLOSING and shots[-1].framing is not HOME:
        shots.append(Shot(max(leaving, 1), frames - 1, HOME))
    return tuple(shots)


def _returns(shots: Sequence[Shot], frames: int) -> bool:
    """Whether the presenter goes home at the end."""
    return len(shots) > 1 and shots[-1].settled == frames - 1


def _greeted(section: Section, starts: Sequence[Seconds], fps: int) -> int:
    """Return the frame from which slides have the picture: just before the sentence that needs them."""
    least, most = GREETING
    steps = [sentence.step for sentence in section.sentences]
    needed = next((start for start, step in zip(starts, steps, strict=True) if step > steps[0]), most)
    between = [start for start in starts[1:] if least + AHEAD <= start <= most]
    moment = next((start for start in between if start >= needed), between[-1] if between else most)
    return round((moment - AHEAD) * fps)


def _changes(
    section: Section, sentences: Sequence[Seconds], frames: int, fps: int, shots: Sequence[Shot]
) -> tuple[Change, ...]:
    """Return the slide's changes.

    Sections meet on bare paper. A lesson's last picture, which stays on the screen, shows the slide, and so
    does the first one in which its slides are seen.
    """
    first = section.sentences[0].step if section.sentences else 0
    opening = section.kind is SectionKind.OPENING
    stays = section.kind is SectionKind.CLOSING
    returns = _returns(shots, frames)
    # Where the picture is divided anew at the end, the slide goes with that move.
    last = frames if stays else shots[-1].start if returns else frames - FADE
    appears = shots[1].settled if len(shots) > 1 + returns else 1
    changes = [Change(-FADE if opening else min(appears, last - FADE), first)]
    for sentence, start in zip(section.sentences, sentences, strict=True):
        if sentence.step == changes[-1].step:
            continue
        frame = round((start - AHEAD) * fps)
        # However fast a sentence passes, no change starts before the last one is over.
        frame = max(frame, changes[-1].frame + FADE)
        if frame + FADE <= last:
            changes.append(Change(frame, sentence.step))
    if not stays and not returns:
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


def _around(caption: Caption, shots: Sequence[Shot]) -> Iterator[Caption]:
    """Yield what is left of a caption where none is shown while the picture is divided anew."""
    start = caption.start
    for shot in shots:
        if start < shot.start < caption.end:
            yield Caption(start, shot.start, caption.lines)
        if shot.start <= start < shot.settled or start < shot.start < caption.end:
            start = shot.settled
    if start < caption.end:
        yield Caption(start, caption.end, caption.lines)


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
