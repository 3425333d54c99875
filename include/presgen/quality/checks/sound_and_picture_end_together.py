"""Sound and picture start together and are equally long."""

from __future__ import annotations

from collections.abc import Iterator

from presgen.model.base import Seconds
from presgen.model.quality import Finding, Remedy, Severity
from presgen.quality.checks import checks
from presgen.quality.evidence import Evidence

NAME = "sound-and-picture-end-together"
VERSION = 2

EARLIEST, LATEST = Seconds(-0.04), Seconds(0.06)
"""Sound may come 40 ms before its picture and 60 ms after it (EBU R37); one frame is 33 ms."""

OURS = Seconds(0.04)
"""Our clips end on a grid that sound and picture share."""

ENDS_APART = Seconds(0.12)
"""Films of others: a frame of sound and of picture, and what fills the last packet."""

CUT_OFF = Seconds(0.5)
"""Sound that ends this long before the picture ends within a word."""


@checks.register(NAME)
def sound_and_picture_end_together(evidence: Evidence) -> Iterator[Finding]:
    """Find a missing picture, a late start, or one stream that outlasts the other."""
    picture, sound = evidence.film.pictures, evidence.film.sound
    if picture is None:
        if evidence.pictured:
            yield Finding(
                check=NAME,
                severity=Severity.REJECT,
                remedy=Remedy.RENDER_AGAIN,
                message="The film has no pictures.",
            )
        return
    if sound is None:
        return
    starts = sound.start - picture.start
    if not EARLIEST - 0.001 <= starts <= LATEST + 0.001:
        yield Finding(
            check=NAME,
            severity=Severity.REJECT,
            at=Seconds(max(picture.start, 0.0)),
            measured=round(starts, 3),
            limit=f"{EARLIEST} to {LATEST}",
            remedy=Remedy.REMUX,
            message=f"The sound starts {starts:+.3f} s from the picture; {EARLIEST} to {LATEST} s is fine.",
        )
    end = picture.start + picture.duration
    ends = sound.start + sound.duration - end
    limit = OURS if evidence.ordered else ENDS_APART
    if abs(ends) > limit:
        certain = evidence.ordered or ends < -CUT_OFF
        yield Finding(
            check=NAME,
            severity=Severity.REJECT if certain else Severity.WARN,
            at=Seconds(round(min(end, end + ends), 3)),
            until=Seconds(round(max(end, end + ends), 3)),
            measured=round(ends, 3),
            limit=limit,
            remedy=Remedy.PAD_OR_TRIM,
            message=f"The sound ends {ends:+.3f} s from the picture; at most {limit} s is fine.",
        )
