"""Nobody waits for the next word."""

from __future__ import annotations

from collections.abc import Iterator

from presgen.model.base import Seconds
from presgen.model.quality import Finding, Severity
from presgen.quality.checks import checks
from presgen.quality.evidence import Evidence

NAME = "narration-has-no-gap"

LONGEST_SILENCE = Seconds(2.5)
"""Twice the longest pause any persona makes."""


@checks.register(NAME)
def narration_has_no_gap(evidence: Evidence) -> Iterator[Finding]:
    """Find silences between words that are longer than any planned pause."""
    for section in evidence.sections:
        start, length = section.measured.longest_silence
        if length > LONGEST_SILENCE:
            yield Finding(
                check=NAME,
                severity=Severity.REJECT if evidence.format else Severity.WARN,
                at=Seconds(section.start + start),
                message=(
                    f"{section.title!r} is silent for {length:.1f} s; up to {LONGEST_SILENCE:.1f} s is fine."
                ),
            )
