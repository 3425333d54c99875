"""The tables of the audit trail, as the newest migration leaves them.

What is kept for ever says nothing about anybody: nodes are digests, and those of personal facts are keyed
with the person's salt. What they stand for is in ``trail_facts``. When a learner is erased, facts and salt
are deleted, and nothing that is left can be tied to them or tried against a guess.

Nodes are numbered as they come, and by these numbers facts and edges are kept: what one step adds lies
together then. By digests, which lie anywhere, each edge of a lesson would change other pages of the database.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Float, Index, Integer, String, Table, Text

from presgen.ledger.schema import metadata

_ID = String(300)
_DIGEST = String(64)
_MOMENT = String(32)
_NUMBER = BigInteger().with_variant(Integer, "sqlite")

events = Table(
    "trail_events",
    metadata,
    Column("number", _NUMBER, primary_key=True, autoincrement=False),
    Column("at", _MOMENT, nullable=False),
    Column("run_id", _ID, nullable=False),
    Column("step", String(100), nullable=False),
    Column("person", _DIGEST, nullable=False),
    Column("content", _DIGEST, nullable=False),
    Column("previous", _DIGEST, nullable=False, unique=True),
    Column("digest", _DIGEST, nullable=False, unique=True),
)

head = Table(
    "trail_head",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("number", _NUMBER, nullable=False),
    Column("digest", _DIGEST, nullable=False),
    Column("nodes", _NUMBER, nullable=False, server_default="0"),
)
"""One row: where the chain ends, and how many nodes were numbered. Whoever appends moves it, and only from
where they have seen it."""

nodes = Table(
    "trail_nodes",
    metadata,
    Column("number", _NUMBER, primary_key=True, autoincrement=False),
    Column("node", _DIGEST, nullable=False, unique=True),
    Column("event", _NUMBER, nullable=False),
)

edges = Table(
    "trail_edges",
    metadata,
    Column("child", _NUMBER, primary_key=True, autoincrement=False),
    Column("parent", _NUMBER, primary_key=True, autoincrement=False),
    Column("event", _NUMBER, nullable=False),
    Index("ix_trail_edges_parent", "parent"),
)
"""By their nodes' numbers."""

people = Table(
    "trail_people",
    metadata,
    Column("pseudonym", _ID, primary_key=True),
    Column("person", _DIGEST, nullable=False),
    Column("salt", _DIGEST, nullable=False),
    Index("ix_trail_people_person", "person"),
)

facts = Table(
    "trail_facts",
    metadata,
    Column("number", _NUMBER, primary_key=True, autoincrement=False),
    Column("owner", _ID, nullable=False),
    Column("lesson", _ID, nullable=False),
    Column("kind", String(40), nullable=False),
    Column("name", _ID, nullable=False),
    Column("starts", Float),
    Column("ends", Float),
    Column("body", Text, nullable=False),
    Index("ix_trail_facts_name", "kind", "name", "starts"),
    Index("ix_trail_facts_lesson", "lesson", "kind"),
    Index("ix_trail_facts_owner", "owner"),
)
"""By their nodes' numbers."""

erasures = Table(
    "erasures",
    metadata,
    Column("pseudonym", _ID, primary_key=True),
    Column("subject", _ID, primary_key=True),
    Column("at", _MOMENT, nullable=False),
)
"""What is being erased of whom: its events may be deleted. Empty at all other times."""
