"""The picture is never black."""

from __future__ import annotations

from collections.abc import Iterator

from presgen.model.base import Seconds
from presgen.model.quality import Finding, Remedy, Severity, Span
from presgen.quality.checks import checks
from presgen.quality.evidence import Evidence, InspectedSection

NAME = "film-is-seen"
VERSION = 2

LONGEST = Seconds(0.5)
"""In films of others: a blink between two scenes is a means, half a second a hole."""

LONGEST_AT_ENDS = Seconds(2.0)
"""Fading in and out; FFmpeg's ``blackdetect`` starts there too."""

LOST = Seconds(1.0)
"""A black second in the midst of a film is no means."""


@checks.register(NAME)
def film_is_seen(evidence: Evidence) -> Iterator[Finding]:
    """Find stretches in which the picture is black."""
    for section in evidence.sections:
        length = section.measured.duration
        for black in section.measured.blacks:
            at_ends = black.start < 0.1 or black.end > length - 0.1
            whole = black.length > length - 0.2
            fine = Seconds(0.0) if evidence.ordered else (LONGEST_AT_ENDS if at_ends else LONGEST)
            if black.length > fine or whole:
                yield _finding(evidence, section, black, fine, certain=whole or not at_ends)


def _finding(
    evidence: Evidence, section: InspectedSection, black: Span, fine: Seconds, *, certain: bool
) -> Finding:
    certain = evidence.ordered or (certain and black.length >= LOST)
    return Finding(
        check=NAME,
        severity=Severity.REJECT if certain else Severity.WARN,
        at=section.at(black.start),
        until=section.at(black.end),
        measured=round(black.length, 3),
        limit=fine,
        remedy=Remedy.RENDER_AGAIN,
        message=(
            f"{section.title!r} has black pictures for {black.length:.2f} s from "
            f"{section.at(black.start):.2f} s; "
            + ("none are planned." if not fine else f"up to {fine:.1f} s is fine.")
        ),
    )
