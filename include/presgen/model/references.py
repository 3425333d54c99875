"""The small values tasks hand each other: ids and digests, never media and never names."""

from __future__ import annotations

from presgen.model.base import Model, Seconds
from presgen.model.lesson import LessonStatus
from presgen.model.rehearsal import Rehearsal


class LearnerRef(Model):
    """A learner's clean record in the workspace."""

    pseudonym: str
    lesson_id: str
    record: str
    """SHA-256 of the record."""


class SectionRef(Model):
    """A section to render in one format, described in the workspace under its key."""

    key: str
    slug: str
    kind: str
    format: str
    lessons: int = 1
    """How many of tonight's lessons need it."""


class LessonRef(Model):
    """A lesson and how far it has come."""

    pseudonym: str
    lesson_id: str
    status: LessonStatus
    record: str = ""
    """SHA-256 of the record that it is made of."""
    script: str = ""
    """SHA-256 of the script; empty before it is written."""
    video: str = ""
    """SHA-256 of the main edition's video; empty before it is joined."""
    editions: str = ""
    """Digest over the videos of all editions; empty before they are joined."""
    duration: Seconds = Seconds(0)


class NightReport(Model):
    """What a run came to."""

    run_id: str
    formats: tuple[str, ...] = ()
    """Every lesson was made in each of them; the first is the main edition."""
    lessons: dict[str, int]
    """Status to number of lessons."""
    quarantined: int
    """Records set aside. They cost nobody else a lesson, and do not fail the night unless all were."""
    sections_rendered: int
    sections_reused: int
    film: Seconds
    """Seconds of lessons published or found unchanged, each counted once, whatever its editions."""
    failures: dict[str, int]
    """Cause to number of lessons."""
    passed: bool
    rejections: tuple[str, ...] = ()
    """What of the night as a whole is not as expected: lessons by their ids, and values."""
    warnings: tuple[str, ...] = ()
    """What is unusual, and no reason to fail."""
    audit_head: str = ""
    """Digest of the audit trail's last event when the run was over: a trail that was rewritten since does not
    hold it."""
    data_docs: str = ""
    """The first page of what Great Expectations found, from the workspace's folder; empty: nothing to see."""
    rehearsal: Rehearsal | None = None
    """What a dry run would have made; None: this run was a real one."""
