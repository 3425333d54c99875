"""First tables: runs, lessons, sections, assets, findings, and the events that nobody may change."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_ID = sa.String(300)
_DIGEST = sa.String(64)
_MOMENT = sa.String(32)


def upgrade() -> None:
    op.create_table(
        "runs",
        sa.Column("run_id", _ID, primary_key=True),
        sa.Column("started", _MOMENT, nullable=False),
        sa.Column("ended", _MOMENT),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("passed", sa.Boolean),
    )
    op.create_table(
        "lessons",
        sa.Column("lesson_id", _ID, primary_key=True),
        sa.Column("pseudonym", _ID, nullable=False),
        sa.Column("certification", _ID, nullable=False),
        sa.Column("status", sa.String(40), nullable=False),
        sa.Column("record", _DIGEST, nullable=False),
        sa.Column("script", _DIGEST, nullable=False),
        sa.Column("inputs", _DIGEST, nullable=False),
        sa.Column("video", _DIGEST, nullable=False),
        sa.Column("duration", sa.Float, nullable=False),
        sa.Column("cause", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("changed", _MOMENT, nullable=False),
    )
    op.create_index("ix_lessons_pseudonym", "lessons", ["pseudonym"])
    op.create_index("ix_lessons_status", "lessons", ["status"])
    op.create_table(
        "run_lessons",
        sa.Column("run_id", _ID, sa.ForeignKey("runs.run_id"), primary_key=True),
        sa.Column("lesson_id", _ID, sa.ForeignKey("lessons.lesson_id"), primary_key=True),
    )
    op.create_index("ix_run_lessons_lesson", "run_lessons", ["lesson_id"])
    op.create_table(
        "quarantined",
        sa.Column("run_id", _ID, sa.ForeignKey("runs.run_id"), primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("pseudonym", _ID),
        sa.Column("place", sa.Text, nullable=False),
        sa.Column("field", sa.Text, nullable=False),
        sa.Column("value", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
    )
    op.create_table(
        "sections",
        sa.Column("key", _DIGEST, primary_key=True),
        sa.Column("slug", sa.Text, nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("seconds", sa.Float, nullable=False),
        sa.Column("bytes", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "run_sections",
        sa.Column("run_id", _ID, sa.ForeignKey("runs.run_id"), primary_key=True),
        sa.Column("key", _DIGEST, sa.ForeignKey("sections.key"), primary_key=True),
        sa.Column("outcome", sa.String(40), nullable=False),
        sa.Column("cause", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
    )
    op.create_table(
        "assets",
        sa.Column("lesson_id", _ID, sa.ForeignKey("lessons.lesson_id"), primary_key=True),
        sa.Column("publisher", sa.String(100), primary_key=True),
        sa.Column("role", sa.String(40), primary_key=True),
        sa.Column("asset_id", sa.Text, nullable=False),
        sa.Column("url", sa.Text, nullable=False),
        sa.Column("sha256", _DIGEST, nullable=False),
        sa.Column("bytes", sa.BigInteger, nullable=False),
        sa.Column("published", _MOMENT, nullable=False),
    )
    op.create_table(
        "findings",
        sa.Column("run_id", _ID, sa.ForeignKey("runs.run_id"), primary_key=True),
        sa.Column("subject", _ID, primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("check", sa.Text, nullable=False),
        sa.Column("severity", sa.String(40), nullable=False),
        sa.Column("message", sa.Text, nullable=False),
        sa.Column("at", sa.Float),
    )
    op.create_table(
        "events",
        sa.Column(
            "number", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True, autoincrement=True
        ),
        sa.Column("at", _MOMENT, nullable=False),
        sa.Column("run_id", _ID, nullable=False),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("subject", _ID, nullable=False),
        sa.Column("facts", sa.Text, nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_events_subject", "events", ["subject"])
    op.create_index("ix_events_run", "events", ["run_id"])
    _forbid_changes_of_events()


def downgrade() -> None:
    for table in (
        "events",
        "findings",
        "assets",
        "run_sections",
        "sections",
        "quarantined",
        "run_lessons",
        "lessons",
        "runs",
    ):
        op.drop_table(table)
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION presgen_events_are_kept()")


def _forbid_changes_of_events() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE FUNCTION presgen_events_are_kept() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION 'events are append-only'; END $$"
        )
        op.execute(
            "CREATE TRIGGER events_are_kept BEFORE UPDATE OR DELETE ON events "
            "FOR EACH ROW EXECUTE FUNCTION presgen_events_are_kept()"
        )
        return
    for change in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER events_keep_{change.lower()} BEFORE {change} ON events "
            "BEGIN SELECT RAISE(ABORT, 'events are append-only'); END"
        )
