"""What lessons are about and made of, and a quick way to the newest event of a subject."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_ID = sa.String(300)


def upgrade() -> None:
    op.create_table(
        "outlines",
        sa.Column("lesson_id", _ID, sa.ForeignKey("lessons.lesson_id"), primary_key=True),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("persona", sa.String(100), nullable=False),
        sa.Column("locale", sa.String(40), nullable=False),
        sa.Column("planned", sa.Float, nullable=False),
    )
    op.create_table(
        "parts",
        sa.Column("lesson_id", _ID, sa.ForeignKey("lessons.lesson_id"), primary_key=True),
        sa.Column("edition", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("format", sa.String(100), nullable=False),
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("slug", sa.Text, nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("title", sa.Text, nullable=False),
    )
    op.create_index("ix_parts_key", "parts", ["key", "lesson_id"])
    op.create_index("ix_events_subject_number", "events", ["subject", "number"])
    op.create_index("ix_lessons_changed", "lessons", ["changed", "lesson_id"])


def downgrade() -> None:
    op.drop_index("ix_lessons_changed", "lessons")
    op.drop_index("ix_events_subject_number", "events")
    op.drop_table("parts")
    op.drop_table("outlines")
