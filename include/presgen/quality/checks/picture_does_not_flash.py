"""No part of the picture flashes: it would be dangerous to some."""

from __future__ import annotations

from collections.abc import Iterator

from presgen.model.quality import Finding, Remedy, Severity
from presgen.quality.checks import checks
from presgen.quality.evidence import Evidence
from presgen.quality.seeing import MOST_FLASHES

NAME = "picture-does-not-flash"
VERSION = 1

LIMIT = MOST_FLASHES
"""General flashes in any second: WCAG 2.3.1. A flash is a pair of opposing changes of relative luminance by
0.1 and more, the darker below 0.8, over a quarter of a third of the picture."""


@checks.register(NAME)
def picture_does_not_flash(evidence: Evidence) -> Iterator[Finding]:
    """Find stretches with more flashes in a second than are safe for everybody."""
    for section in evidence.sections:
        for flashing in section.measured.flashes:
            rate = section.measured.flash_rate
            yield Finding(
                check=NAME,
                severity=Severity.REJECT,
                at=section.at(flashing.start),
                until=section.at(flashing.end),
                measured=rate,
                limit=LIMIT,
                remedy=Remedy.RENDER_AGAIN,
                message=(
                    f"{section.title!r} flashes {rate:.0f} times a second from "
                    f"{section.at(flashing.start):.1f} s; up to {LIMIT} is safe."
                ),
            )
