"""No caption is shown before the film begins or after it is over."""

from __future__ import annotations

from collections.abc import Iterator

from presgen.model.base import Seconds
from presgen.model.quality import Finding, Remedy, Severity
from presgen.quality.checks import checks
from presgen.quality.evidence import Evidence

NAME = "captions-end-with-the-film"
VERSION = 1

ROUNDING = Seconds(0.04)
"""A frame: caption files count in whole milliseconds, and films in frames."""

LINGERING = Seconds(1.0)
"""In films of others, a last caption may be meant to stay until the end, whenever that is."""


@checks.register(NAME)
def captions_end_with_the_film(evidence: Evidence) -> Iterator[Finding]:
    """Find captions past the end: of the pictures or the sound, since a late one makes the file longer."""
    film = evidence.film
    ends = [track.start + track.duration for track in (film.pictures, film.sound) if track is not None]
    end = Seconds(max(ends, default=film.duration))
    for number, cue in enumerate(evidence.cues, 1):
        if cue.end > end + ROUNDING:
            lost = cue.start >= end - ROUNDING or cue.end > end + LINGERING
            yield Finding(
                check=NAME,
                severity=Severity.REJECT if evidence.ordered or lost else Severity.WARN,
                at=cue.start,
                until=cue.end,
                measured=round(cue.end, 3),
                limit=round(end, 3),
                remedy=Remedy.REBUILD_CAPTIONS,
                message=f"Caption {number} ends at {cue.end:.2f} s, after the film ({end:.2f} s).",
            )
