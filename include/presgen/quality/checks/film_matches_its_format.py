"""The film is coded as it was ordered."""

from __future__ import annotations

from collections.abc import Iterator

from presgen.model.quality import Finding, Remedy, Severity
from presgen.quality.checks import checks
from presgen.quality.evidence import Evidence

NAME = "film-matches-its-format"
VERSION = 2

PLAYED = {"pictures": ("h264", "hevc", "vp9", "av1"), "sound": ("aac", "opus", "mp3", "ac3", "eac3", "flac")}
"""Codecs that browsers and phones play (MDN, web media codec guides)."""


@checks.register(NAME)
def film_matches_its_format(evidence: Evidence) -> Iterator[Finding]:
    """Find codecs, sample rates and channels that differ from what was ordered, or that nobody plays."""
    picture, sound, wanted = evidence.film.pictures, evidence.film.sound, evidence.wanted
    properties: list[tuple[str, object, object]] = []
    if wanted.pictures is not None:
        properties.append(("kind of film", _kind(picture is not None), _kind(wanted.pictures)))
    if picture is not None:
        properties.append(("video codec", picture.codec, wanted.video_codec))
    if sound is not None:
        properties += [
            ("audio codec", sound.codec, wanted.audio_codec),
            ("sample rate in Hz", sound.sample_rate, wanted.sample_rate),
            ("number of channels", sound.channels, wanted.channels),
        ]
        if wanted.sound is False:
            properties.append(("number of sound tracks", 1, 0))
    for what, found, ordered in properties:
        if ordered is not None and found != ordered:
            yield Finding(
                check=NAME,
                severity=Severity.REJECT,
                measured=str(found),
                limit=str(ordered),
                remedy=Remedy.RENDER_AGAIN,
                message=f"The {what} is {found}; ordered was {ordered}.",
            )
    for what, track, ordered in (
        ("pictures", picture, wanted.video_codec),
        ("sound", sound, wanted.audio_codec),
    ):
        if track is not None and ordered is None and track.codec not in PLAYED[what]:
            yield Finding(
                check=NAME,
                severity=Severity.WARN,
                measured=track.codec,
                limit=", ".join(PLAYED[what]),
                remedy=Remedy.RENDER_AGAIN,
                message=(
                    f"Hardly any browser plays {what} in {track.codec}; {', '.join(PLAYED[what])} are fine."
                ),
            )


def _kind(pictured: bool) -> str:
    return "with pictures" if pictured else "sound only"
