"""Pictures follow each other at the ordered rate, each shown for the same time."""

from __future__ import annotations

from collections.abc import Iterator

from presgen.model.quality import Finding, Remedy, Severity
from presgen.quality.checks import checks
from presgen.quality.evidence import Evidence

NAME = "pictures-come-steadily"
VERSION = 1

TOLERATED = 0.01
"""Pictures a second: 30 is not 29.97 (SMPTE ST 12), but clocks of files round."""

SLOWEST = 12.0
"""Pictures a second, at the least, that the eye takes for movement."""


@checks.register(NAME)
def pictures_come_steadily(evidence: Evidence) -> Iterator[Finding]:
    """Find another frame rate than ordered, and pictures that are shown for longer or shorter than others."""
    if (picture := evidence.film.pictures) is None:
        return
    wanted = evidence.wanted.fps
    if wanted is not None and abs(picture.fps - wanted) > TOLERATED:
        yield Finding(
            check=NAME,
            severity=Severity.REJECT,
            measured=round(picture.fps, 3),
            limit=wanted,
            remedy=Remedy.RENDER_AGAIN,
            message=f"The frame rate is {picture.fps:.3f} a second; ordered was {wanted:g}.",
        )
    uneven = [section.at(moment) for section in evidence.sections for moment in section.measured.uneven]
    if uneven or (evidence.ordered and not picture.constant_rate):
        yield Finding(
            check=NAME,
            severity=Severity.REJECT if evidence.ordered or wanted is not None else Severity.WARN,
            at=uneven[0] if uneven else None,
            measured=len(uneven),
            limit=0,
            remedy=Remedy.RENDER_AGAIN,
            message=(
                "The frame rate is not constant: pictures are shown for different times"
                + (f", first at {uneven[0]:.2f} s" if uneven else "")
                + "; all should be shown equally long."
            ),
        )
    if wanted is None and picture.frames > 1 and picture.fps < SLOWEST:
        yield Finding(
            check=NAME,
            severity=Severity.WARN,
            measured=round(picture.fps, 3),
            limit=SLOWEST,
            remedy=Remedy.RENDER_AGAIN,
            message=f"The frame rate is {picture.fps:.1f} a second; from {SLOWEST:.0f} on, things move.",
        )
