"""The sound leaves room for the listener's own decoder, between the samples and after encoding."""

from __future__ import annotations

from collections.abc import Iterator

from presgen.model.base import Decibels
from presgen.model.quality import Finding, Remedy, Severity
from presgen.quality.checks import checks
from presgen.quality.evidence import Evidence

NAME = "narration-does-not-distort"
VERSION = 2

HIGHEST_PEAK = Decibels(-1.0)
"""dBTP after AAC: EBU R128 leaves this much for the listener's own decoder (ITU-R BS.1770, annex 2)."""

FULL_SCALE = Decibels(1.0)
"""dBTP from which any player distorts: a decibel over what samples can hold."""


@checks.register(NAME)
def narration_does_not_distort(evidence: Evidence) -> Iterator[Finding]:
    """Find peaks above the limit."""
    expected = evidence.wanted.true_peak
    limit = HIGHEST_PEAK if expected is None else expected
    for section in evidence.sections:
        if (peak := section.measured.true_peak) > limit:
            certain = evidence.ordered or expected is not None or peak > FULL_SCALE
            yield Finding(
                check=NAME,
                severity=Severity.REJECT if certain else Severity.WARN,
                at=section.start,
                measured=round(peak, 1),
                limit=limit,
                remedy=Remedy.REMIX_LOUDNESS,
                message=f"{section.title!r} peaks at {peak:.1f} dBTP; at most {limit:.1f} is fine.",
            )
