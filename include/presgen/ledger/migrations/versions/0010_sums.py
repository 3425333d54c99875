"""The sums over all stages that have ended, so that nobody reads every event there ever was."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "stage_sums",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("until", sa.BigInteger, nullable=False),
        sa.Column("sums", sa.Text, nullable=False),
    )


def downgrade() -> None:
    op.drop_table("stage_sums")
