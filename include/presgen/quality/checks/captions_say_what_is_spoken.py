"""The captions hold every spoken word, in order, when it is spoken."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import zip_longest

from presgen.model.base import Seconds
from presgen.model.quality import Finding, Remedy, Severity
from presgen.quality.checks import checks
from presgen.quality.evidence import Evidence

# Messages point at captions by number: an opening's captions hold the learner's name, and logs hold findings.

NAME = "captions-say-what-is-spoken"
VERSION = 2

LARGEST_DELAY = Seconds(0.1)
"""A tenth of a second between a word and its caption goes unnoticed. DCMP asks for captions in step."""

LOST_DELAY = Seconds(1.0)
"""A second late, a caption belongs to another sentence."""


@checks.register(NAME)
def captions_say_what_is_spoken(evidence: Evidence) -> Iterator[Finding]:
    """Find words that differ from the script, and captions out of step with the voice or the film's own."""
    if not evidence.cues:
        return  # that there are none is another finding
    yield from _other_than_in_the_film(evidence)
    if not evidence.scripted:
        return
    letters = _letters if evidence.ordered else _plain_letters
    shown = [(letter, cue.start) for cue in evidence.cues for letter in letters(cue.text)]
    said = [(letter, section) for section in evidence.sections for letter in letters(section.text or "")]
    for place, (seen, heard) in enumerate(zip_longest(shown, said)):
        if seen is None or heard is None or seen[0] != heard[0]:
            section = heard[1] if heard else evidence.sections[-1]
            yield Finding(
                check=NAME,
                severity=Severity.REJECT,
                at=seen[1] if seen else shown[-1][1] if shown else section.start,
                measured=len(shown),
                limit=len(said),
                remedy=Remedy.REBUILD_CAPTIONS,
                message=(
                    f"From letter {place + 1} of {len(said)} on, in {section.title!r}, the captions differ "
                    "from the script; they must be the same, word for word."
                ),
            )
            return
    yield from _out_of_step(evidence)


def _other_than_in_the_film(evidence: Evidence) -> Iterator[Finding]:
    """Find the first caption in the file beside the film that the film's own caption track does not have."""
    track = evidence.film.cues
    if not track or track == evidence.cues:
        return
    for number, (beside, inside) in enumerate(zip_longest(evidence.cues, track), 1):
        same = (
            beside is not None
            and inside is not None
            and _plain_letters(beside.text) == _plain_letters(inside.text)
            and abs(beside.start - inside.start) <= LARGEST_DELAY
        )
        if not same:
            at = beside or inside
            yield Finding(
                check=NAME,
                severity=evidence.strict,
                at=at.start if at else None,
                measured=len(track),
                limit=len(evidence.cues),
                remedy=Remedy.REBUILD_CAPTIONS,
                message=(
                    f"Caption {number} of the file beside the film is not what the film's own caption track "
                    "shows then; both must say the same."
                ),
            )
            return


def _out_of_step(evidence: Evidence) -> Iterator[Finding]:
    """Find the cues that start away from the first word they show, where the time of words is known."""
    spoken = {}
    letters = 0
    for section in evidence.sections:
        before = letters
        for word in section.words:
            spoken[before] = section.start + word.start
            before += len(_letters(word.text))
        letters += len(_letters(section.text or ""))
    letters = 0
    for number, cue in enumerate(evidence.cues, 1):
        moment = spoken.get(letters)
        letters += len(_letters(cue.text))
        if moment is not None and (off := abs(cue.start - moment)) > LARGEST_DELAY:
            yield Finding(
                check=NAME,
                severity=Severity.REJECT if off > LOST_DELAY else Severity.NOTE,
                at=cue.start,
                measured=round(off, 3),
                limit=LARGEST_DELAY,
                remedy=Remedy.REBUILD_CAPTIONS,
                message=(
                    f"Caption {number} starts {off:.2f} s from its first word; "
                    f"up to {LARGEST_DELAY} s is fine."
                ),
            )


def _letters(text: str) -> str:
    """Return the text without white space: a word broken over two lines is still the same word."""
    return "".join(text.split())


def _plain_letters(text: str) -> str:
    """Return letters and digits alone: films of others spell their captions as they like."""
    return "".join(letter for letter in text.casefold() if letter.isalnum())
