"""No edit list makes players guess where the film begins and what of it is shown."""

from __future__ import annotations

from collections.abc import Iterator

from presgen.model.base import Seconds
from presgen.model.quality import Finding, Remedy, Severity
from presgen.quality.checks import checks
from presgen.quality.evidence import Evidence

NAME = "film-plays-in-one-piece"
VERSION = 1

PRIMING = Seconds(0.25)
"""What an edit list may leave out at the start: reordered pictures and the first packet of sound, which only
prime a decoder. Every player reads that alike."""

SMALLEST = Seconds(0.02)
"""A delay that is more than rounding."""


@checks.register(NAME)
def film_plays_in_one_piece(evidence: Evidence) -> Iterator[Finding]:
    """Find edit lists: in films of ours any, in films of others those that delay, cut or repeat."""
    lists = evidence.edit_lists
    if evidence.ordered and evidence.film.edit_lists:
        yield Finding(
            check=NAME,
            severity=Severity.REJECT,
            measured=evidence.film.edit_lists,
            limit=0,
            remedy=Remedy.REMUX,
            message=(
                f"The file has {evidence.film.edit_lists} edit lists, which players read differently; "
                "none are needed."
            ),
        )
        return
    for found in lists:
        if found.parts > 1:
            what, value = f"plays {found.parts} parts of a track", float(found.parts)
        elif found.delay > SMALLEST:
            what, value = f"delays a track by {found.delay:.3f} s", float(found.delay)
        elif found.skipped > PRIMING:
            what, value = f"leaves out the first {found.skipped:.3f} s of a track", float(found.skipped)
        else:
            continue
        yield Finding(
            check=NAME,
            severity=Severity.WARN,
            at=Seconds(0.0),
            measured=round(value, 3),
            limit=PRIMING,
            remedy=Remedy.REMUX,
            message=f"An edit list {what}; players read that differently, and none is needed.",
        )
