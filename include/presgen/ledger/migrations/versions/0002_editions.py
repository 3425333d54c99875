"""Lessons are delivered in several formats: a digest over the films of all editions."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # With a default, so that tasks of the release before go on writing rows while both are at work.
    op.add_column("lessons", sa.Column("editions", sa.String(64), nullable=False, server_default=""))


def downgrade() -> None:
    op.drop_column("lessons", "editions")
