"""The captions can be read in the time they are shown."""

from __future__ import annotations

from collections.abc import Iterator

from presgen.errors import CorruptMedia
from presgen.media.captions import characters
from presgen.model.base import Seconds
from presgen.model.quality import Finding, Remedy, Severity
from presgen.quality.checks import checks
from presgen.quality.evidence import Evidence

NAME = "captions-can-be-read"
VERSION = 2

LONGEST_LINE = 42
"""Characters: the BBC's and Netflix's limit for a line (DCMP's is 32, for broadcast)."""

MOST_LINES = 2
"""DCMP captioning key: one or two lines."""

FASTEST = 20.0
"""Characters a second an adult reads beside a picture (Netflix, English)."""

ROUNDING = 0.5
"""Characters a second that whole milliseconds in caption files may add."""

TOO_FAST = 30.0
"""Characters a second nobody reads: half as many again."""

SHORTEST = Seconds(0.5)
"""Shorter, and a caption is noticed and not read (DCMP asks for 1.33 s, the BBC for 0.3 s a word)."""

LONGEST = Seconds(7.1)
"""Longer, and it is read twice (Netflix: 7 s)."""


@checks.register(NAME)
def captions_can_be_read(evidence: Evidence) -> Iterator[Finding]:
    """Find captions that are too long, too fast, too short or empty."""
    for number, cue in enumerate(evidence.cues, 1):
        length = cue.end - cue.start
        if length <= 0:
            continue  # which is another finding
        lines = [len(characters(line)) for line in cue.lines]
        rate = len(characters(cue.text)) / length
        found: list[tuple[bool, Severity, str, float, float]] = [
            (not cue.text.strip(), Severity.WARN, "is empty", 0, 1),
            (
                max(lines, default=0) > LONGEST_LINE,
                Severity.WARN,
                f"has a line of {max(lines, default=0)} characters; {LONGEST_LINE} fit",
                max(lines, default=0),
                LONGEST_LINE,
            ),
            (
                len(lines) > MOST_LINES,
                Severity.WARN,
                f"has {len(lines)} lines; {MOST_LINES} fit",
                len(lines),
                MOST_LINES,
            ),
            (
                rate > FASTEST + ROUNDING,
                Severity.REJECT if rate > TOO_FAST else Severity.NOTE,
                f"shows {rate:.0f} characters a second; {FASTEST:.0f} can be read",
                round(rate, 1),
                FASTEST,
            ),
            (
                not SHORTEST <= length <= LONGEST,
                Severity.WARN,
                f"stays for {length:.2f} s; {SHORTEST} to {LONGEST} s is fine",
                round(length, 2),
                SHORTEST if length < SHORTEST else LONGEST,
            ),
        ]
        for at_fault, severity, message, measured, limit in found:
            if at_fault:
                yield Finding(
                    check=NAME,
                    severity=severity,
                    at=cue.start,
                    until=cue.end,
                    measured=measured,
                    limit=limit,
                    remedy=Remedy.REBUILD_CAPTIONS,
                    message=f"Caption {number} {message}.",
                )


def unreadable(damage: CorruptMedia) -> Finding:
    """Return the finding on a caption file that is none."""
    return Finding(
        check=NAME,
        severity=Severity.REJECT,
        remedy=Remedy.REBUILD_CAPTIONS,
        message=f"{str(damage).rstrip('.')}.",
    )
