"""What was ordered one by one through the API, and who was told how it ended."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_ID = sa.String(300)
_MOMENT = sa.String(32)


def upgrade() -> None:
    op.create_table(
        "orders",
        sa.Column("video_id", sa.String(100), primary_key=True),
        sa.Column("at", _MOMENT, nullable=False),
        sa.Column("by", _ID, nullable=False),
        sa.Column("key", sa.String(255)),
        sa.Column("body", sa.String(64), nullable=False),
        sa.Column("pseudonym", _ID, nullable=False),
        sa.Column("lesson_id", _ID, nullable=False),
        sa.Column("run_id", _ID, nullable=False),
        sa.Column("webhook", sa.Text, nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("changed", _MOMENT, nullable=False),
        sa.UniqueConstraint("by", "key", name="uq_orders_by_key"),
    )
    for column in ("lesson_id", "pseudonym", "run_id"):
        op.create_index(f"ix_orders_{column}", "orders", [column])
    op.create_table(
        "notices",
        sa.Column("video_id", sa.String(100), sa.ForeignKey("orders.video_id"), primary_key=True),
        sa.Column("state", sa.String(40), primary_key=True),
        sa.Column("outcome", sa.String(40), nullable=False),
        sa.Column("changed", _MOMENT, nullable=False),
    )


def downgrade() -> None:
    op.drop_table("notices")
    op.drop_table("orders")
