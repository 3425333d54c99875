"""The film lasts as long as its script takes to speak."""

from __future__ import annotations

from collections.abc import Iterator

from presgen.model.base import Seconds
from presgen.model.quality import Finding, Severity
from presgen.quality.checks import checks
from presgen.quality.evidence import Evidence

NAME = "film-lasts-as-planned"

TOLERATED = 0.20
"""Share of the plan. The writer estimates from words; measured estimates stay within 15 %."""

IMPOSSIBLE = 0.45
"""Share of the plan beyond which words must be missing or doubled."""

GRACE = Seconds(2.0)
"""Lead-in, tail and rounding to the frame grid, on top of either share."""


@checks.register(NAME)
def film_lasts_as_planned(evidence: Evidence) -> Iterator[Finding]:
    """Find sections much shorter or longer than the writer planned."""
    for section in evidence.sections:
        if (planned := section.planned) is None:
            continue
        off = abs(section.measured.duration - planned)
        if off > TOLERATED * planned + GRACE:
            yield Finding(
                check=NAME,
                severity=Severity.REJECT if off > IMPOSSIBLE * planned + GRACE else Severity.WARN,
                at=section.start,
                message=(
                    f"{section.title!r} lasts {section.measured.duration:.1f} s, "
                    f"planned were {planned:.1f} s; within {TOLERATED * planned + GRACE:.1f} s is fine."
                ),
            )
