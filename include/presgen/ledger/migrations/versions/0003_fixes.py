"""What was fixed, every attempt at a section, what people approved, and findings in full."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_ID = sa.String(300)
_DIGEST = sa.String(64)
_MOMENT = sa.String(32)

_OF_FINDINGS = (("until", sa.Float), ("measured", sa.Text), ("limit", sa.Text), ("remedy", sa.String(40)))


def upgrade() -> None:
    for name, kind in _OF_FINDINGS:
        # May be empty, so that tasks of the release before go on writing rows while both are at work.
        op.add_column("findings", sa.Column(name, kind))
    op.create_table(
        "fixes",
        sa.Column("run_id", _ID, sa.ForeignKey("runs.run_id"), primary_key=True),
        sa.Column("subject", _ID, primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("round", sa.Integer, nullable=False),
        sa.Column("fix", sa.String(40), nullable=False),
        sa.Column("facts", sa.Text, nullable=False),
    )
    op.create_table(
        "attempts",
        sa.Column(
            "number",
            sa.BigInteger().with_variant(sa.Integer, "sqlite"),
            primary_key=True,
            autoincrement=True,
        ),
        sa.Column("at", _MOMENT, nullable=False),
        sa.Column("run_id", _ID, nullable=False),
        sa.Column("key", _DIGEST, nullable=False),
        sa.Column("outcome", sa.String(40), nullable=False),
        sa.Column("cause", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
    )
    op.create_index("ix_attempts_key", "attempts", ["key"])
    op.create_table(
        "approvals",
        sa.Column("subject", _ID, primary_key=True),
        sa.Column("at", _MOMENT, nullable=False),
        sa.Column("run_id", _ID, nullable=False),
        sa.Column("approved", sa.Boolean, nullable=False),
        sa.Column("by", sa.Text, nullable=False),
    )


def downgrade() -> None:
    for table in ("approvals", "attempts", "fixes"):
        op.drop_table(table)
    for name, _ in reversed(_OF_FINDINGS):
        op.drop_column("findings", name)
