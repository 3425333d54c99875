"""Sound and picture start together and are equally long."""

from __future__ import annotations

from collections.abc import Iterator

from presgen.model.base import Seconds
from presgen.model.quality import Finding, Severity
from presgen.quality.checks import checks
from presgen.quality.evidence import Evidence

NAME = "sound-and-picture-end-together"

LARGEST_OFFSET = Seconds(0.04)
"""EBU R37 lets sound come 40 ms early at the most; one frame is 33 ms."""


@checks.register(NAME)
def sound_and_picture_end_together(evidence: Evidence) -> Iterator[Finding]:
    """Find a missing stream, a late start, or one stream that outlasts the other."""
    picture, sound = evidence.film.pictures, evidence.film.sound
    missing = (picture is None and evidence.pictured, sound is None and evidence.audible)
    for what, at_fault in zip(("pictures", "sound"), missing, strict=True):
        if at_fault:
            yield Finding(check=NAME, severity=Severity.REJECT, message=f"The film has no {what}.")
    if picture is None or sound is None:
        return
    pictures_end, sound_ends = picture.start + picture.duration, sound.start + sound.duration
    for verb, moment, offset in (
        ("starts", picture.start, sound.start - picture.start),
        ("ends", pictures_end, sound_ends - pictures_end),
    ):
        if abs(offset) > LARGEST_OFFSET:
            yield Finding(
                check=NAME,
                severity=Severity.REJECT,
                at=Seconds(moment),
                message=(
                    f"The sound {verb} {offset:+.3f} s from the picture; at most {LARGEST_OFFSET} s is fine."
                ),
            )
