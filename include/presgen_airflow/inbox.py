"""An event whenever new records lie in the inbox: what the triggerer looks at, beside the schedule."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import structlog
from airflow.triggers.base import BaseEventTrigger, TriggerEvent

from presgen.inbox import Delivery, delivery_in

_log = structlog.get_logger("presgen.inbox")


class InboxTrigger(BaseEventTrigger):
    """Fires once for every delivery. After a restart it may fire for the same one again: its run knows."""

    def __init__(self, folder: str, settle: float = 60.0, pause: float = 20.0) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.folder = folder
        self.settle = settle
        """Seconds for which nobody may have written to any file."""
        self.pause = pause
        """Seconds between two looks."""

    def serialize(self) -> tuple[str, dict[str, Any]]:
        """Return what brings this back in the triggerer."""
        given = {"folder": self.folder, "settle": self.settle, "pause": self.pause}
        return f"{type(self).__module__}.{type(self).__qualname__}", given

    async def run(self) -> AsyncIterator[TriggerEvent]:
        """Look, and yield what is new."""
        known: Delivery | None = None
        while True:
            try:
                found = await asyncio.to_thread(delivery_in, Path(self.folder), self.settle)
            except OSError as error:
                _log.warning("inbox_unreadable", folder=self.folder, cause=type(error).__name__)
                found = None
            if found is not None and found != known:
                known = found
                yield TriggerEvent(found.model_dump())  # type: ignore[no-untyped-call]
            await asyncio.sleep(self.pause)


def newest(events: Any) -> Delivery:
    """Return the delivery that the newest of the events that started a run tells of."""
    told = [event for some in events.values() for event in some]
    last = max(told, key=lambda event: str(event.timestamp))
    return Delivery.model_validate(last.extra["payload"])
