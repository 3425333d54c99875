"""The audit trail: a chain of events, what they seal, and who may be erased from it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_ID = sa.String(300)
_DIGEST = sa.String(64)
_MOMENT = sa.String(32)
_NUMBER = sa.BigInteger().with_variant(sa.Integer, "sqlite")

_GENESIS = "c28dfe7b22488c0d0b4f9e5ee016663281272912b092fad7315d6b00a290fac2"
_KEPT = ("trail_events", "trail_nodes", "trail_edges")
_UNCHANGED = ("trail_facts", "trail_people")
"""Their rows may go, when somebody is erased, but not change."""
_TABLES = (
    "erasures",
    "trail_facts",
    "trail_people",
    "trail_edges",
    "trail_nodes",
    "trail_head",
    "trail_events",
)


def upgrade() -> None:
    op.create_table(
        "trail_events",
        sa.Column("number", _NUMBER, primary_key=True, autoincrement=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.Column("run_id", _ID, nullable=False),
        sa.Column("step", sa.String(100), nullable=False),
        sa.Column("person", _DIGEST, nullable=False),
        sa.Column("content", _DIGEST, nullable=False),
        sa.Column("previous", _DIGEST, nullable=False, unique=True),
        sa.Column("digest", _DIGEST, nullable=False, unique=True),
    )
    head = op.create_table(
        "trail_head",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("number", _NUMBER, nullable=False),
        sa.Column("digest", _DIGEST, nullable=False),
    )
    op.bulk_insert(head, [{"id": 1, "number": 0, "digest": _GENESIS}])
    op.create_table(
        "trail_nodes",
        sa.Column("node", _DIGEST, primary_key=True),
        sa.Column("event", _NUMBER, nullable=False),
    )
    op.create_index("ix_trail_nodes_event", "trail_nodes", ["event"])
    op.create_table(
        "trail_edges",
        sa.Column("child", _DIGEST, primary_key=True),
        sa.Column("parent", _DIGEST, primary_key=True),
        sa.Column("event", _NUMBER, nullable=False),
    )
    op.create_index("ix_trail_edges_parent", "trail_edges", ["parent"])
    op.create_index("ix_trail_edges_event", "trail_edges", ["event"])
    op.create_table(
        "trail_people",
        sa.Column("pseudonym", _ID, primary_key=True),
        sa.Column("person", _DIGEST, nullable=False),
        sa.Column("salt", _DIGEST, nullable=False),
    )
    op.create_index("ix_trail_people_person", "trail_people", ["person"])
    op.create_table(
        "trail_facts",
        sa.Column("node", _DIGEST, primary_key=True),
        sa.Column("owner", _ID, nullable=False),
        sa.Column("lesson", _ID, nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("name", _ID, nullable=False),
        sa.Column("starts", sa.Float),
        sa.Column("ends", sa.Float),
        sa.Column("body", sa.Text, nullable=False),
    )
    op.create_index("ix_trail_facts_name", "trail_facts", ["kind", "name", "starts"])
    op.create_index("ix_trail_facts_lesson", "trail_facts", ["lesson", "kind"])
    op.create_index("ix_trail_facts_owner", "trail_facts", ["owner"])
    op.create_table(
        "erasures",
        sa.Column("pseudonym", _ID, primary_key=True),
        sa.Column("subject", _ID, primary_key=True),
        sa.Column("at", _MOMENT, nullable=False),
    )
    if op.get_bind().dialect.name == "postgresql":
        _guard_on_postgresql()
    else:
        _guard_on_sqlite()


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP TRIGGER events_are_kept ON events")
        op.execute(
            "CREATE TRIGGER events_are_kept BEFORE UPDATE OR DELETE ON events "
            "FOR EACH ROW EXECUTE FUNCTION presgen_events_are_kept()"
        )
    else:
        op.execute("DROP TRIGGER events_keep_delete")
        op.execute(
            "CREATE TRIGGER events_keep_delete BEFORE DELETE ON events "
            "BEGIN SELECT RAISE(ABORT, 'events are append-only'); END"
        )
    for table in _TABLES:
        op.drop_table(table)
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION presgen_events_go_with_their_subject()")


def _guard_on_sqlite() -> None:
    for table in _KEPT:
        for change in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_{change.lower()} BEFORE {change} ON {table} "
                "BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END"
            )
    for table in _UNCHANGED:
        op.execute(
            f"CREATE TRIGGER {table}_update BEFORE UPDATE ON {table} "
            "BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END"
        )
    op.execute("DROP TRIGGER events_keep_delete")
    op.execute(
        "CREATE TRIGGER events_keep_delete BEFORE DELETE ON events "
        "WHEN NOT EXISTS (SELECT 1 FROM erasures WHERE subject = OLD.subject) "
        "BEGIN SELECT RAISE(ABORT, 'events are append-only'); END"
    )


def _guard_on_postgresql() -> None:
    for table in _KEPT:
        op.execute(
            f"CREATE TRIGGER {table}_are_kept BEFORE UPDATE OR DELETE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION presgen_events_are_kept()"
        )
    for table in _UNCHANGED:
        op.execute(
            f"CREATE TRIGGER {table}_are_kept BEFORE UPDATE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION presgen_events_are_kept()"
        )
    op.execute(
        "CREATE FUNCTION presgen_events_go_with_their_subject() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN IF TG_OP = 'DELETE' AND EXISTS (SELECT 1 FROM erasures WHERE subject = OLD.subject) "
        "THEN RETURN OLD; END IF; RAISE EXCEPTION 'events are append-only'; END $$"
    )
    op.execute("DROP TRIGGER events_are_kept ON events")
    op.execute(
        "CREATE TRIGGER events_are_kept BEFORE UPDATE OR DELETE ON events "
        "FOR EACH ROW EXECUTE FUNCTION presgen_events_go_with_their_subject()"
    )
