"""Every picture and every sound of the film can be decoded, and is what was written."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import zip_longest

from presgen.model.quality import Finding, Remedy, Severity
from presgen.quality.checks import checks
from presgen.quality.evidence import Evidence

NAME = "film-can-be-decoded"
VERSION = 2

MOST_TOLD = 5
"""Places of damage that are told one by one. None are fine: decoders are strict here (H.264 and AAC carry no
checksums, so what they do notice is never chance)."""


@checks.register(NAME)
def film_can_be_decoded(evidence: Evidence) -> Iterator[Finding]:
    """Find sections whose strict decode reported damage, and a film that differs from its own digest."""
    if evidence.film.intact is False:
        yield Finding(
            check=NAME,
            severity=Severity.REJECT,
            remedy=Remedy.RENDER_AGAIN,
            message="Pictures or sound differ from the digest the file carries; they must be as written.",
        )
    for section in evidence.sections:
        measured = section.measured
        for error, moment in list(zip_longest(measured.decode_errors, measured.damaged))[:MOST_TOLD]:
            yield Finding(
                check=NAME,
                severity=Severity.REJECT,
                at=section.start if moment is None else section.at(moment),
                measured=len(measured.decode_errors),
                limit=0,
                remedy=Remedy.RENDER_AGAIN,
                message=f"{section.title!r} does not decode: {error.rstrip('.')}.",
            )
