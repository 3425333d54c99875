"""The narration is as loud as the rest of the learner's evening."""

from __future__ import annotations

from collections.abc import Iterator

from presgen.model.base import Decibels
from presgen.model.quality import Finding, Severity
from presgen.quality.checks import checks
from presgen.quality.evidence import Evidence

NAME = "narration-is-at-level"

TARGET = Decibels(-16.0)
"""LUFS, integrated: AES TD1008 for speech on the web."""

TOLERATED = Decibels(1.0)

LOST = Decibels(6.0)
"""Further off than this, a listener reaches for the volume at every section."""


@checks.register(NAME)
def narration_is_at_level(evidence: Evidence) -> Iterator[Finding]:
    """Find sections that are silent, too quiet or too loud."""
    for section in evidence.sections:
        loudness = section.measured.loudness
        if loudness is None:
            yield Finding(
                check=NAME,
                severity=Severity.REJECT,
                at=section.start,
                message=f"{section.title!r} is silent; {TARGET:.0f} LUFS would be right.",
            )
        elif (off := abs(loudness - TARGET)) > TOLERATED:
            yield Finding(
                check=NAME,
                severity=Severity.REJECT if off > LOST or evidence.format else Severity.WARN,
                at=section.start,
                message=(
                    f"{section.title!r} is at {loudness:.1f} LUFS; "
                    f"{TARGET:.0f} within {TOLERATED:.0f} would be fine."
                ),
            )
