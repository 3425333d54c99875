"""Nodes of the trail are numbered, and facts and edges are kept by these numbers."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_ID = sa.String(300)
_DIGEST = sa.String(64)
_NUMBER = sa.BigInteger().with_variant(sa.Integer, "sqlite")

_TABLES = ("trail_nodes", "trail_edges", "trail_facts")
_INDEXES = (
    ("ix_trail_edges_parent", "trail_edges", ["parent"]),
    ("ix_trail_facts_name", "trail_facts", ["kind", "name", "starts"]),
    ("ix_trail_facts_lesson", "trail_facts", ["lesson", "kind"]),
    ("ix_trail_facts_owner", "trail_facts", ["owner"]),
)
_OTHER_INDEXES = (
    ("ix_trail_nodes_event", "trail_nodes", ["event"]),
    ("ix_trail_edges_event", "trail_edges", ["event"]),
)


def upgrade() -> None:
    _set_aside((*_INDEXES, *_OTHER_INDEXES))
    op.create_table(
        "trail_nodes",
        sa.Column("number", _NUMBER, primary_key=True, autoincrement=False),
        sa.Column("node", _DIGEST, nullable=False, unique=True),
        sa.Column("event", _NUMBER, nullable=False),
    )
    op.create_table(
        "trail_edges",
        sa.Column("child", _NUMBER, primary_key=True, autoincrement=False),
        sa.Column("parent", _NUMBER, primary_key=True, autoincrement=False),
        sa.Column("event", _NUMBER, nullable=False),
    )
    op.create_table(
        "trail_facts", sa.Column("number", _NUMBER, primary_key=True, autoincrement=False), *_fact()
    )
    op.execute(
        "INSERT INTO trail_nodes (number, node, event) "
        "SELECT ROW_NUMBER() OVER (ORDER BY event, node), node, event FROM old_trail_nodes"
    )
    op.execute(
        "INSERT INTO trail_edges (child, parent, event) SELECT child.number, parent.number, edge.event "
        "FROM old_trail_edges AS edge "
        "JOIN trail_nodes AS child ON child.node = edge.child "
        "JOIN trail_nodes AS parent ON parent.node = edge.parent "
        "ORDER BY child.number, parent.number"
    )
    op.execute(
        "INSERT INTO trail_facts (number, owner, lesson, kind, name, starts, ends, body) "
        "SELECT number, owner, lesson, kind, name, starts, ends, body FROM old_trail_facts AS fact "
        "JOIN trail_nodes ON trail_nodes.node = fact.node ORDER BY number"
    )
    op.add_column("trail_head", sa.Column("nodes", _NUMBER, nullable=False, server_default="0"))
    op.execute("UPDATE trail_head SET nodes = (SELECT COUNT(*) FROM trail_nodes)")
    _put_in_place(_INDEXES)


def downgrade() -> None:
    _set_aside(_INDEXES)
    op.create_table(
        "trail_nodes",
        sa.Column("node", _DIGEST, primary_key=True),
        sa.Column("event", _NUMBER, nullable=False),
    )
    op.create_table(
        "trail_edges",
        sa.Column("child", _DIGEST, primary_key=True),
        sa.Column("parent", _DIGEST, primary_key=True),
        sa.Column("event", _NUMBER, nullable=False),
    )
    op.create_table("trail_facts", sa.Column("node", _DIGEST, primary_key=True), *_fact())
    op.execute("INSERT INTO trail_nodes (node, event) SELECT node, event FROM old_trail_nodes")
    op.execute(
        "INSERT INTO trail_edges (child, parent, event) SELECT child.node, parent.node, edge.event "
        "FROM old_trail_edges AS edge "
        "JOIN old_trail_nodes AS child ON child.number = edge.child "
        "JOIN old_trail_nodes AS parent ON parent.number = edge.parent"
    )
    op.execute(
        "INSERT INTO trail_facts (node, owner, lesson, kind, name, starts, ends, body) "
        "SELECT node, owner, lesson, kind, name, starts, ends, body FROM old_trail_facts AS fact "
        "JOIN old_trail_nodes AS sealed ON sealed.number = fact.number"
    )
    op.drop_column("trail_head", "nodes")
    _put_in_place((*_INDEXES, *_OTHER_INDEXES))


def _fact() -> list[sa.Column[Any]]:
    return [
        sa.Column("owner", _ID, nullable=False),
        sa.Column("lesson", _ID, nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("name", _ID, nullable=False),
        sa.Column("starts", sa.Float),
        sa.Column("ends", sa.Float),
        sa.Column("body", sa.Text, nullable=False),
    ]


def _set_aside(indexes: tuple[tuple[str, str, list[str]], ...]) -> None:
    """Give the tables other names, without what keeps their rows."""
    for name, table, _ in indexes:
        op.drop_index(name, table_name=table)
    for table in _TABLES:
        if op.get_bind().dialect.name == "postgresql":
            op.execute(f"DROP TRIGGER {table}_are_kept ON {table}")
        else:
            for change in _kept_from(table):
                op.execute(f"DROP TRIGGER {table}_{change.lower()}")
        op.rename_table(table, f"old_{table}")


def _put_in_place(indexes: tuple[tuple[str, str, list[str]], ...]) -> None:
    """Drop the old tables, and keep the rows of the new ones."""
    for table in _TABLES:
        op.drop_table(f"old_{table}")
        if op.get_bind().dialect.name == "postgresql":
            op.execute(
                f"CREATE TRIGGER {table}_are_kept BEFORE {' OR '.join(_kept_from(table))} ON {table} "
                "FOR EACH ROW EXECUTE FUNCTION presgen_events_are_kept()"
            )
        else:
            for change in _kept_from(table):
                op.execute(
                    f"CREATE TRIGGER {table}_{change.lower()} BEFORE {change} ON {table} "
                    "BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END"
                )
    for name, table, columns in indexes:
        op.create_index(name, table, columns)


def _kept_from(table: str) -> tuple[str, ...]:
    """Return the changes that no row of the table goes through. Facts go, when somebody is erased."""
    return ("UPDATE",) if table == "trail_facts" else ("UPDATE", "DELETE")
