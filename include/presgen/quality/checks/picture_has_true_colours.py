"""The picture's colours are described, and are the colours players show."""

from __future__ import annotations

from collections.abc import Iterator

from presgen.model.quality import Finding, Remedy, Severity
from presgen.quality.checks import checks
from presgen.quality.evidence import Evidence

NAME = "picture-has-true-colours"
VERSION = 1

PLAYED = ("yuv420p", "yuvj420p", "yuv420p10le")
"""Pixel formats that browsers and phones decode; H.264 in 4:2:2 and 4:4:4 stays black on most of them."""

EVERYDAY = ("bt709", "smpte170m", "bt470bg", "unknown", "srgb")
"""Colours of films for ordinary screens (ITU-R BT.709, BT.601). Others are for screens of high dynamic range
and look grey elsewhere."""


@checks.register(NAME)
def picture_has_true_colours(evidence: Evidence) -> Iterator[Finding]:
    """Find a pixel format, colour description or range that was not ordered, or that few screens show."""
    if (picture := evidence.film.pictures) is None:
        return
    wanted = evidence.wanted
    for what, found, ordered, remedy in (
        ("pixel format", picture.pixel_format, wanted.pixel_format, Remedy.RENDER_AGAIN),
        ("colour description", picture.colour, wanted.colour, Remedy.REMUX),
        ("colour range", picture.colour_range, wanted.colour_range, Remedy.RENDER_AGAIN),
    ):
        if ordered is not None and found != ordered:
            yield Finding(
                check=NAME,
                severity=Severity.REJECT,
                measured=found,
                limit=ordered,
                remedy=remedy,
                message=f"The {what} is {found}; ordered was {ordered}.",
            )
    if wanted.pixel_format is None and picture.pixel_format not in PLAYED:
        yield Finding(
            check=NAME,
            severity=Severity.WARN,
            measured=picture.pixel_format,
            limit=", ".join(PLAYED),
            remedy=Remedy.RENDER_AGAIN,
            message=f"The pixel format is {picture.pixel_format}, which few players show; yuv420p is fine.",
        )
    strange = [part for part in picture.colour.split("/") if part not in EVERYDAY]
    if wanted.colour is None and strange:
        yield Finding(
            check=NAME,
            severity=Severity.WARN,
            measured=picture.colour,
            limit="bt709/bt709/bt709",
            remedy=Remedy.REMUX,
            message=f"The colour description is {picture.colour}; ordinary screens show bt709.",
        )
