"""Two channels do not cancel each other: a phone has one loudspeaker."""

from __future__ import annotations

from collections.abc import Iterator

from presgen.model.base import Seconds
from presgen.model.quality import Finding, Remedy, Severity
from presgen.quality.checks import checks
from presgen.quality.evidence import Evidence

NAME = "sound-survives-one-loudspeaker"
VERSION = 1

LONGEST = Seconds(2.0)
"""In antiphase (EBU R128 s1 and Tech 3344 ask for mono compatibility): longer, and a sentence is lost. An
effect may be shorter. How much the channels must oppose is measured with a correlation below -0.7."""


@checks.register(NAME)
def sound_survives_one_loudspeaker(evidence: Evidence) -> Iterator[Finding]:
    """Find stretches in which two channels are opposed, and vanish when they are mixed down."""
    for section in evidence.sections:
        if spans := section.measured.antiphase:
            length = sum(span.length for span in spans)
            yield Finding(
                check=NAME,
                severity=Severity.REJECT if length > LONGEST else evidence.strict,
                at=section.at(spans[0].start),
                until=section.at(spans[-1].end),
                measured=round(length, 2),
                limit=0,
                remedy=Remedy.RESYNTHESISE,
                message=(
                    f"The channels of {section.title!r} cancel each other for {length:.1f} s; on one "
                    "loudspeaker nothing is left, and they should add up."
                ),
            )
