"""Runs migrations within the transaction that `presgen.ledger.opening.migrate` has opened."""

from __future__ import annotations

from alembic import context

from presgen.ledger.schema import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    transactional_ddl=True,
    compare_type=True,
)
context.run_migrations()
