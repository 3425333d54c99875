"""The film has the size, rate, colours and codecs that were ordered."""

from __future__ import annotations

from collections.abc import Iterator

from presgen.model.quality import Finding, Severity
from presgen.quality.checks import checks
from presgen.quality.evidence import Evidence

NAME = "film-matches-its-format"


@checks.register(NAME)
def film_matches_its_format(evidence: Evidence) -> Iterator[Finding]:
    """Find properties of the streams that differ from the ordered format."""
    if (ordered := evidence.format) is None:
        return
    picture, sound = evidence.film.pictures, evidence.film.sound
    properties: list[tuple[str, object, object]] = [
        ("kind of film", _kind(picture is not None), _kind(ordered.pictured)),
    ]
    if picture is not None:
        properties += [
            ("width in pixels", picture.width, ordered.width),
            ("height in pixels", picture.height, ordered.height),
            ("video codec", picture.codec, ordered.video),
            ("pixel format", picture.pixel_format, "yuv420p"),
            ("colour description", picture.colour, "bt709/bt709/bt709"),
            ("colour range", picture.colour_range, "limited"),
            ("frame rate", round(picture.fps, 3), ordered.fps),
            ("constant frame rate", picture.constant_rate, True),
            ("rotation in degrees", picture.rotation, 0),
        ]
    if sound is not None:
        properties += [
            ("audio codec", sound.codec, ordered.audio),
            ("sample rate in Hz", sound.sample_rate, ordered.sample_rate),
        ]
    for what, found, wanted in properties:
        if found != wanted:
            yield Finding(
                check=NAME,
                severity=Severity.REJECT,
                message=f"The {what} is {found}; ordered was {wanted}.",
            )


def _kind(pictured: bool) -> str:
    return "pictures and sound" if pictured else "sound only"
