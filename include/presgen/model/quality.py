"""What was measured and what was found."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Any

from pydantic import Field, PositiveFloat, PositiveInt, model_validator

from presgen.model.base import Decibels, Model, Seconds
from presgen.model.media import PresenterPlace


class Severity(StrEnum):
    """What a finding means for the video."""

    NOTE = "note"
    WARN = "warn"
    REJECT = "reject"


class Remedy(StrEnum):
    """What would help against a finding: the name of a fix."""

    REMIX_LOUDNESS = "remix_loudness"
    """Bring the sound to its level again."""
    RESYNTHESISE = "resynthesise"
    """Speak the narration again."""
    REBUILD_CAPTIONS = "rebuild_captions"
    """Lay the captions out again, from the words and their times."""
    PAD_OR_TRIM = "pad_or_trim"
    """Bring sound and pictures to the length of the script."""
    REMUX = "remux"
    """Write the file again around the same pictures and sound: index, start times, tags, chapters."""
    RENDER_AGAIN = "render_again"
    """Make the section anew."""
    JOIN_AGAIN = "join_again"
    """Join the lesson's sections anew."""


class Finding(Model):
    """One thing a check found."""

    check: str
    severity: Severity
    message: str
    """What, how much, and how much would have been fine."""
    at: Seconds | None = None
    """From the start of what was inspected; None: the whole of it."""
    until: Seconds | None = None
    """Where it ends; None: it has no end of its own."""
    measured: float | int | str | None = None
    """What was found; None: nothing that could be said in one value."""
    limit: float | int | str | None = None
    """What would have been fine at the most, at the least or exactly."""
    remedy: Remedy | None = None
    """Which fix would help; None: somebody must look at it."""

    @property
    def rejects(self) -> bool:
        """Whether it keeps the video in."""
        return self.severity is Severity.REJECT


class Span(Model):
    """A stretch of a film."""

    start: Seconds
    end: Seconds

    @property
    def length(self) -> Seconds:
        """How long it is."""
        return Seconds(self.end - self.start)


class SectionEvidence(Model):
    """Everything measured on a new section by one full decode; kept beside the clip."""

    key: str
    frames: int
    duration: Seconds
    width: int
    height: int
    fps: float
    video_codec: str
    pixel_format: str
    colour: str
    """``primaries/transfer/matrix``, e.g. ``bt709/bt709/bt709``."""
    audio_codec: str
    sample_rate: int
    channels: int
    audio_duration: Seconds
    loudness: Decibels | None
    """Integrated LUFS of the clip's decoded sound; None: too quiet or short to measure."""
    true_peak: Decibels
    """dBTP after AAC."""
    clipped_runs: tuple[Seconds, ...]
    """Where the WAV master stays at full scale for three samples or more."""
    longest_silence: tuple[Seconds, Seconds]
    """(start, length) of the longest stretch below the silence level between first and last word."""
    decode_errors: tuple[str, ...]
    black: tuple[Seconds, ...] = ()
    """Where pictures are black. Of evidence of version 1; since then see ``blacks``."""
    version: int = 1
    """Of what was measured and how. A newer one may ask for measuring again."""
    damaged: tuple[Seconds, ...] = ()
    """When each of the ``decode_errors`` occurs."""
    blacks: tuple[Span, ...] = ()
    """Where pictures are black."""
    frozen: tuple[Span, ...] = ()
    """Where the presenter is in the picture and does not move."""
    flashes: tuple[Span, ...] = ()
    """Where a part of the picture flashes more often than is safe for everybody."""
    flash_rate: float = 0.0
    """Flashes in the worst second."""
    uneven: tuple[Seconds, ...] = ()
    """The first moments at which a picture is shown for another time than most are."""
    lip_offset: Seconds | None = None
    """By how much the sound comes later than the mouth moves, where that can be told; negative: earlier."""
    lips_off: tuple[Span, ...] = ()
    """The stretches in which that was told, with an offset beyond what goes unnoticed."""
    sound_starts: Seconds | None = None
    """When the first sound is heard; None: there is none."""
    sound_ends: Seconds | None = None
    """When the last sound is heard; None: there is none."""
    silences: tuple[Span, ...] = ()
    """Stretches of a second and more below the silence level, between first and last sound."""
    channel_levels: tuple[Decibels, ...] = ()
    """dBFS, RMS of each channel."""
    one_sided: tuple[Span, ...] = ()
    """Where one of two channels is silent while the other is heard."""
    antiphase: tuple[Span, ...] = ()
    """Where two channels cancel each other on a single loudspeaker."""
    flattened: tuple[Span, ...] = ()
    """Where crests are cut off flat, at whatever level: found on the master, else on the decoded sound."""
    flattened_rate: float = 0.0
    """Flat crests in a second of sound."""
    mastered: bool = True
    """Whether ``clipped_runs`` and ``flattened`` were measured on the master."""


