"""The file is there from its first byte to its last."""

from __future__ import annotations

from collections.abc import Iterator

from presgen.errors import CorruptMedia
from presgen.model.base import Seconds
from presgen.model.quality import Finding, Remedy, Severity
from presgen.quality.checks import checks
from presgen.quality.evidence import Evidence

NAME = "film-is-whole"
VERSION = 1

MISSING = 0
"""Pictures that may be missing of those the table of contents promises (ISO/IEC 14496-12)."""


@checks.register(NAME)
def film_is_whole(evidence: Evidence) -> Iterator[Finding]:
    """Find a file that holds fewer pictures than its table of contents promises."""
    picture = evidence.film.pictures
    if picture is not None and picture.promised_frames - picture.frames > MISSING:
        yield Finding(
            check=NAME,
            severity=Severity.REJECT,
            at=Seconds(round(picture.start + picture.duration, 3)),
            measured=picture.frames,
            limit=picture.promised_frames,
            remedy=Remedy.RENDER_AGAIN,
            message=f"The file has {picture.frames} pictures; it promises {picture.promised_frames}.",
        )


def unreadable(damage: CorruptMedia, playable: Seconds | None) -> Finding:
    """Return the finding on a file that cannot be read as a film at all, or not to its end."""
    played = "nothing of it can be played" if playable is None else f"it can be played up to {playable:.2f} s"
    return Finding(
        check=NAME,
        severity=Severity.REJECT,
        at=playable,
        remedy=Remedy.RENDER_AGAIN,
        message=f"{str(damage).rstrip('.')}; {played}.",
    )
