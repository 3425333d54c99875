"""Captions come in order, one at a time."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from presgen.model.base import Seconds
from presgen.model.quality import Finding, Remedy, Severity
from presgen.quality.checks import checks
from presgen.quality.evidence import Evidence

NAME = "captions-follow-one-another"
VERSION = 1

ROUNDING = Seconds(0.001)
"""Caption files count in whole milliseconds."""


@checks.register(NAME)
def captions_follow_one_another(evidence: Evidence) -> Iterator[Finding]:
    """Find captions that overlap the one before them, come before it, or end before they start."""
    for number, cue in enumerate(evidence.cues, 1):
        if cue.end <= cue.start:
            yield Finding(
                check=NAME,
                severity=Severity.REJECT,
                at=cue.start,
                measured=round(cue.end - cue.start, 3),
                limit=0,
                remedy=Remedy.REBUILD_CAPTIONS,
                message=f"Caption {number} ends {cue.start - cue.end:.2f} s before it starts.",
            )
    for number, (first, second) in enumerate(pairwise(evidence.cues), 2):
        if (overlap := first.end - second.start) > ROUNDING:
            yield Finding(
                check=NAME,
                severity=Severity.REJECT,
                at=second.start,
                until=first.end if first.end > second.start else None,
                measured=round(overlap, 3),
                limit=0,
                remedy=Remedy.REBUILD_CAPTIONS,
                message=(
                    f"Caption {number} comes {overlap:.2f} s before the one ahead of it is gone; captions "
                    "follow one another."
                ),
            )
