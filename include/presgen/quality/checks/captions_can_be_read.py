"""The captions can be read in time, one after the other."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from presgen.model.base import Seconds
from presgen.model.quality import Finding, Severity
from presgen.quality.checks import checks
from presgen.quality.evidence import Evidence

NAME = "captions-can-be-read"

LONGEST_LINE = 42
"""Characters: the BBC's and Netflix's limit for a line."""

MOST_LINES = 2

FASTEST = 20.0
"""Characters a second an adult reads beside a picture (Netflix, English)."""

ROUNDING = 0.5
"""Characters a second that whole milliseconds in caption files may add."""

TOO_FAST = 30.0
"""Characters a second nobody reads."""

SHORTEST = Seconds(0.5)
LONGEST = Seconds(7.1)


@checks.register(NAME)
def captions_can_be_read(evidence: Evidence) -> Iterator[Finding]:
    """Find captions that are too long, too fast, overlapping, or past the end of the film."""
    end = evidence.film.duration
    for number, cue in enumerate(evidence.cues, 1):
        length = cue.end - cue.start
        rate = len(cue.text) / length if length > 0 else float("inf")
        for at_fault, severity, message in (
            (length <= 0, Severity.REJECT, f"ends {-length:.2f} s before it starts"),
            (cue.end > end + 0.04, Severity.REJECT, f"ends at {cue.end:.2f} s, after the film ({end:.2f} s)"),
            (
                any(len(line) > LONGEST_LINE for line in cue.lines),
                Severity.WARN,
                f"has a line of {max(map(len, cue.lines), default=0)} characters; {LONGEST_LINE} fit",
            ),
            (len(cue.lines) > MOST_LINES, Severity.WARN, f"has {len(cue.lines)} lines; {MOST_LINES} fit"),
            (
                length > 0 and rate > FASTEST + ROUNDING,
                Severity.REJECT if rate > TOO_FAST else Severity.NOTE,
                f"shows {rate:.0f} characters a second; {FASTEST:.0f} can be read",
            ),
            (
                0 < length < SHORTEST or length > LONGEST,
                Severity.WARN,
                f"stays for {length:.2f} s; {SHORTEST} to {LONGEST} s is fine",
            ),
        ):
            if at_fault:
                yield Finding(
                    check=NAME,
                    severity=severity,
                    at=cue.start,
                    message=f"Caption {number} {message}.",
                )
    for number, (first, second) in enumerate(pairwise(evidence.cues), 2):
        if second.start < first.end - 0.001:
            yield Finding(
                check=NAME,
                severity=Severity.REJECT,
                at=second.start,
                message=(
                    f"Caption {number} comes {first.end - second.start:.2f} s before the one "
                    "ahead of it is gone; captions follow one another."
                ),
            )
