"""A browser can start the film before it has all of it, and without guessing where it begins."""

from __future__ import annotations

from collections.abc import Iterator

from presgen.model.quality import Finding, Severity
from presgen.quality.checks import checks
from presgen.quality.evidence import Evidence

NAME = "film-starts-at-once"


@checks.register(NAME)
def film_starts_at_once(evidence: Evidence) -> Iterator[Finding]:
    """Find a file whose index comes last, or whose streams are cut by edit lists."""
    severity = Severity.REJECT if evidence.format else Severity.WARN
    if not evidence.film.moov_first:
        yield Finding(
            check=NAME,
            severity=severity,
            message="The index (moov) comes after the media; it belongs before, for streaming.",
        )
    if evidence.film.edit_lists:
        yield Finding(
            check=NAME,
            severity=severity,
            message=(
                f"The file has {evidence.film.edit_lists} edit lists, which players read differently; "
                "none are needed."
            ),
        )
