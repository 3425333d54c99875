"""The picture is never black."""

from __future__ import annotations

from collections.abc import Iterator

from presgen.model.base import Seconds
from presgen.model.quality import Finding, Severity
from presgen.quality.checks import checks
from presgen.quality.evidence import Evidence

NAME = "film-is-seen"


@checks.register(NAME)
def film_is_seen(evidence: Evidence) -> Iterator[Finding]:
    """Find the first black picture of each section."""
    for section in evidence.sections:
        if black := section.measured.black:
            yield Finding(
                check=NAME,
                severity=Severity.REJECT,
                at=Seconds(section.start + black[0]),
                message=f"{section.title!r} has {len(black)} black pictures; none are planned.",
            )
