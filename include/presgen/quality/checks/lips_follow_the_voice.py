"""The mouth moves when the voice is heard."""

from __future__ import annotations

from collections.abc import Iterator

from presgen.model.base import Seconds
from presgen.model.quality import Finding, Remedy, Severity
from presgen.quality.checks import checks
from presgen.quality.evidence import Evidence
from presgen.quality.lips import EARLIEST, LATEST

NAME = "lips-follow-the-voice"
VERSION = 1

LIMITS = (Seconds(EARLIEST), Seconds(LATEST))
"""EBU R37, -40 to +60 ms, and what the measurement may be off itself. It is measured in the content: mouth
opening against the sound's envelope."""


@checks.register(NAME)
def lips_follow_the_voice(evidence: Evidence) -> Iterator[Finding]:
    """Find stretches in which the sound comes earlier or later than the mouth that makes it."""
    for section in evidence.sections:
        offset = section.measured.lip_offset
        if offset is None:
            continue
        for off in section.measured.lips_off:
            yield Finding(
                check=NAME,
                severity=Severity.REJECT,
                at=section.at(off.start),
                until=section.at(off.end),
                measured=offset,
                limit=LIMITS[0] if offset < 0 else LIMITS[1],
                remedy=Remedy.REMUX,
                message=(
                    f"In {section.title!r} the voice comes {abs(offset) * 1000:.0f} ms "
                    f"{'before' if offset < 0 else 'after'} the mouth moves; "
                    f"{LIMITS[0] * 1000:.0f} to {LIMITS[1] * 1000:+.0f} ms is fine."
                ),
            )
