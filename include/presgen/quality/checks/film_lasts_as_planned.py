"""The film lasts as long as its script takes to speak."""

from __future__ import annotations

from collections.abc import Iterator

from presgen.model.base import Seconds
from presgen.model.quality import Finding, Remedy, Severity
from presgen.quality.checks import checks
from presgen.quality.evidence import Evidence

NAME = "film-lasts-as-planned"
VERSION = 2

TOLERATED = 0.20
"""Share of the plan. The writer estimates from words; measured estimates stay within 15 %."""

IMPOSSIBLE = 0.45
"""Share of the plan beyond which words must be missing or doubled."""

GRACE = Seconds(2.0)
"""Lead-in, tail and rounding to the frame grid, on top of either share."""

FASTEST, SLOWEST = 260.0, 70.0
"""Words a minute: auctioneers aside, nobody speaks faster, and nobody slower who has something to say. DCMP
asks for 130 to 160 in lessons."""

FEWEST_WORDS = 12
"""Of a script from which a pace can be told."""


@checks.register(NAME)
def film_lasts_as_planned(evidence: Evidence) -> Iterator[Finding]:
    """Find sections much shorter or longer than planned, and films that cannot hold their script."""
    for section in evidence.sections:
        if (planned := section.planned) is None:
            continue
        off = abs(section.measured.duration - planned)
        if off > TOLERATED * planned + GRACE:
            yield Finding(
                check=NAME,
                severity=Severity.REJECT if off > IMPOSSIBLE * planned + GRACE else Severity.WARN,
                at=section.start,
                measured=round(section.measured.duration, 2),
                limit=round(planned, 2),
                remedy=Remedy.RENDER_AGAIN,
                message=(
                    f"{section.title!r} lasts {section.measured.duration:.1f} s, "
                    f"planned were {planned:.1f} s; within {TOLERATED * planned + GRACE:.1f} s is fine."
                ),
            )
    yield from _expected(evidence)


def _expected(evidence: Evidence) -> Iterator[Finding]:
    length, expected = evidence.film.duration, evidence.wanted
    if expected.duration is not None and abs(length - expected.duration) > expected.duration_tolerance:
        yield Finding(
            check=NAME,
            severity=Severity.REJECT,
            at=Seconds(round(min(length, expected.duration), 3)),
            measured=round(length, 3),
            limit=expected.duration,
            remedy=Remedy.PAD_OR_TRIM,
            message=(
                f"The film lasts {length:.2f} s; expected were {expected.duration:.2f} s "
                f"within {expected.duration_tolerance:.2f} s."
            ),
        )
    if expected.script is None or expected.duration is not None:
        return
    words = len(expected.script.split())
    pace = words / max(length / 60, 1e-6)
    if words >= FEWEST_WORDS and not SLOWEST <= pace <= FASTEST:
        yield Finding(
            check=NAME,
            severity=Severity.REJECT,
            measured=round(pace),
            limit=f"{SLOWEST:.0f} to {FASTEST:.0f} words a minute",
            remedy=Remedy.PAD_OR_TRIM,
            message=(
                f"The film lasts {length:.1f} s and its script has {words} words, {pace:.0f} a minute; "
                f"{SLOWEST:.0f} to {FASTEST:.0f} are spoken."
            ),
        )
