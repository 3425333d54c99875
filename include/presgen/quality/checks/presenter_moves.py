"""Whoever speaks in the picture moves."""

from __future__ import annotations

from collections.abc import Iterator

from presgen.model.base import Seconds
from presgen.model.quality import Finding, Remedy, Severity
from presgen.quality.checks import checks
from presgen.quality.evidence import Evidence

NAME = "presenter-moves"
VERSION = 1

LONGEST_STILLNESS = Seconds(1.0)
"""Our presenters breathe: none was still for more than 0.3 s in 4 minutes of film. FFmpeg's ``freezedetect``
starts at 2 s."""


@checks.register(NAME)
def presenter_moves(evidence: Evidence) -> Iterator[Finding]:
    """Find stretches in which the presenter is in the picture and frozen."""
    for section in evidence.sections:
        for frozen in section.measured.frozen:
            if frozen.length > LONGEST_STILLNESS:
                yield Finding(
                    check=NAME,
                    severity=Severity.REJECT,
                    at=section.at(frozen.start),
                    until=section.at(frozen.end),
                    measured=round(frozen.length, 2),
                    limit=LONGEST_STILLNESS,
                    remedy=Remedy.RENDER_AGAIN,
                    message=(
                        f"The presenter of {section.title!r} is frozen for {frozen.length:.1f} s from "
                        f"{section.at(frozen.start):.1f} s; up to {LONGEST_STILLNESS:.0f} s is fine."
                    ),
                )
