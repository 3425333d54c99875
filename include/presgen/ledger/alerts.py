"""Who was told what of a night: an alert goes out once, whoever sees the reason for it and however often.

It is reserved, sent, and noted as sent. Whoever dies between the last two leaves a reservation; after a while
somebody else takes it over and sends again, since an alert that comes twice is better than none. The message
has the same id then, by which mail clients show it once.
"""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum

from sqlalchemy import Engine, select, update

from presgen.ledger import schema
from presgen.ledger.statements import put_new
from presgen.ledger.transactions import age, now, reading, writing
from presgen.model.base import Model

STALE = timedelta(seconds=90)
"""A reservation older than this was made by somebody who is dead: sending is given up well before."""


class Claim(StrEnum):
    """Whose turn it is to send an alert."""

    OURS = "ours"
    BUSY = "busy"
    """Somebody is at it, or has died less than `STALE` ago."""
    SENT = "sent"


class AlertEntry(Model):
    """An alert that was sent, or is about to be."""

    run_id: str
    topic: str
    """What it is about: of each topic a night sends one."""
    channel: str
    kind: str
    reserved: str
    """Empty: nobody is at it, and it is known not to have arrived."""
    sent: str
    """Empty: it has not been sent."""
    tries: int


class Alerts:
    """The alerts of all nights. All methods raise StoreUnavailable as the ledger's do."""

    def __init__(self, engine: Engine) -> None:
        """Take a database whose tables are up to date."""
        self._engine = engine

    def reserve(self, run_id: str, topic: str, channel: str, kind: str, stale: timedelta = STALE) -> Claim:
        """Take on sending an alert, if nobody has sent it and nobody who may be alive is at it."""
        table = schema.alerts
        key = {"run_id": run_id, "topic": topic, "channel": channel}
        moment = now()
        with writing(self._engine) as connection:
            if put_new(connection, table, {**key, "kind": kind, "reserved": moment, "sent": "", "tries": 1}):
                return Claim.OURS
            found = connection.execute(select(table).filter_by(**key)).mappings().one()
            if found["sent"]:
                return Claim.SENT
            if found["reserved"] and age(found["reserved"]) < stale:
                return Claim.BUSY
            taken = connection.execute(
                update(table)
                .filter_by(**key, reserved=found["reserved"], sent="")
                .values(kind=kind, reserved=moment, tries=found["tries"] + 1)
            )
            return Claim.OURS if taken.rowcount else Claim.BUSY

    def release(self, run_id: str, topic: str, channel: str) -> None:
        """Note that an alert has certainly not arrived: whoever comes next may send it."""
        self._note(run_id, topic, channel, reserved="")

    def note_sent(self, run_id: str, topic: str, channel: str) -> None:
        """Note that an alert was taken by whoever carries it."""
        self._note(run_id, topic, channel, sent=now())

    def of_run(self, run_id: str) -> tuple[AlertEntry, ...]:
        """Return the alerts of a run, sent or not, sorted by topic and channel."""
        table = schema.alerts
        statement = select(table).filter_by(run_id=run_id).order_by(table.c.topic, table.c.channel)
        with reading(self._engine) as connection:
            return tuple(
                AlertEntry.model_validate(dict(row)) for row in connection.execute(statement).mappings()
            )

    def _note(self, run_id: str, topic: str, channel: str, **values: str) -> None:
        table = schema.alerts
        with writing(self._engine) as connection:
            connection.execute(
                update(table).filter_by(run_id=run_id, topic=topic, channel=channel, sent="").values(**values)
            )
