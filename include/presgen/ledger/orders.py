"""What was ordered one by one, by whom, and who was told how it ended.

An order is noted before its run is started: asking again finds it, whatever became of the first answer.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Engine, Table, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from presgen.ledger import schema
from presgen.ledger.entries import NoticeState, OrderEntry, OrderState
from presgen.ledger.transactions import now, reading, writing


class Orders:
    """Orders and the notices of their ends. All methods raise StoreUnavailable as the ledger's do."""

    def __init__(self, engine: Engine) -> None:
        """Take a database whose tables are up to date."""
        self._engine = engine

    def reserve(
        self,
        video_id: str,
        *,
        by: str,
        key: str | None,
        body: str,
        pseudonym: str,
        lesson_id: str,
        run_id: str,
        webhook: str = "",
    ) -> OrderEntry:
        """Note an order, and return it; where that person has used that key before, the order from then.

        The first to come decides, whoever asks at the same time. Without a key every order is a new one.
        """
        moment = now()
        values = {
            "video_id": video_id,
            "at": moment,
            "by": by,
            "key": key,
            "body": body,
            "pseudonym": pseudonym,
            "lesson_id": lesson_id,
            "run_id": run_id,
            "webhook": webhook,
            "state": OrderState.RESERVED.value,
            "changed": moment,
        }
        table = schema.orders
        found = select(table)
        found = found.filter_by(video_id=video_id) if key is None else found.filter_by(by=by, key=key)
        with writing(self._engine) as connection:
            dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
            connection.execute(dialect.insert(table).values(**values).on_conflict_do_nothing())
            return OrderEntry.model_validate(dict(connection.execute(found).mappings().one()))

    def move(self, video_id: str, to: OrderState) -> None:
        """Note how far an order has come. What was cancelled stays so until it is started again."""
        table = schema.orders
        with writing(self._engine) as connection:
            connection.execute(
                update(table).where(table.c.video_id == video_id).values(state=to.value, changed=now())
            )

    def order(self, video_id: str) -> OrderEntry | None:
        """Return the order of that video; None: nobody has ordered it."""
        found = self._orders(video_id=video_id)
        return found[0] if found else None

    def of_run(self, run_id: str) -> tuple[OrderEntry, ...]:
        """Return what that run was started for; nothing for a night's."""
        return self._orders(run_id=run_id)

    def of_lesson(self, lesson_id: str) -> tuple[OrderEntry, ...]:
        """Return the orders that the lesson answers, the first one first."""
        return self._orders(lesson_id=lesson_id)

    def of_learner(self, pseudonym: str) -> tuple[OrderEntry, ...]:
        """Return what was ordered for that learner, the first one first."""
        return self._orders(pseudonym=pseudonym)

    def all(self) -> tuple[OrderEntry, ...]:
        """Return all orders, the first one first."""
        return self._orders()

    def claim_notice(self, video_id: str, state: str) -> bool:
        """Take on telling that a video has come to that state; False: somebody has, and it may have arrived.

        What is known not to have arrived may be claimed again.
        """
        table = schema.notices
        row = {"video_id": video_id, "state": state}
        with writing(self._engine) as connection:
            noted = connection.execute(select(table.c.outcome).filter_by(**row)).scalar()
            if noted not in (None, NoticeState.REFUSED.value):
                return False
            claimed = {"outcome": NoticeState.CLAIMED.value, "changed": now()}
            if noted is None:
                connection.execute(insert(table).values(**row, **claimed))
            else:
                connection.execute(update(table).filter_by(**row).values(**claimed))
        return True

    def note_notice(self, video_id: str, state: str, outcome: NoticeState) -> None:
        """Note what became of telling."""
        table = schema.notices
        with writing(self._engine) as connection:
            connection.execute(
                update(table)
                .filter_by(video_id=video_id, state=state)
                .values(outcome=outcome.value, changed=now())
            )

    def notices(self, video_id: str) -> dict[str, NoticeState]:
        """Return what became of telling of that video, by the state it had come to."""
        table: Table = schema.notices
        statement = select(table.c.state, table.c.outcome).where(table.c.video_id == video_id)
        with reading(self._engine) as connection:
            return {row.state: NoticeState(row.outcome) for row in connection.execute(statement)}

    def _orders(self, **where: Any) -> tuple[OrderEntry, ...]:
        table = schema.orders
        statement = select(table).filter_by(**where).order_by(table.c.at, table.c.video_id)
        with reading(self._engine) as connection:
            return tuple(
                OrderEntry.model_validate(dict(row)) for row in connection.execute(statement).mappings()
            )
