"""Send a notice by every channel that has not carried it yet: reserve, send, note."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from enum import StrEnum

import structlog

from presgen.alerting.notice import Notice
from presgen.ledger import Ledger
from presgen.ledger.alerts import STALE, Claim

_log = structlog.get_logger("presgen.alerting")


class Told(StrEnum):
    """What became of a notice on one channel."""

    SENT = "sent"
    BEFORE = "before"
    """It was sent by somebody else, or by us in an earlier life."""
    BUSY = "busy"
    """Somebody is at it, or has died at it a moment ago: come again."""
    FAILED = "failed"
    """It could not be sent: come again."""

    @property
    def settled(self) -> bool:
        """Whether there is nothing left to do."""
        return self in (Told.SENT, Told.BEFORE)


Channel = Callable[[Notice], None]
"""Carries a notice, or raises."""


def tell(
    ledger: Ledger, notice: Notice, channels: Mapping[str, Channel], stale: timedelta = STALE
) -> dict[str, Told]:
    """Send the notice by each channel, once a night and topic, and return what became of it on each.

    Whoever carries it may have it, although the answer was lost: then it is sent again, with the same id.

    Raises:
        StoreUnavailable: the ledger is away.
    """
    return {name: _tell(ledger, notice, name, send, stale) for name, send in channels.items()}


def _tell(ledger: Ledger, notice: Notice, name: str, send: Channel, stale: timedelta) -> Told:
    about = (notice.run_id, notice.topic.value, name)
    claim = ledger.alerts.reserve(*about, notice.kind.value, stale)
    if claim is not Claim.OURS:
        return Told.BEFORE if claim is Claim.SENT else Told.BUSY
    facts = {"run": notice.run_id, "kind": notice.kind.value, "channel": name}
    try:
        send(notice)
    except Exception as error:  # noqa: BLE001 - whatever it is, the night goes on, and somebody tries again
        ledger.alerts.release(*about)
        _log.warning("alert_not_sent", **facts, cause=type(error).__name__, reason=str(error)[:300])
        return Told.FAILED
    ledger.alerts.note_sent(*about)
    _log.info("alert_sent", **facts, title=notice.title)
    return Told.SENT
