"""Nobody waits for the next word."""

from __future__ import annotations

from collections.abc import Iterator

from presgen.model.base import Seconds
from presgen.model.quality import Finding, Remedy, Severity, Span
from presgen.quality.checks import checks
from presgen.quality.evidence import Evidence, InspectedSection

NAME = "narration-has-no-gap"
VERSION = 2

LONGEST_SILENCE = Seconds(2.5)
"""Twice the longest pause any persona makes."""

LONGEST_ELSEWHERE = Seconds(3.0)
"""In films of others: broadcasters' silence alarms start at 3 s."""

LONGEST_AT_CHAPTERS = Seconds(6.0)
"""A chapter may end and the next one begin in silence."""

NEAR = Seconds(1.5)
"""From a chapter mark to a silence that belongs to it."""

LONGEST_BEFORE_AND_AFTER = Seconds(5.0)
"""Titles at the start, credits at the end."""

SPOKEN = Seconds(0.8)
"""A caption shown for this long in silence says that somebody speaks there; a shorter one may linger."""


@checks.register(NAME)
def narration_has_no_gap(evidence: Evidence) -> Iterator[Finding]:
    """Find silences that are longer than any planned pause, and captions for which nothing is heard."""
    for section in evidence.sections:
        measured = section.measured
        if measured.loudness is None:
            continue  # it is silent altogether, which is another finding
        silences = measured.silences or (_span(*measured.longest_silence),)
        for silence in silences:
            longest = _longest(evidence, section, silence)
            if silence.length > longest:
                yield _finding(evidence, section, silence, longest)
        yield from _before_and_after(evidence, section)
        yield from _unspoken(evidence, section)


def _span(start: Seconds, length: Seconds) -> Span:
    return Span(start=start, end=Seconds(start + length))


def _longest(evidence: Evidence, section: InspectedSection, silence: Span) -> Seconds:
    if (expected := evidence.wanted.longest_silence) is not None:
        return expected
    if evidence.ordered:
        return LONGEST_SILENCE
    start, end = section.at(silence.start) - NEAR, section.at(silence.end) + NEAR
    if any(start <= chapter.start <= end for chapter in evidence.film.chapters[1:]):
        return LONGEST_AT_CHAPTERS
    return LONGEST_ELSEWHERE


def _finding(evidence: Evidence, section: InspectedSection, silence: Span, longest: Seconds) -> Finding:
    certain = (
        evidence.ordered
        or evidence.wanted.longest_silence is not None
        or silence.length > LONGEST_AT_CHAPTERS - 1
    )
    return Finding(
        check=NAME,
        severity=Severity.REJECT if certain else Severity.WARN,
        at=section.at(silence.start),
        until=section.at(silence.end),
        measured=round(silence.length, 2),
        limit=longest,
        remedy=Remedy.RESYNTHESISE,
        message=(
            f"{section.title!r} is silent for {silence.length:.1f} s from {section.at(silence.start):.1f} s; "
            f"up to {longest:.1f} s is fine."
        ),
    )


def _before_and_after(evidence: Evidence, section: InspectedSection) -> Iterator[Finding]:
    measured = section.measured
    if measured.sound_starts is None or measured.sound_ends is None:
        return
    limit = LONGEST_SILENCE + 1 if evidence.ordered else LONGEST_BEFORE_AND_AFTER
    end = measured.duration
    for where, silence in (
        ("starts with", Span(start=Seconds(0.0), end=measured.sound_starts)),
        ("ends with", Span(start=measured.sound_ends, end=Seconds(max(end, measured.sound_ends)))),
    ):
        if silence.length > limit:
            yield Finding(
                check=NAME,
                severity=evidence.strict,
                at=section.at(silence.start),
                until=section.at(silence.end),
                measured=round(silence.length, 2),
                limit=limit,
                remedy=Remedy.PAD_OR_TRIM,
                message=(
                    f"{section.title!r} {where} {silence.length:.1f} s of silence; "
                    f"up to {limit:.1f} s is fine."
                ),
            )


def _unspoken(evidence: Evidence, section: InspectedSection) -> Iterator[Finding]:
    """Find the first caption that is shown from beginning to end while nothing is heard."""
    for number, cue in enumerate(evidence.cues, 1):
        if cue.end - cue.start < SPOKEN or cue.text[:1] in "[(♪":
            continue
        for silence in section.measured.silences:
            if section.at(silence.start) <= cue.start and cue.end <= section.at(silence.end):
                certain = evidence.ordered or silence.length > LONGEST_ELSEWHERE
                yield Finding(
                    check=NAME,
                    severity=Severity.REJECT if certain else Severity.WARN,
                    at=cue.start,
                    until=cue.end,
                    measured=round(silence.length, 2),
                    remedy=Remedy.RESYNTHESISE,
                    message=f"Nothing is heard while caption {number} is shown; somebody should speak.",
                )
                return
