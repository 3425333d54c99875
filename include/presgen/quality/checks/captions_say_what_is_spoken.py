"""The captions hold every spoken word, in order, when it is spoken."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import zip_longest

from presgen.model.base import Seconds
from presgen.model.quality import Finding, Severity
from presgen.quality.checks import checks
from presgen.quality.evidence import Evidence

# Messages point at captions by number: an opening's captions hold the learner's name, and logs hold findings.

NAME = "captions-say-what-is-spoken"

LARGEST_DELAY = Seconds(0.1)
"""A tenth of a second between a word and its caption goes unnoticed."""

LOST_DELAY = Seconds(1.0)
"""A second late, a caption belongs to another sentence."""


@checks.register(NAME)
def captions_say_what_is_spoken(evidence: Evidence) -> Iterator[Finding]:
    """Find missing captions, words that differ from the script, and captions out of step with the voice."""
    if not evidence.cues:
        severity = Severity.REJECT if evidence.scripted else Severity.WARN
        yield Finding(check=NAME, severity=severity, message="The film has no captions.")
        return
    if not evidence.scripted:
        return
    shown = [(letter, cue.start) for cue in evidence.cues for letter in _letters(cue.text)]
    said = [(letter, section) for section in evidence.sections for letter in _letters(section.text or "")]
    for place, (seen, heard) in enumerate(zip_longest(shown, said)):
        if seen is None or heard is None or seen[0] != heard[0]:
            section = heard[1] if heard else evidence.sections[-1]
            yield Finding(
                check=NAME,
                severity=Severity.REJECT,
                at=seen[1] if seen else section.start,
                message=(
                    f"From letter {place + 1} of {len(said)} on, in {section.title!r}, the captions differ "
                    "from the script; they must be the same, word for word."
                ),
            )
            return
    yield from _out_of_step(evidence)


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
                message=(
                    f"Caption {number} starts {off:.2f} s from its first word; "
                    f"up to {LARGEST_DELAY} s is fine."
                ),
            )


def _letters(text: str) -> str:
    """Return the text without white space: a word broken over two lines is still the same word."""
    return "".join(text.split())
