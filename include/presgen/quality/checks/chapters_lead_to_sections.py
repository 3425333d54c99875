"""Every chapter of the film leads to where it says."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from presgen.model.base import Seconds
from presgen.model.quality import Finding, Remedy, Severity
from presgen.quality.checks import checks
from presgen.quality.evidence import Evidence

NAME = "chapters-lead-to-sections"
VERSION = 1

NEAREST = Seconds(0.002)
"""A tenth of an AAC frame: chapters of ours are exact."""

BEYOND = Seconds(0.1)
"""After the end of the film: chapters of others may be rounded."""


@checks.register(NAME)
def chapters_lead_to_sections(evidence: Evidence) -> Iterator[Finding]:
    """Find chapters other than planned or expected, out of order, or beyond the end."""
    found = [(chapter.title, chapter.start) for chapter in evidence.film.chapters]
    planned = [(section.title, section.start) for section in evidence.sections]
    if evidence.joined:
        wrong = len(planned) != len(found) or any(
            title != found_title or abs(start - found_start) > NEAREST
            for (title, start), (found_title, found_start) in zip(planned, found, strict=True)
        )
        if wrong:
            yield _finding(
                f"The film's chapters are {_listed(found)}; planned were {_listed(planned)}.",
                len(found),
                len(planned),
            )
    yield from _expected(evidence, [title for title, _ in found])
    for (title, start), (following, later) in pairwise(found):
        if later <= start:
            yield _finding(
                f"Chapter {following!r} starts at {later:.2f} s, not after {title!r} ({start:.2f} s).",
                later,
                start,
                at=later,
            )
    end = evidence.film.duration
    for title, start in found:
        if start > end - NEAREST and start > BEYOND:
            yield _finding(
                f"Chapter {title!r} starts at {start:.2f} s, when the film is over ({end:.2f} s).",
                start,
                end,
                at=Seconds(round(start, 3)),
            )


def _expected(evidence: Evidence, found: list[str]) -> Iterator[Finding]:
    match evidence.wanted.chapters:
        case int(count) if count != len(found):
            yield _finding(f"The film has {len(found)} chapters; expected were {count}.", len(found), count)
        case tuple(titles) if list(titles) != found:
            yield _finding(
                f"The film's chapters are {', '.join(map(repr, found)) or 'none'}; "
                f"expected were {', '.join(map(repr, titles)) or 'none'}.",
                len(found),
                len(titles),
            )


def _finding(message: str, measured: float, limit: float, at: Seconds | None = None) -> Finding:
    return Finding(
        check=NAME,
        severity=Severity.REJECT,
        at=at,
        measured=measured,
        limit=limit,
        remedy=Remedy.REMUX,
        message=message,
    )


def _listed(chapters: list[tuple[str, Seconds]]) -> str:
    return ", ".join(f"{title!r} at {start:.2f} s" for title, start in chapters) or "none"
