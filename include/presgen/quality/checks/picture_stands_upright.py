"""The picture is shown as it was drawn, not turned."""

from __future__ import annotations

from collections.abc import Iterator

from presgen.model.quality import Finding, Remedy, Severity
from presgen.quality.checks import checks
from presgen.quality.evidence import Evidence

NAME = "picture-stands-upright"
VERSION = 1

UPRIGHT = 0
"""Degrees. Cameras turn pictures by the matrix in the track's header (ISO/IEC 14496-12, 8.3.2); nobody who
draws pictures does, and players differ in heeding it."""


@checks.register(NAME)
def picture_stands_upright(evidence: Evidence) -> Iterator[Finding]:
    """Find a turn in the header of the picture track."""
    if (picture := evidence.film.pictures) is None:
        return
    expected = evidence.wanted.rotation
    wanted = UPRIGHT if expected is None else expected
    if picture.rotation != wanted:
        certain = evidence.ordered or expected is not None
        yield Finding(
            check=NAME,
            severity=Severity.REJECT if certain else Severity.WARN,
            at=picture.start,
            measured=picture.rotation,
            limit=wanted,
            remedy=Remedy.REMUX,
            message=f"Players turn the picture by {picture.rotation} degrees; {wanted} would be right.",
        )
