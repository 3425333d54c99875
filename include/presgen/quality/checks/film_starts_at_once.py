"""A browser can start the film before it has all of it."""

from __future__ import annotations

from collections.abc import Iterator

from presgen.model.quality import Finding, Remedy
from presgen.quality.checks import checks
from presgen.quality.evidence import Evidence

NAME = "film-starts-at-once"
VERSION = 2

FIRST = "moov"
"""The box that comes before the media in a file that streams (ISO/IEC 14496-12, annex on progressive
download)."""


@checks.register(NAME)
def film_starts_at_once(evidence: Evidence) -> Iterator[Finding]:
    """Find a file whose index comes last."""
    if not evidence.film.moov_first:
        yield Finding(
            check=NAME,
            severity=evidence.strict,
            measured="last",
            limit="first",
            remedy=Remedy.REMUX,
            message=f"The index ({FIRST}) comes after the media; it belongs before, for streaming.",
        )
