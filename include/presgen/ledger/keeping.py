"""Connections are kept from one transaction to the next, and none of them crosses a fork.

Whoever is the last to close SQLite's file writes its log back into it and flushes both: closing after every
transaction costs several times what the transaction does. So connections stay open. A forked process, though,
inherits what SQLite remembers of its locks and none of the locks: it would believe to hold what it does not,
even on connections of its own. So before a fork all transactions come to an end and all connections are
closed; parent and child open others when they next need some.
https://sqlite.org/howtocorrupt.html, 2.6
"""

from __future__ import annotations

import os
import threading
from collections import Counter, OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from weakref import WeakSet

from sqlalchemy import Engine, event
from sqlalchemy.engine import URL

from presgen.errors import StoreUnavailable

KEPT = 2
"""Ledgers that a process keeps open, the last ones it used. A deployment has one; tests have hundreds."""

AT_FORK = 10.0
"""Seconds that a fork waits for other threads' transactions. They take milliseconds."""


class _Gate:
    """Transactions enter and leave; while the process forks, none enters."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._inside: Counter[int] = Counter()
        """How many transactions each thread is in."""
        self._shut = False

    @contextmanager
    def passed(self) -> Iterator[None]:
        """Stay inside for the length of the block."""
        thread = threading.get_ident()
        with self._changed:
            # Whoever is inside goes on, or nobody would ever come out.
            self._changed.wait_for(lambda: not self._shut or self._inside[thread] > 0)
            self._inside[thread] += 1
        try:
            yield
        finally:
            with self._changed:
                self._inside[thread] -= 1
                if not self._inside[thread]:
                    del self._inside[thread]
                self._changed.notify_all()

    def shut(self) -> bool:
        """Let nobody in, and wait until all are out; return whether they are."""
        with self._changed:
            self._shut = True
            # What this thread is in the middle of cannot end before it forks.
            if threading.get_ident() in self._inside:
                return False
            return self._changed.wait_for(lambda: not self._inside, AT_FORK)

    def open(self) -> None:
        """Let everybody in again."""
        with self._changed:
            self._shut = False
            self._changed.notify_all()


_gate = _Gate()
_kept: OrderedDict[URL, Engine] = OrderedDict()
_keeping = threading.Lock()
_engines: WeakSet[Engine] = WeakSet()
"""Every engine there is: what is kept no longer may still be used."""
_taken: dict[int, Any] = {}
"""The connections that transactions have. Whoever inherits one must not even let it be collected: that would
close it."""
_crossing = False
"""Whether the fork that is under way takes connections along."""
_spoilt = False
"""Whether this process has inherited one."""


def kept_engine(url: URL, make: Callable[[URL], Engine]) -> Engine:
    """Return the engine that this process keeps for that URL, made now if there is none."""
    with _keeping:
        engine = _kept.get(url)
        if engine is None:
            engine = _kept[url] = make(url)
            _engines.add(engine)
            event.listen(engine, "checkout", _note_taken)
            event.listen(engine, "checkin", _note_returned)
        _kept.move_to_end(url)
        gone = [_kept.popitem(last=False)[1] for _ in range(len(_kept) - KEPT)]
    for each in gone:
        each.dispose()
    return engine


@contextmanager
def at_work() -> Iterator[None]:
    """Keep this process from forking while a connection is used.

    Raises:
        StoreUnavailable: the process was forked while one was.
    """
    refuse_inherited()
    with _gate.passed():
        yield


def refuse_inherited() -> None:
    """Raise where this process was forked while a connection was used.

    Raises:
        StoreUnavailable: it was.
    """
    if _spoilt:
        raise StoreUnavailable(
            "This process was forked in the middle of a transaction on the ledger and cannot use it. Start "
            "it with multiprocessing's 'spawn', or fork when nothing is being written."
        )


def _note_taken(connection: Any, _record: Any, _proxy: Any) -> None:
    _taken[id(connection)] = connection


def _note_returned(connection: Any, _record: Any) -> None:
    _taken.pop(id(connection), None)


def _before_fork() -> None:
    global _crossing
    _keeping.acquire()
    _crossing = not _gate.shut()
    for engine in list(_engines):
        engine.dispose()


def _after_fork_in_parent() -> None:
    _gate.open()
    _keeping.release()


def _after_fork_in_child() -> None:
    global _gate, _keeping, _spoilt
    _spoilt = _spoilt or _crossing
    # The threads that would open these are not here.
    _gate, _keeping = _Gate(), threading.Lock()


os.register_at_fork(
    before=_before_fork, after_in_parent=_after_fork_in_parent, after_in_child=_after_fork_in_child
)
