"""Every picture and every sound of the film can be decoded, and is what was written."""

from __future__ import annotations

from collections.abc import Iterator

from presgen.model.quality import Finding, Severity
from presgen.quality.checks import checks
from presgen.quality.evidence import Evidence

NAME = "film-can-be-decoded"


@checks.register(NAME)
def film_can_be_decoded(evidence: Evidence) -> Iterator[Finding]:
    """Find sections whose strict decode reported damage, and a film that differs from its own digest."""
    if evidence.film.intact is False:
        yield Finding(
            check=NAME,
            severity=Severity.REJECT,
            message="Pictures or sound differ from the digest the file carries; they must be as written.",
        )
    for section in evidence.sections:
        for error in section.measured.decode_errors:
            yield Finding(
                check=NAME,
                severity=Severity.REJECT,
                at=section.start,
                message=f"{section.title!r} does not decode: {error}.",
            )
