"""What was measured and what was found."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from presgen.model.base import Decibels, Model, Seconds


class Severity(StrEnum):
    """What a finding means for the video."""

    NOTE = "note"
    WARN = "warn"
    REJECT = "reject"


class Finding(Model):
    """One thing a check found."""

    check: str
    severity: Severity
    message: str
    """What, how much, and how much would have been fine."""
    at: Seconds | None = None
    """From the start of what was inspected; None: the whole of it."""


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
    """Where pictures are black."""


class QualityReport(Model):
    """The verdict on one section or video."""

    subject: str
    findings: tuple[Finding, ...]
    metadata: dict[str, Any]
    """What was measured, flat, as Great Expectations saw it."""

    @property
    def passed(self) -> bool:
        """Whether nothing rejects."""
        return not any(finding.severity is Severity.REJECT for finding in self.findings)

    @property
    def rejections(self) -> tuple[str, ...]:
        """One line for each finding that rejects."""
        return tuple(f"{f.check}: {f.message}" for f in self.findings if f.severity is Severity.REJECT)
