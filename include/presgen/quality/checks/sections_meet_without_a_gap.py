"""A joined lesson is its sections, one after the other, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator

from presgen.model.base import Seconds
from presgen.model.quality import Finding, Severity
from presgen.quality.checks import checks
from presgen.quality.evidence import Evidence

NAME = "sections-meet-without-a-gap"

SMALLEST_GAP = Seconds(0.002)
"""A tenth of an AAC frame; packet copy is exact."""


@checks.register(NAME)
def sections_meet_without_a_gap(evidence: Evidence) -> Iterator[Finding]:
    """Find gaps and overlaps between sections, a wrong total length, and chapters that point elsewhere."""
    if not evidence.joined:
        return
    film = evidence.film
    expected = Seconds(0.0)
    for section in evidence.sections:
        if abs(section.start - expected) > SMALLEST_GAP:
            yield Finding(
                check=NAME,
                severity=Severity.REJECT,
                at=section.start,
                message=(
                    f"{section.title!r} starts at {section.start:.3f} s; {expected:.3f} s would be right."
                ),
            )
        expected = section.end
    for what, track in (("pictures", film.pictures), ("sound", film.sound)):
        if track is not None and abs(track.duration - expected) > SMALLEST_GAP:
            yield Finding(
                check=NAME,
                severity=Severity.REJECT,
                message=(
                    f"The film has {track.duration:.3f} s of {what}; its sections come to {expected:.3f} s."
                ),
            )
    planned = [(section.title, section.start) for section in evidence.sections]
    found_chapters = [(chapter.title, chapter.start) for chapter in film.chapters]
    if len(planned) != len(found_chapters) or any(
        title != found_title or abs(start - found_start) > SMALLEST_GAP
        for (title, start), (found_title, found_start) in zip(planned, found_chapters, strict=True)
    ):
        yield Finding(
            check=NAME,
            severity=Severity.REJECT,
            message=f"The film's chapters are {_listed(found_chapters)}; planned were {_listed(planned)}.",
        )


def _listed(chapters: list[tuple[str, Seconds]]) -> str:
    return ", ".join(f"{title!r} at {start:.2f} s" for title, start in chapters) or "none"
