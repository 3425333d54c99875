"""The film has captions, for those who cannot hear it or must not be heard."""

from __future__ import annotations

from collections.abc import Iterator

from presgen.model.base import Seconds
from presgen.model.quality import Finding, Remedy, Severity
from presgen.quality.checks import checks
from presgen.quality.evidence import Evidence

NAME = "film-has-captions"
VERSION = 1

LONGEST_WITHOUT = Seconds(10.0)
"""Of sound without a caption, in a film that has some: WCAG 1.2.2 asks for captions of all that is spoken,
and nobody pauses for that long."""


@checks.register(NAME)
def film_has_captions(evidence: Evidence) -> Iterator[Finding]:
    """Find a film without captions, and long stretches of its sound without any."""
    expected = evidence.wanted.captions
    if expected is False:
        return
    if not evidence.cues:
        certain = evidence.ordered or expected or any(section.text for section in evidence.sections)
        yield Finding(
            check=NAME,
            severity=Severity.REJECT if certain else Severity.WARN,
            measured=0,
            limit=1,
            remedy=Remedy.REBUILD_CAPTIONS,
            message="The film has no captions.",
        )
        return
    now = Seconds(0.0)
    shown = sorted((cue.start, cue.end) for cue in evidence.cues)
    for start, end in (*shown, (evidence.film.duration, evidence.film.duration)):
        if _heard(evidence, now, start) > LONGEST_WITHOUT:
            yield Finding(
                check=NAME,
                severity=evidence.strict,
                at=now,
                until=start,
                measured=round(start - now, 2),
                limit=LONGEST_WITHOUT,
                remedy=Remedy.REBUILD_CAPTIONS,
                message=(
                    f"There is sound and no caption from {now:.1f} to {start:.1f} s; "
                    f"up to {LONGEST_WITHOUT:.0f} s is fine."
                ),
            )
        now = max(now, end)


def _heard(evidence: Evidence, start: Seconds, end: Seconds) -> float:
    """Return for how long something is heard between two moments."""
    heard = 0.0
    for section in evidence.sections:
        measured = section.measured
        if measured.sound_starts is None or measured.sound_ends is None:
            continue
        heard += _common(start, end, section.at(measured.sound_starts), section.at(measured.sound_ends))
        for silence in measured.silences:
            heard -= _common(start, end, section.at(silence.start), section.at(silence.end))
    return heard


def _common(start: float, end: float, other_start: float, other_end: float) -> float:
    return max(0.0, min(end, other_end) - max(start, other_start))
