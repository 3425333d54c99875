"""What the ledger tells: its rows as values."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from pydantic import Field

from presgen.model.base import Model, Seconds
from presgen.model.lesson import LessonStatus
from presgen.model.references import LessonRef


class RunEntry(Model):
    """One run of the night."""

    run_id: str
    started: str
    """UTC, ISO 8601, as all moments in the ledger."""
    ended: str | None
    source: str
    passed: bool | None
    """None while it runs."""
    due: str | None = None
    """By when it should have ended; None: it may last as long as it likes, or nobody has noted it."""


class LessonEntry(Model):
    """A lesson and everything that decides whether a step has to be taken again."""

    lesson_id: str
    pseudonym: str
    certification: str
    """The certification's id."""
    status: LessonStatus
    record: str
    """SHA-256 of the record, as in every digest here."""
    script: str
    """Empty before the script is written."""
    inputs: str
    """Digest of what all editions are joined from; empty before they are joined."""
    video: str
    """The main edition's; empty before it is joined."""
    editions: str
    """Digest over the videos of all editions; empty before they are joined."""
    duration: Seconds
    """The main edition's."""
    cause: str
    """The kind of error that ended the lesson; empty while all is well."""
    reason: str
    """The same as a sentence."""
    revision: int
    """Counts every change of the row."""
    changed: str

    def ref(self) -> LessonRef:
        """Return what tasks hand each other of it."""
        return LessonRef.model_validate(self.model_dump(include=set(LessonRef.model_fields)))


class SectionOutcome(StrEnum):
    """What became of a section in one run."""

    REUSED = "reused"
    RENDERED = "rendered"
    REJECTED = "rejected"
    FAILED = "failed"


class SectionEntry(Model):
    """A section in one run."""

    run_id: str
    key: str
    slug: str
    kind: str
    outcome: SectionOutcome
    seconds: Seconds
    bytes: int
    cause: str
    reason: str


class KnownSection(Model):
    """A section that was made at some time, in whichever run."""

    key: str
    slug: str
    kind: str
    seconds: Seconds
    """0 where it was never finished."""
    bytes: int


class AttemptEntry(Model):
    """One attempt at making a section, in whichever run."""

    number: int
    at: str
    run_id: str
    key: str
    outcome: SectionOutcome
    cause: str
    reason: str


class ApprovalEntry(Model):
    """What somebody decided on a section, for everybody and for good, or on one lesson's editions."""

    subject: str
    """The section's key, or the digest of the lesson's editions."""
    at: str
    run_id: str
    approved: bool
    by: str
    """Who decided, as Airflow knows them."""


class Destination(Model):
    """A place to which the delivery of a lesson was begun, noted before the first byte went there."""

    publisher: str
    address: str
    """A URL without secrets, as it was seen from where the lesson was delivered."""
    mark: str = ""
    """By what the place is known wherever it is seen from; empty: by its address only."""


class Reservation(Model):
    """An id that a destination has given for a file or folder, kept before anything is made there.

    Whoever comes later, in whichever run, makes that one and no other.
    """

    place: str
    """What it is for, in our own words."""
    asset_id: str
    session: str = Field(default="", repr=False)
    """Where an upload that has begun goes on; empty: none is under way. Whoever has it may upload, so it is
    shown to nobody."""
    sha256: str = ""
    """Of the content that the session is for."""


class OrderState(StrEnum):
    """How far an order has come; what becomes of its lesson is told by the lesson."""

    RESERVED = "reserved"
    """Noted; its run may have been started or not."""
    STARTED = "started"
    CANCELLED = "cancelled"
    LOST = "lost"
    """Nobody makes it: its run was never started, or is gone and has left nothing."""


class OrderEntry(Model):
    """A video that somebody ordered."""

    video_id: str
    """Random."""
    at: str
    by: str
    """Who ordered it, as Airflow knows them."""
    key: str | None
    """The idempotency key they gave; None: none."""
    body: str
    """Digest of what they asked for."""
    pseudonym: str
    lesson_id: str
    """The lesson that answers it; there is no such lesson before its record is read."""
    run_id: str
    webhook: str = Field(repr=False)
    """Whom to tell how it ends; empty: nobody. Such addresses may hold secrets."""
    state: OrderState
    changed: str


class NoticeState(StrEnum):
    """What became of telling somebody how an order ended."""

    CLAIMED = "claimed"
    """Somebody is at it, or was cut short: it may have arrived."""
    DELIVERED = "delivered"
    WAITING = "waiting"
    """Nobody has said that it arrived: it is sent again."""
    REFUSED = "refused"
    """Whoever it is for does not take it, or may not be told: it is not sent again
    unless its own run reports again."""


class EventEntry(Model):
    """Something that happened. Written once, never changed."""

    number: int
    at: str
    run_id: str
    name: str
    subject: str
    """The section key or the lesson id it happened to."""
    facts: dict[str, Any]
