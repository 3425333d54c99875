"""What was ordered one by one, by whom, and who was told how it ended.

An order is noted before its run is started: asking again finds it, whatever became of the first answer.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from types import MappingProxyType
from typing import Any

from sqlalchemy import Engine, Select, Table, exists, select, update

from presgen.ledger import schema
from presgen.ledger.entries import NoticeState, OrderEntry, OrderState
from presgen.ledger.statements import put_new
from presgen.ledger.transactions import age, ago, now, reading, writing

WAYS: Mapping[OrderState, frozenset[OrderState]] = MappingProxyType(
    {
        OrderState.RESERVED: frozenset({OrderState.STARTED, OrderState.CANCELLED, OrderState.LOST}),
        # To RESERVED: it is wanted again.
        OrderState.STARTED: frozenset({OrderState.CANCELLED, OrderState.LOST, OrderState.RESERVED}),
        OrderState.CANCELLED: frozenset({OrderState.RESERVED}),
        # To STARTED: whoever was to start it was only slow.
        OrderState.LOST: frozenset({OrderState.STARTED, OrderState.RESERVED}),
    }
)
"""Where an order may go from where it stands. What was cancelled is never started by whoever comes late."""

STALE = timedelta(minutes=3)
"""A notice that was claimed longer ago was claimed by somebody who is dead: sending is given up before."""

LONGEST = timedelta(days=3)
"""How long after its run's end somebody is told at all how an order ended."""


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
            put_new(connection, table, values)
            return OrderEntry.model_validate(dict(connection.execute(found).mappings().one()))

    def move(self, video_id: str, to: OrderState, seen: OrderEntry | None = None) -> bool:
        """Note how far an order has come; False: it may not go there from where it stands by now.

        Of two who move it at once, the second finds what the first has made of it. One that stands there
        already stays as it is. An order that has moved since it was ``seen`` stays where it is, too.
        """
        table = schema.orders
        origins = [origin.value for origin, ends in WAYS.items() if to in ends]
        there = table.c.video_id == video_id
        if seen is not None:
            there &= (table.c.state == seen.state.value) & (table.c.changed == seen.changed)
        with writing(self._engine) as connection:
            moved = connection.execute(
                update(table).where(there, table.c.state.in_(origins)).values(state=to.value, changed=now())
            )
            if moved.rowcount:
                return True
            return connection.execute(select(table.c.state).where(there)).scalar() == to.value

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

    def waiting(self, since: timedelta, video_id: str | None = None) -> tuple[OrderEntry, ...]:
        """Return orders, or that one, that nobody is known to work on, the one first that changed first.

        They have stood as they are for so long at least, and no run of theirs has entered a lesson or ended.
        """
        table, links, runs = schema.orders, schema.run_lessons, schema.runs
        begun = exists().where(links.c.run_id == table.c.run_id, links.c.lesson_id == table.c.lesson_id)
        over = exists().where(runs.c.run_id == table.c.run_id, runs.c.ended.is_not(None))
        statement = select(table).where(
            table.c.state.in_([OrderState.RESERVED.value, OrderState.STARTED.value]),
            table.c.changed < ago(since),
            ~begun,
            ~over,
        )
        if video_id is not None:
            statement = statement.where(table.c.video_id == video_id)
        return self._found(statement.order_by(table.c.changed, table.c.video_id))

    def untold(self, within: timedelta = LONGEST) -> tuple[OrderEntry, ...]:
        """Return orders whose run has ended within that time, where somebody may still have to be told.

        The one that ended first comes first. Some may have been told before of the very end they came to.
        """
        table, runs, notices = schema.orders, schema.runs, schema.notices
        settled = exists().where(
            notices.c.video_id == table.c.video_id,
            notices.c.outcome.in_([NoticeState.DELIVERED.value, NoticeState.REFUSED.value]),
            notices.c.changed >= runs.c.ended,
        )
        statement = (
            select(table)
            .join(runs, runs.c.run_id == table.c.run_id)
            .where(table.c.webhook != "", runs.c.ended >= ago(within), ~settled)
        )
        return self._found(statement.order_by(runs.c.ended, table.c.video_id))

    def claim_notice(self, video_id: str, state: str, rested: timedelta = timedelta(0)) -> bool:
        """Take on telling that a video has come to that state; False: it arrived, or it is not time yet.

        Not yet are those that somebody is at, who is not dead (`STALE`), and those that were tried less than
        ``rested`` ago.
        """
        table = schema.notices
        row = {"video_id": video_id, "state": state}
        claimed = {"outcome": NoticeState.CLAIMED.value, "changed": now()}
        with writing(self._engine) as connection:
            if put_new(connection, table, {**row, **claimed}):
                return True
            found = connection.execute(select(table).filter_by(**row)).mappings().one()
            outcome = NoticeState(found["outcome"])
            least = max(rested, STALE) if outcome is NoticeState.CLAIMED else rested
            if outcome is NoticeState.DELIVERED or age(found["changed"]) < least:
                return False
            taken = connection.execute(
                update(table)
                .filter_by(**row, outcome=found["outcome"], changed=found["changed"])
                .values(**claimed)
            )
            return bool(taken.rowcount)

    def note_notice(self, video_id: str, state: str, outcome: NoticeState) -> None:
        """Note what became of telling. What has arrived, by whomever it was sent, stays so."""
        table = schema.notices
        with writing(self._engine) as connection:
            connection.execute(
                update(table)
                .filter_by(video_id=video_id, state=state)
                .where(table.c.outcome != NoticeState.DELIVERED.value)
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
        return self._found(select(table).filter_by(**where).order_by(table.c.at, table.c.video_id))

    def _found(self, statement: Select[Any]) -> tuple[OrderEntry, ...]:
        with reading(self._engine) as connection:
            return tuple(
                OrderEntry.model_validate(dict(row)) for row in connection.execute(statement).mappings()
            )
