"""Work for several processes at once, none of which can stop the others.

A job that raises, and even one that takes its process down with it, costs only itself. When the calling
process dies, whichever way, its workers follow it.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from functools import partial
from multiprocessing import connection
from typing import Generic, TypeVar

import structlog

from presgen.stages import cause_of, reason_of

Item = TypeVar("Item")
Made = TypeVar("Made")

_log = structlog.get_logger("presgen.crew")

DIED = "WorkerDied"


@dataclass(frozen=True, slots=True)
class Outcome(Generic[Item, Made]):
    """What became of one item."""

    item: Item
    made: Made | None
    """None: it failed, and cause and reason say why."""
    cause: str = ""
    reason: str = ""


def run_all(
    job: Callable[[Item], Made],
    items: Sequence[Item],
    *,
    workers: int = 0,
    prepare: Callable[[], None] | None = None,
    on_done: Callable[[Outcome[Item, Made]], None] = lambda _: None,
) -> tuple[Outcome[Item, Made], ...]:
    """Do ``job`` with every item and return the outcomes in the order of the items.

    Args:
        job: a function that survives pickling, as must items and results.
        items: what to do it with.
        workers: how many processes; 0: one for each processor we may use, 1: this one.
        prepare: called once in every worker before its first job.
        on_done: called in this process for each outcome as it comes.
    """
    count = min(workers or available_processors(), len(items))
    if count <= 1:
        return tuple(_alone(job, item, on_done) for item in items)
    found: dict[int, Outcome[Item, Made]] = {}
    suspects = _together(job, items, range(len(items)), count, prepare, found, on_done)
    # A dead worker takes the pool down, and which of the jobs killed it cannot be seen. Each that was not
    # done gets a process of its own, in which it can only kill itself.
    for number in suspects:
        if _together(job, items, [number], 1, prepare, found, on_done):
            found[number] = Outcome(
                items[number], None, DIED, "Its process died while it was made: killed, or out of memory."
            )
            on_done(found[number])
    return tuple(found[number] for number in range(len(items)))


def available_processors() -> int:
    """Return how many processors this process may use, which in a container is fewer than there are."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _alone(
    job: Callable[[Item], Made], item: Item, on_done: Callable[[Outcome[Item, Made]], None]
) -> Outcome[Item, Made]:
    outcome = _attempt(job, item)
    on_done(outcome)
    return outcome


def _together(
    job: Callable[[Item], Made],
    items: Sequence[Item],
    numbers: Sequence[int],
    workers: int,
    prepare: Callable[[], None] | None,
    found: dict[int, Outcome[Item, Made]],
    on_done: Callable[[Outcome[Item, Made]], None],
) -> list[int]:
    """Put the outcomes of those items into ``found``; return the numbers of those that have none."""
    # Forking would copy the locks of threads that do not exist in the child, such as the encoder's.
    context = multiprocessing.get_context("spawn")
    pool = ProcessPoolExecutor(workers, context, initializer=_enter, initargs=(prepare,))
    try:
        futures: dict[Future[Outcome[Item, Made]], int] = {}
        with contextlib.suppress(BrokenProcessPool):
            for number in numbers:
                futures[pool.submit(partial(_attempt, job), items[number])] = number
        for future in as_completed(futures):
            with contextlib.suppress(BrokenProcessPool):
                outcome = future.result()
                found[futures[future]] = outcome
                on_done(outcome)
    finally:
        pool.shutdown(wait=True, cancel_futures=True)
    missing = [number for number in numbers if number not in found]
    if missing:
        _log.warning("worker_died", unfinished=len(missing), workers=workers)
    return missing


def _attempt(job: Callable[[Item], Made], item: Item) -> Outcome[Item, Made]:
    # The outcome travels, not the exception: not every exception survives pickling, and one that does not
    # would look like a dead worker.
    try:
        return Outcome(item, job(item))
    except Exception as error:  # noqa: BLE001 - a crew outlives whatever its jobs do
        return Outcome(item, None, cause_of(error), reason_of(error))


def _enter(prepare: Callable[[], None] | None) -> None:
    """Begin life as a worker."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        # A worker waits for its next job on a pipe that it holds both ends of: it would wait for ever.
        threading.Thread(target=_follow, args=(parent.sentinel,), daemon=True, name="follow-parent").start()
    if prepare is not None:
        prepare()


def _follow(sentinel: int) -> None:
    connection.wait([sentinel])
    os._exit(1)
