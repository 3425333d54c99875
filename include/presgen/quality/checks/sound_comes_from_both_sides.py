"""Of two channels, both are heard: a listener with one ear bud in hears the lesson too."""

from __future__ import annotations

from collections.abc import Iterator

from presgen.model.base import Decibels
from presgen.model.quality import Finding, Remedy, Severity
from presgen.quality.checks import checks
from presgen.quality.evidence import Evidence

NAME = "sound-comes-from-both-sides"
VERSION = 1

LARGEST_DIFFERENCE = Decibels(20.0)
"""Between the levels of two channels: more, and one of them only carries crosstalk or noise."""


@checks.register(NAME)
def sound_comes_from_both_sides(evidence: Evidence) -> Iterator[Finding]:
    """Find stretches in which one of two channels is silent while the other is heard."""
    for section in evidence.sections:
        measured = section.measured
        levels = measured.channel_levels
        if len(levels) != 2:
            continue
        quiet = "left" if levels[0] < levels[1] else "right"
        if spans := measured.one_sided:
            length = sum(span.length for span in spans)
            yield Finding(
                check=NAME,
                severity=Severity.REJECT,
                at=section.at(spans[0].start),
                until=section.at(spans[-1].end),
                measured=round(length, 2),
                limit=0,
                remedy=Remedy.RESYNTHESISE,
                message=(
                    f"One channel of {section.title!r}, mostly the {quiet} one, is dead for {length:.1f} s "
                    f"({levels[0]:.0f} and {levels[1]:.0f} dBFS); both should be heard."
                ),
            )
        elif abs(levels[0] - levels[1]) > LARGEST_DIFFERENCE:
            yield Finding(
                check=NAME,
                severity=evidence.strict,
                at=section.start,
                measured=round(abs(levels[0] - levels[1]), 1),
                limit=LARGEST_DIFFERENCE,
                remedy=Remedy.REMIX_LOUDNESS,
                message=(
                    f"The channels of {section.title!r} are at {levels[0]:.0f} and {levels[1]:.0f} dBFS; "
                    f"up to {LARGEST_DIFFERENCE:.0f} dB apart is fine."
                ),
            )
