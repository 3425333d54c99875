"""What is told: values that name counts and causes, and nobody."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from presgen.model.base import Model, digest_of


class NoticeKind(StrEnum):
    """Why somebody is told."""

    DEADLINE_MISSED = "deadline_missed"
    LESSONS_SLOW = "lessons_slow"
    """The night was in time, but single lessons took longer than they may."""
    MANY_FAILURES = "many_failures"
    SECTION_FAILS_MANY = "section_fails_many"
    DELIVERY_BLOCKED = "delivery_blocked"
    RUN_FAILED = "run_failed"


class Topic(StrEnum):
    """What a notice is about. A night sends one of each at most, however many reasons there are."""

    LATENESS = "lateness"
    LESSONS = "lessons"
    DELIVERY = "delivery"
    RUN = "run"


TOPICS: Mapping[NoticeKind, Topic] = MappingProxyType(
    {
        NoticeKind.DEADLINE_MISSED: Topic.LATENESS,
        NoticeKind.LESSONS_SLOW: Topic.LATENESS,
        NoticeKind.MANY_FAILURES: Topic.LESSONS,
        NoticeKind.SECTION_FAILS_MANY: Topic.LESSONS,
        NoticeKind.DELIVERY_BLOCKED: Topic.DELIVERY,
        NoticeKind.RUN_FAILED: Topic.RUN,
    }
)


class Group(Model):
    """Lessons that failed, or wait, for one reason."""

    cause: str
    """The kind of error, or what they wait for, in a word or two."""
    count: int
    example: str = ""
    """The reason in a sentence, of one of them."""
    todo: str = ""
    """What to do about it."""


class Link(Model):
    """Where to look."""

    label: str
    url: str


class Notice(Model):
    """One thing to tell about one night, once."""

    kind: NoticeKind
    run_id: str
    title: str
    """What has happened, in one line, with its numbers."""
    summary: str
    """What that means, in a sentence or two."""
    since: str
    """When it began: UTC, ISO 8601."""
    at: str
    """When this was written."""
    affected: int
    """Lessons that are late or have failed."""
    of: int
    """Lessons that are needed tonight."""
    facts: tuple[tuple[str, str], ...] = ()
    """(label, value), the most telling first."""
    likely_cause: str
    groups: tuple[Group, ...] = ()
    """The most frequent first."""
    todo: tuple[str, ...] = ()
    """In the order in which to do it; what stands between backticks is to be typed."""
    links: tuple[Link, ...] = ()

    @property
    def topic(self) -> Topic:
        """What it is about: of each topic a night sends one."""
        return TOPICS[self.kind]

    @property
    def key(self) -> str:
        """The same for everything that is told of this night and topic: 24 hex digits."""
        return digest_of([self.run_id, self.topic.value])[:24]
