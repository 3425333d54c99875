"""The trail's head moves from one event to the next, and in no other way."""

from __future__ import annotations

from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

_ASTRAY = "NEW.id <> OLD.id OR NEW.number <> OLD.number + 1 OR NEW.nodes < OLD.nodes"
_GUARDS = {
    "trail_head_moves_on": f"BEFORE UPDATE ON trail_head FOR EACH ROW WHEN ({_ASTRAY})",
    "trail_head_is_one": "BEFORE INSERT ON trail_head FOR EACH ROW",
    "trail_head_is_kept": "BEFORE DELETE ON trail_head FOR EACH ROW",
}


def upgrade() -> None:
    for name, when in _GUARDS.items():
        if op.get_bind().dialect.name == "postgresql":
            op.execute(f"CREATE TRIGGER {name} {when} EXECUTE FUNCTION presgen_events_are_kept()")
        else:
            op.execute(
                f"CREATE TRIGGER {name} {when} "
                "BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END"
            )


def downgrade() -> None:
    for name in _GUARDS:
        table = " ON trail_head" if op.get_bind().dialect.name == "postgresql" else ""
        op.execute(f"DROP TRIGGER {name}{table}")
