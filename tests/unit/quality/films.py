"""Evidence that is right in every way, for tests to spoil in one."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from presgen.media.formats import formats
from presgen.media.probe import Chapter, PictureTrack, Probe, SoundTrack
from presgen.model.base import Decibels, Seconds
from presgen.model.media import Cue, WordTiming
from presgen.model.quality import SectionEvidence, Span
from presgen.quality.evidence import Evidence, InspectedSection

LENGTH = Seconds(8.0)
"""How long each section of a made film is."""

WORDS = ("Ports", "tell", "one", "service", "from", "another.")


def span(start: float, end: float) -> Span:
    """Return a stretch of time."""
    return Span(start=Seconds(start), end=Seconds(end))


def make_measured(**changes: Any) -> SectionEvidence:
    """Return what is measured on a good section."""
    length = changes.get("duration", LENGTH)
    good = SectionEvidence(
        key="a" * 64,
        frames=240,
        duration=LENGTH,
        width=1280,
        height=720,
        fps=30.0,
        video_codec="h264",
        pixel_format="yuv420p",
        colour="bt709/bt709/bt709",
        audio_codec="aac",
        sample_rate=48_000,
        channels=1,
        audio_duration=LENGTH,
        loudness=Decibels(-16.0),
        true_peak=Decibels(-1.4),
        clipped_runs=(),
        longest_silence=(Seconds(3.0), Seconds(0.6)),
        decode_errors=(),
        sound_starts=Seconds(0.5),
        sound_ends=Seconds(length - 0.6),
        channel_levels=(Decibels(-17.0),),
        lip_offset=Seconds(0.02),
    )
    return good.model_copy(update=changes)


def make_film(length: Seconds = LENGTH, sections: int = 1) -> Probe:
    """Return the probe of a good film of that length."""
    return Probe(
        path=Path("film.mp4"),
        size=100_000,
        title="Ports",
        duration=length,
        pictures=PictureTrack(
            codec="h264",
            profile="High",
            width=1280,
            height=720,
            pixel_format="yuv420p",
            colour="bt709/bt709/bt709",
            colour_range="limited",
            fps=30.0,
            constant_rate=True,
            rotation=0,
            frames=round(length * 30),
            promised_frames=round(length * 30),
            key_frames=(Seconds(0.0),),
            start=Seconds(0.0),
            duration=length,
        ),
        sound=SoundTrack("aac", "LC", 48_000, 1, Seconds(0.0), length),
        captions="mov_text",
        captions_shown=False,
        cues=(),
        chapters=tuple(
            Chapter(f"Section {number}", Seconds(number * LENGTH), Seconds((number + 1) * LENGTH))
            for number in range(sections)
        ),
        tracks=("video", "audio", "subtitle"),
        moov_first=True,
        edit_lists=0,
        intact=True,
    )


def make_evidence(sections: int = 1, *, joined: bool = False, **measured: Any) -> Evidence:
    """Return the evidence of a good film of equal sections; ``measured`` changes the first."""
    cues = tuple(
        Cue(
            start=Seconds(number * LENGTH + 0.5 + 3 * half),
            end=Seconds(number * LENGTH + 3.0 + 3 * half),
            lines=(" ".join(WORDS[3 * half : 3 * half + 3]),),
        )
        for number in range(sections)
        for half in range(2)
    )
    words = tuple(
        WordTiming(text=word, start=Seconds(0.5 + index), end=Seconds(1.4 + index))
        for index, word in enumerate(WORDS)
    )
    return Evidence(
        subject="lesson-0123456789abcdef",
        film=make_film(Seconds(sections * LENGTH), sections),
        sections=tuple(
            InspectedSection(
                title=f"Section {number}",
                start=Seconds(number * LENGTH),
                measured=make_measured(**(measured if number == 0 else {})),
                text=" ".join(WORDS),
                planned=LENGTH,
                words=words,
            )
            for number in range(sections)
        ),
        cues=cues,
        format=formats["landscape"],
        joined=joined,
    )


def with_picture(evidence: Evidence, **changes: Any) -> Evidence:
    """Return the evidence with another picture track."""
    assert evidence.film.pictures is not None
    return replace(evidence, film=replace(evidence.film, pictures=replace(evidence.film.pictures, **changes)))


def with_sound(evidence: Evidence, **changes: Any) -> Evidence:
    """Return the evidence with another sound track."""
    assert evidence.film.sound is not None
    return replace(evidence, film=replace(evidence.film, sound=replace(evidence.film.sound, **changes)))
