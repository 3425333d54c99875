"""The tables, as the newest migration leaves them."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)

metadata = MetaData()

_ID = String(300)
_DIGEST = String(64)
_MOMENT = String(32)

runs = Table(
    "runs",
    metadata,
    Column("run_id", _ID, primary_key=True),
    Column("started", _MOMENT, nullable=False),
    Column("ended", _MOMENT),
    Column("source", Text, nullable=False),
    Column("passed", Boolean),
    Column("due", _MOMENT),
    Index("ix_runs_started", "started", "run_id"),
)

run_figures = Table(
    "run_figures",
    metadata,
    Column("run_id", _ID, ForeignKey("runs.run_id"), primary_key=True),
    Column("until", BigInteger, nullable=False),
    Column("ordered", Boolean, nullable=False),
    Column("lessons", Text, nullable=False),
    Column("failures", Text, nullable=False),
    Column("film", Float, nullable=False),
    Column("rendered", Integer, nullable=False),
    Column("found", Integer, nullable=False),
    Column("places", Integer, nullable=False),
    Column("cpu", Float, nullable=False),
)
"""What a run came to, counted when it had ended; good while no event of it is younger than ``until``."""

stage_sums = Table(
    "stage_sums",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("until", BigInteger, nullable=False),
    Column("sums", Text, nullable=False),
)
"""One row at most: what all events up to ``until`` add up to, in the words of whoever adds them up."""

lessons = Table(
    "lessons",
    metadata,
    Column("lesson_id", _ID, primary_key=True),
    Column("pseudonym", _ID, nullable=False),
    Column("certification", _ID, nullable=False),
    Column("status", String(40), nullable=False),
    Column("record", _DIGEST, nullable=False),
    Column("script", _DIGEST, nullable=False),
    Column("inputs", _DIGEST, nullable=False),
    Column("video", _DIGEST, nullable=False),
    Column("editions", _DIGEST, nullable=False, server_default=""),
    Column("duration", Float, nullable=False),
    Column("cause", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("changed", _MOMENT, nullable=False),
    Index("ix_lessons_pseudonym", "pseudonym"),
    Index("ix_lessons_status", "status"),
    Index("ix_lessons_changed", "changed", "lesson_id"),
)

run_lessons = Table(
    "run_lessons",
    metadata,
    Column("run_id", _ID, ForeignKey("runs.run_id"), primary_key=True),
    Column("lesson_id", _ID, ForeignKey("lessons.lesson_id"), primary_key=True),
    Index("ix_run_lessons_lesson", "lesson_id"),
)

outlines = Table(
    "outlines",
    metadata,
    Column("lesson_id", _ID, ForeignKey("lessons.lesson_id"), primary_key=True),
    Column("title", Text, nullable=False),
    Column("persona", String(100), nullable=False),
    Column("locale", String(40), nullable=False),
    Column("planned", Float, nullable=False),
)

parts = Table(
    "parts",
    metadata,
    Column("lesson_id", _ID, ForeignKey("lessons.lesson_id"), primary_key=True),
    Column("edition", Integer, primary_key=True, autoincrement=False),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("format", String(100), nullable=False),
    Column("key", _DIGEST, nullable=False),
    Column("slug", Text, nullable=False),
    Column("kind", String(40), nullable=False),
    Column("title", Text, nullable=False),
    Index("ix_parts_key", "key", "lesson_id"),
)

quarantined = Table(
    "quarantined",
    metadata,
    Column("run_id", _ID, ForeignKey("runs.run_id"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("pseudonym", _ID),
    Column("place", Text, nullable=False),
    Column("field", Text, nullable=False),
    Column("value", Text, nullable=False),
    Column("reason", Text, nullable=False),
)

sections = Table(
    "sections",
    metadata,
    Column("key", _DIGEST, primary_key=True),
    Column("slug", Text, nullable=False),
    Column("kind", String(40), nullable=False),
    Column("seconds", Float, nullable=False),
    Column("bytes", BigInteger, nullable=False),
)

run_sections = Table(
    "run_sections",
    metadata,
    Column("run_id", _ID, ForeignKey("runs.run_id"), primary_key=True),
    Column("key", _DIGEST, ForeignKey("sections.key"), primary_key=True),
    Column("outcome", String(40), nullable=False),
    Column("cause", Text, nullable=False),
    Column("reason", Text, nullable=False),
)

assets = Table(
    "assets",
    metadata,
    Column("lesson_id", _ID, ForeignKey("lessons.lesson_id"), primary_key=True),
    Column("publisher", String(100), primary_key=True),
    Column("role", String(40), primary_key=True),
    Column("asset_id", Text, nullable=False),
    Column("url", Text, nullable=False),
    Column("sha256", _DIGEST, nullable=False),
    Column("bytes", BigInteger, nullable=False),
    Column("published", _MOMENT, nullable=False),
)

destinations = Table(
    "destinations",
    metadata,
    Column("lesson_id", _ID, primary_key=True),
    Column("publisher", String(100), primary_key=True),
    Column("address", Text, primary_key=True),
    Column("mark", String(64), nullable=False),
)
"""Where a lesson's delivery was begun, and by what the place is known should it be moved."""

