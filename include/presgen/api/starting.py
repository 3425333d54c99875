"""An order's run is started: once, whoever asks for it, and never after somebody has cancelled the order.

Two places have to agree, the ledger and the scheduler, and nobody can change both at once. So whoever cancels
notes it first and stops the run then; whoever starts the run notes it afterwards, and stops it again where
the order was cancelled meanwhile. Whichever comes first, one of them finds the other.

Whoever starts runs may die on the way, and runs may be removed from the scheduler. So an order that has
waited for a while is looked for there by whoever asks about it next, and where nobody makes it, it is lost:
that is told as a failure, and a retry starts it.
"""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict
from datetime import timedelta
from weakref import WeakKeyDictionary, WeakValueDictionary

from fastapi import Request

from presgen import orders
from presgen.api.desk import Desk, TheDesk
from presgen.api.problems import Refusal, not_found
from presgen.errors import PresGenError
from presgen.ledger import Ledger, OrderEntry, OrderState
from presgen.model.learner import AssessmentRecord
from presgen.orders import OrderChoices

PATIENCE = timedelta(seconds=90)
"""How long an order may wait before its run is looked for; starting one takes seconds."""
AGAIN = 30.0
"""Seconds until the same order is looked for again."""
AT_ONCE = 5
"""Orders that are looked for on behalf of one request for a list."""

_MOST_KNOWN = 2_000
_ALIVE = ("queued", "running")
_TO_START = (OrderState.RESERVED, OrderState.LOST)
_turns: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
"""One request at a time starts an order's run. Between processes, the run's id sees to that: Airflow takes it
once, but logs a traceback for each of the others."""
_looked: WeakKeyDictionary[Ledger, OrderedDict[str, float]] = WeakKeyDictionary()
"""When each order was last looked for, and any (by an empty id); here, in seconds of this process's clock."""


async def start(
    request: Request,
    desk: Desk,
    video_id: str,
    choices: OrderChoices,
    record: AssessmentRecord | None = None,
) -> OrderState:
    """Start an order's run, unless that was done, and return where the order stands then.

    Args:
        request: of whoever asks; the run is started in their name.
        desk: what the API works with.
        video_id: the order.
        choices: what the run is to do otherwise than others.
        record: the order's; None: it is kept already.

    Raises:
        Refusal: the scheduler does not let them, or the order was erased meanwhile.
        RunsUnavailable: the scheduler is away; the run may have been started.
    """
    async with _turns.setdefault(video_id, asyncio.Lock()):
        # Whoever had the turn before may have started it.
        noted = await asyncio.to_thread(desk.ledger.orders.order, video_id)
        if noted is None:
            raise not_found("video")
        if noted.state not in _TO_START:
            return noted.state
        if record is not None:
            await asyncio.to_thread(orders.keep_record, desk.workspace, video_id, record, choices)
        try:
            await desk.runs.start(request, noted.run_id, orders.conf_of(video_id, choices))
        except Refusal:
            # Whoever may not start runs leaves no record behind. When the scheduler is away, it stays: it may
            # have got through.
            if await moved(desk, video_id, OrderState.LOST, noted) and record is not None:
                await asyncio.to_thread(orders.forget_records, desk.workspace, [video_id])
            raise
        if await moved(desk, video_id, OrderState.STARTED):
            return OrderState.STARTED
        # Somebody has cancelled it, and found no run to stop.
        await desk.runs.stop(request, noted.run_id)
        return OrderState.CANCELLED


async def moved(desk: Desk, video_id: str, to: OrderState, seen: OrderEntry | None = None) -> bool:
    """Note how far an order has come; return whether it may go there from where it stands by now.

    Where it was ``seen`` before, it must stand as it did then.
    """
    return await asyncio.to_thread(desk.ledger.orders.move, video_id, to, seen)


async def settle_orders(request: Request, desk: TheDesk) -> None:
    """Look for the runs of orders that have waited for long; a dependency.

    For the video that the request is about, or for a few of all. What is away now is looked for next time.
    """
    video_id: str | None = request.path_params.get("video_id")
    looked = _looked.setdefault(desk.ledger, OrderedDict())
    if (video_id is not None and not orders.VIDEO_ID.fullmatch(video_id)) or _is_known(
        looked, video_id or ""
    ):
        return
    waiting = await asyncio.to_thread(desk.ledger.orders.waiting, PATIENCE, video_id)
    for order in sorted(waiting, key=lambda each: looked.get(each.video_id, 0.0))[:AT_ONCE]:
        looked[order.video_id] = time.monotonic()
        try:
            state = await desk.runs.state(request, order.run_id)
            to = OrderState.STARTED if state in _ALIVE else OrderState.LOST
            await moved(desk, order.video_id, to, order)
        except (Refusal, PresGenError):
            return  # nobody is kept waiting for the next one's


def _is_known(looked: OrderedDict[str, float], video_id: str) -> bool:
    """Return whether an order was looked for a moment ago; if not, it is from now on."""
    now = time.monotonic()
    if video_id in looked and now - looked[video_id] < AGAIN:
        return True
    looked[video_id] = now
    looked.move_to_end(video_id)
    while len(looked) > _MOST_KNOWN:
        looked.popitem(last=False)
    return False