class Expectation(Model):
    """What somebody expects of a film. All of it may be left out; what is left out is not asked."""

    format: str | None = None
    """A delivery format of ours, such as ``landscape``: its size, rate, codecs and colours are expected."""
    duration: Seconds | None = Field(default=None, gt=0)
    duration_tolerance: Seconds = Field(default=Seconds(0.5), ge=0)
    width: PositiveInt | None = None
    height: PositiveInt | None = None
    resolution: str | None = Field(default=None, pattern=r"^\d+x\d+$")
    """Width and height as one: ``1280x720``."""
    fps: PositiveFloat | None = None
    video_codec: str | None = None
    """FFmpeg's name: ``h264``."""
    pixel_format: str | None = None
    colour: str | None = None
    """``primaries/transfer/matrix``: ``bt709/bt709/bt709``."""
    colour_range: str | None = None
    """``limited`` or ``full``."""
    rotation: int | None = None
    """Degrees."""
    audio_codec: str | None = None
    sample_rate: PositiveInt | None = None
    channels: PositiveInt | None = None
    sound: bool | None = None
    """Whether there is sound."""
    pictures: bool | None = None
    """Whether there is something to see."""
    loudness: Decibels | None = None
    """LUFS, integrated."""
    loudness_tolerance: Decibels = Field(default=Decibels(1.0), ge=0)
    true_peak: Decibels | None = None
    """The highest dBTP."""
    longest_silence: Seconds | None = Field(default=None, ge=0)
    """Between two words."""
    captions: bool | None = None
    """Whether there are captions, on a track or in a file beside the film."""
    script: str | None = None
    """All that is spoken, in caption spelling."""
    chapters: tuple[str, ...] | int | None = None
    """Their titles, or how many there are."""
    presenter: bool | tuple[PresenterPlace, ...] | None = None
    """Whether somebody is in the picture and speaks, or where and when."""
    master: Path | None = None
    """The WAV file the sound was encoded from: clipping is told best there."""

    @model_validator(mode="before")
    @classmethod
    def _size(cls, given: Any) -> Any:
        """Take ``resolution`` for width and height."""
        if isinstance(given, dict) and isinstance(size := given.get("resolution"), str):
            width, _, height = size.partition("x")
            if width.isdigit() and height.isdigit():
                return {"width": int(width), "height": int(height), **given}
        return given


class QualityReport(Model):
    """The verdict on one section or video."""

    subject: str
    findings: tuple[Finding, ...]
    metadata: dict[str, Any]
    """What was measured, flat, as Great Expectations saw it."""
    checks: dict[str, int] = Field(default_factory=dict)
    """The checks that were asked, and the version of each."""

    @property
    def passed(self) -> bool:
        """Whether nothing rejects."""
        return not any(finding.rejects for finding in self.findings)

    @property
    def rejections(self) -> tuple[str, ...]:
        """One line for each finding that rejects."""
        return tuple(f"{f.check}: {f.message}" for f in self.findings if f.rejects)


class FixRecord(Model):
    """A fix that was tried on a section or lesson, and what it changed."""

    round: PositiveInt
    """Each is followed by a full inspection; counts from 1."""
    fix: str
    findings: tuple[Finding, ...]
    """What rejected it before."""
    before: dict[str, Any] = Field(default_factory=dict)
    """Measured before, where it is other than after."""
    after: dict[str, Any] = Field(default_factory=dict)
    left: tuple[str, ...] = ()
    """The checks that rejected it after the round."""
    failed: str = ""
    """Why the fix could not be applied; empty: it could."""


FIX_LOG = "fixes.json"
"""What the account of its fixes is called, beside a clip that had some."""


class FixLog(Model):
    """All fixes of one section or lesson, in order; kept beside what they have mended."""

    subject: str
    fixes: tuple[FixRecord, ...]