uploads = Table(
    "uploads",
    metadata,
    Column("publisher", String(100), primary_key=True),
    Column("place", String(500), primary_key=True),
    Column("asset_id", Text, nullable=False),
    Column("session", Text, nullable=False),
    Column("sha256", _DIGEST, nullable=False),
    Column("changed", _MOMENT, nullable=False),
)

findings = Table(
    "findings",
    metadata,
    Column("run_id", _ID, ForeignKey("runs.run_id"), primary_key=True),
    Column("subject", _ID, primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("check", Text, nullable=False),
    Column("severity", String(40), nullable=False),
    Column("message", Text, nullable=False),
    Column("at", Float),
    Column("until", Float),
    Column("measured", Text),
    Column("limit", Text),
    Column("remedy", String(40)),
)

fixes = Table(
    "fixes",
    metadata,
    Column("run_id", _ID, ForeignKey("runs.run_id"), primary_key=True),
    Column("subject", _ID, primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("round", Integer, nullable=False),
    Column("fix", String(40), nullable=False),
    Column("facts", Text, nullable=False),
)

attempts = Table(
    "attempts",
    metadata,
    Column("number", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True),
    Column("at", _MOMENT, nullable=False),
    Column("run_id", _ID, nullable=False),
    Column("key", _DIGEST, nullable=False),
    Column("outcome", String(40), nullable=False),
    Column("cause", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Index("ix_attempts_key", "key"),
)

approvals = Table(
    "approvals",
    metadata,
    Column("subject", _ID, primary_key=True),
    Column("at", _MOMENT, nullable=False),
    Column("run_id", _ID, nullable=False),
    Column("approved", Boolean, nullable=False),
    Column("by", Text, nullable=False),
)

orders = Table(
    "orders",
    metadata,
    Column("video_id", String(100), primary_key=True),
    Column("at", _MOMENT, nullable=False),
    Column("by", _ID, nullable=False),
    Column("key", String(255)),
    Column("body", _DIGEST, nullable=False),
    Column("pseudonym", _ID, nullable=False),
    Column("lesson_id", _ID, nullable=False),
    Column("run_id", _ID, nullable=False),
    Column("webhook", Text, nullable=False),
    Column("state", String(40), nullable=False),
    Column("changed", _MOMENT, nullable=False),
    UniqueConstraint("by", "key", name="uq_orders_by_key"),
    Index("ix_orders_lesson_id", "lesson_id"),
    Index("ix_orders_pseudonym", "pseudonym"),
    Index("ix_orders_run_id", "run_id"),
)

notices = Table(
    "notices",
    metadata,
    Column("video_id", String(100), ForeignKey("orders.video_id"), primary_key=True),
    Column("state", String(40), primary_key=True),
    Column("outcome", String(40), nullable=False),
    Column("changed", _MOMENT, nullable=False),
)

alerts = Table(
    "alerts",
    metadata,
    Column("run_id", _ID, primary_key=True),
    Column("topic", String(40), primary_key=True),
    Column("channel", String(40), primary_key=True),
    Column("kind", String(40), nullable=False),
    Column("reserved", _MOMENT, nullable=False),
    Column("sent", _MOMENT, nullable=False),
    Column("tries", Integer, nullable=False),
)

events = Table(
    "events",
    metadata,
    Column("number", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True),
    Column("at", _MOMENT, nullable=False),
    Column("run_id", _ID, nullable=False),
    Column("name", String(100), nullable=False),
    Column("subject", _ID, nullable=False),
    Column("facts", Text, nullable=False),
    Index("ix_events_run_number", "run_id", "number"),
    Index("ix_events_subject_number", "subject", "number"),
    Index("ix_events_subject_name", "subject", "name"),
    sqlite_autoincrement=True,
)
