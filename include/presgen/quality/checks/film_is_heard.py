"""There is something to hear."""

from __future__ import annotations

from collections.abc import Iterator

from presgen.model.base import Decibels
from presgen.model.quality import Finding, Remedy, Severity
from presgen.quality.checks import checks
from presgen.quality.evidence import Evidence

NAME = "film-is-heard"
VERSION = 1

SILENT = Decibels(-70.0)
"""LUFS below which the meter of ITU-R BS.1770 hears nothing."""


@checks.register(NAME)
def film_is_heard(evidence: Evidence) -> Iterator[Finding]:
    """Find a film without a sound track, and sections on whose track nothing is to be heard."""
    if evidence.wanted.sound is False:
        return
    if evidence.film.sound is None and evidence.audible:
        yield Finding(
            check=NAME,
            severity=Severity.REJECT,
            measured="no sound",
            remedy=Remedy.RENDER_AGAIN,
            message="The film has no sound.",
        )
        return
    for section in evidence.sections:
        if section.measured.loudness is None:
            yield Finding(
                check=NAME,
                severity=Severity.REJECT,
                at=section.start,
                limit=SILENT,
                remedy=Remedy.RESYNTHESISE,
                message=f"{section.title!r} is silent; a narration lies far above {SILENT:.0f} LUFS.",
            )
