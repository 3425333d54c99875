"""The small values tasks hand each other: ids and digests, never media and never names."""

from __future__ import annotations

from presgen.model.base import Model, Seconds
from presgen.model.lesson import LessonStatus


class LearnerRef(Model):
    """A learner's clean record in the workspace."""

    pseudonym: str
    lesson_id: str
    record: str
    """SHA-256 of the record."""


class SectionRef(Model):
    """A section to render, described in the workspace under its key."""

    key: str
    slug: str
    kind: str
    lessons: int = 1
    """How many of tonight's lessons need it."""


class LessonRef(Model):
    """A lesson and how far it has come."""

    pseudonym: str
    lesson_id: str
    status: LessonStatus
    script: str = ""
    """SHA-256 of the script; empty before it is written."""
    video: str = ""
    """SHA-256 of the video; empty before it is joined."""
    duration: Seconds = Seconds(0)


class NightReport(Model):
    """What a run came to."""

    run_id: str
    lessons: dict[str, int]
    """Status to number of lessons."""
    quarantined: int
    sections_rendered: int
    sections_reused: int
    film: Seconds
    """Seconds of video published or found unchanged."""
    failures: dict[str, int]
    """Cause to number of lessons."""
    passed: bool
