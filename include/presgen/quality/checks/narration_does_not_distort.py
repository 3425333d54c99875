"""The narration never reaches full scale: not in the master, and not between samples after encoding."""

from __future__ import annotations

from collections.abc import Iterator

from presgen.model.base import Decibels, Seconds
from presgen.model.quality import Finding, Severity
from presgen.quality.checks import checks
from presgen.quality.evidence import Evidence

NAME = "narration-does-not-distort"

HIGHEST_PEAK = Decibels(-1.0)
"""dBTP after AAC: EBU R128 s2 leaves this much for the listener's own decoder."""


@checks.register(NAME)
def narration_does_not_distort(evidence: Evidence) -> Iterator[Finding]:
    """Find clipped stretches of the master and peaks above the limit."""
    for section in evidence.sections:
        if clipped := section.measured.clipped_runs:
            yield Finding(
                check=NAME,
                severity=Severity.REJECT,
                at=Seconds(section.start + clipped[0]),
                message=(
                    f"The narration of {section.title!r} is clipped in {len(clipped)} places; none are fine."
                ),
            )
        if (peak := section.measured.true_peak) > HIGHEST_PEAK:
            yield Finding(
                check=NAME,
                severity=Severity.REJECT if evidence.format else Severity.WARN,
                at=section.start,
                message=f"{section.title!r} peaks at {peak:.1f} dBTP; at most {HIGHEST_PEAK:.1f} is fine.",
            )
