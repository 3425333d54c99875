"""What a run came to, kept when it ends, by when it was due, and a quick way to what happened since."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_ID = sa.String(300)


def upgrade() -> None:
    op.add_column("runs", sa.Column("due", sa.String(32)))
    op.create_index("ix_runs_started", "runs", ["started", "run_id"])
    op.create_table(
        "run_figures",
        sa.Column("run_id", _ID, sa.ForeignKey("runs.run_id"), primary_key=True),
        sa.Column("until", sa.BigInteger, nullable=False),
        sa.Column("ordered", sa.Boolean, nullable=False),
        sa.Column("lessons", sa.Text, nullable=False),
        sa.Column("failures", sa.Text, nullable=False),
        sa.Column("film", sa.Float, nullable=False),
        sa.Column("rendered", sa.Integer, nullable=False),
        sa.Column("found", sa.Integer, nullable=False),
        sa.Column("places", sa.Integer, nullable=False),
        sa.Column("cpu", sa.Float, nullable=False),
    )
    # Each of the new ones answers what the old one did, too.
    op.create_index("ix_events_run_number", "events", ["run_id", "number"])
    op.drop_index("ix_events_run", "events")
    op.create_index("ix_events_subject_name", "events", ["subject", "name"])
    op.drop_index("ix_events_subject", "events")


def downgrade() -> None:
    op.create_index("ix_events_subject", "events", ["subject"])
    op.drop_index("ix_events_subject_name", "events")
    op.create_index("ix_events_run", "events", ["run_id"])
    op.drop_index("ix_events_run_number", "events")
    op.drop_table("run_figures")
    op.drop_index("ix_runs_started", "runs")
    op.drop_column("runs", "due")
