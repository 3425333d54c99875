"""A joined lesson is its sections, one after the other, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator

from presgen.model.base import Seconds
from presgen.model.quality import Finding, Remedy, Severity
from presgen.quality.checks import checks
from presgen.quality.evidence import Evidence

NAME = "sections-meet-without-a-gap"
VERSION = 2

SMALLEST_GAP = Seconds(0.002)
"""A tenth of an AAC frame; packet copy is exact."""


@checks.register(NAME)
def sections_meet_without_a_gap(evidence: Evidence) -> Iterator[Finding]:
    """Find gaps and overlaps between sections, and a wrong total length."""
    if not evidence.joined:
        return
    film = evidence.film
    expected = Seconds(0.0)
    for section in evidence.sections:
        if abs(section.start - expected) > SMALLEST_GAP:
            yield _finding(
                f"{section.title!r} starts at {section.start:.3f} s; {expected:.3f} s would be right.",
                section.start,
                expected,
                at=section.start,
            )
        expected = section.end
    for what, track in (("pictures", film.pictures), ("sound", film.sound)):
        if track is not None and abs(track.duration - expected) > SMALLEST_GAP:
            yield _finding(
                f"The film has {track.duration:.3f} s of {what}; its sections come to {expected:.3f} s.",
                track.duration,
                expected,
            )


def _finding(message: str, measured: float, limit: float, at: Seconds | None = None) -> Finding:
    return Finding(
        check=NAME,
        severity=Severity.REJECT,
        at=at,
        measured=round(measured, 3),
        limit=round(limit, 3),
        remedy=Remedy.REMUX,
        message=message,
    )
