"""The picture is as wide and high as it was ordered."""

from __future__ import annotations

from collections.abc import Iterator

from presgen.model.quality import Finding, Remedy, Severity
from presgen.quality.checks import checks
from presgen.quality.evidence import Evidence

NAME = "picture-has-its-size"
VERSION = 1

SMALLEST = 240
"""Lines, or columns of an upright picture: on fewer, the text of a slide cannot be read (a slide's letters
are a thirtieth of its height, and letters need 8 lines)."""


@checks.register(NAME)
def picture_has_its_size(evidence: Evidence) -> Iterator[Finding]:
    """Find pictures of another size than ordered, and pictures too small to read."""
    if (picture := evidence.film.pictures) is None:
        return
    wanted = (evidence.wanted.width, evidence.wanted.height)
    found = f"{picture.width}x{picture.height}"
    ordered = f"{wanted[0] or picture.width}x{wanted[1] or picture.height}"
    if found != ordered:
        yield Finding(
            check=NAME,
            severity=Severity.REJECT,
            measured=found,
            limit=ordered,
            remedy=Remedy.RENDER_AGAIN,
            message=f"The picture is {found} pixels; ordered was {ordered}.",
        )
    elif wanted == (None, None) and min(picture.width, picture.height) < SMALLEST:
        yield Finding(
            check=NAME,
            severity=Severity.WARN,
            measured=found,
            limit=SMALLEST,
            remedy=Remedy.RENDER_AGAIN,
            message=f"The picture is {found} pixels; {SMALLEST} the short way are needed to read a slide.",
        )
