"""Where a lesson's delivery was begun: kept until the lesson is erased, whatever the settings say by then."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "destinations",
        sa.Column("lesson_id", sa.String(300), primary_key=True),
        sa.Column("publisher", sa.String(100), primary_key=True),
        sa.Column("address", sa.Text, primary_key=True),
        sa.Column("mark", sa.String(64), nullable=False),
    )
    # An asset's id is the end of its address, but on Drive, where what is reserved tells where it lies.
    op.execute(
        "INSERT INTO destinations (lesson_id, publisher, address, mark) "
        "SELECT DISTINCT lesson_id, publisher, substr(url, 1, length(url) - length(asset_id)), '' "
        "FROM assets WHERE publisher IN ('folder', 'object-store')"
    )


def downgrade() -> None:
    op.drop_table("destinations")
