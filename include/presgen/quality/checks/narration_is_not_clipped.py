"""The narration was never cut off at full scale, at whatever level it is heard now."""

from __future__ import annotations

from collections.abc import Iterator

from presgen.model.quality import Finding, Remedy, Severity
from presgen.quality.checks import checks
from presgen.quality.evidence import Evidence, InspectedSection

NAME = "narration-is-not-clipped"
VERSION = 1

CERTAIN = 6.0
"""Flat crests in a second of decoded sound that no voice has by chance: measured on four voices, good and
clipped by 3.5 to 18 dB, coded with 64 and 112 kbit/s. On the master any are: there, good speech has none."""


@checks.register(NAME)
def narration_is_not_clipped(evidence: Evidence) -> Iterator[Finding]:
    """Find crests that are cut off flat: at full scale, or lower where the sound was turned down since."""
    for section in evidence.sections:
        measured = section.measured
        if runs := measured.clipped_runs:
            yield Finding(
                check=NAME,
                severity=Severity.REJECT,
                at=section.at(runs[0]),
                measured=len(runs),
                limit=0,
                remedy=Remedy.RESYNTHESISE,
                message=(
                    f"The narration of {section.title!r} is clipped in {len(runs)} places; none are fine."
                ),
            )
        elif measured.flattened:
            yield _flattened(section)


def _flattened(section: InspectedSection) -> Finding:
    measured = section.measured
    certain = measured.mastered or measured.flattened_rate >= CERTAIN
    return Finding(
        check=NAME,
        severity=Severity.REJECT if certain else Severity.WARN,
        at=section.at(measured.flattened[0].start),
        until=section.at(measured.flattened[-1].end),
        measured=measured.flattened_rate,
        limit=0,
        remedy=Remedy.RESYNTHESISE,
        message=(
            f"The narration of {section.title!r} was clipped and turned down since: "
            f"{measured.flattened_rate:.0f} flat crests a second; none are fine."
        ),
    )
