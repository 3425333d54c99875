"""The narration is as loud as the rest of the learner's evening."""

from __future__ import annotations

from collections.abc import Iterator

from presgen.model.base import Decibels
from presgen.model.quality import Finding, Remedy, Severity
from presgen.quality.checks import checks
from presgen.quality.evidence import Evidence

NAME = "narration-is-at-level"
VERSION = 2

TARGET = Decibels(-16.0)
"""LUFS, integrated (ITU-R BS.1770): AES TD1008 for speech on the web."""

TOLERATED = Decibels(1.0)
"""LU either side: EBU R128's tolerance for programmes that cannot be set exactly."""

ELSEWHERE = (Decibels(-24.0), Decibels(-13.0))
"""LUFS of films made to other targets: EBU R128 and ATSC A/85 at -23 and -24, the louder music services at
-14."""

LOST = Decibels(4.0)
"""LU beyond those: a listener reaches for the volume."""


@checks.register(NAME)
def narration_is_at_level(evidence: Evidence) -> Iterator[Finding]:
    """Find sections that are too quiet or too loud."""
    expected = evidence.wanted.loudness
    tolerated = TOLERATED if expected is None else evidence.wanted.loudness_tolerance
    target = TARGET if expected is None else expected
    for section in evidence.sections:
        if (loudness := section.measured.loudness) is None:
            continue  # whether there is any sound is another question
        if evidence.ordered or expected is not None:
            low, high = target - tolerated, target + tolerated
            severity = Severity.REJECT
            fine = f"{target:.0f} within {tolerated:.0f} would be fine"
        else:
            low, high = ELSEWHERE
            certain = loudness < low - LOST or loudness > high + LOST
            severity = Severity.REJECT if certain else Severity.WARN
            fine = f"{low:.0f} to {high:.0f} would be fine"
        if not low <= loudness <= high:
            yield Finding(
                check=NAME,
                severity=severity,
                at=section.start,
                measured=round(loudness, 1),
                limit=target if severity is Severity.REJECT else fine,
                remedy=Remedy.REMIX_LOUDNESS,
                message=f"{section.title!r} is at {loudness:.1f} LUFS; {fine}.",
            )
