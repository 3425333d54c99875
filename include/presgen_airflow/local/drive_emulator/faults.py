"""What may go wrong between PresGen and Drive, to be switched on for the next request of a kind."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from enum import StrEnum


class Fault(StrEnum):
    """One way in which a request goes wrong."""

    UNAVAILABLE = "unavailable"
    """503, and nothing was done."""
    UNAVAILABLE_AFTER = "unavailable_after"
    """503, but everything was done."""
    RATE_LIMIT = "rate_limit"
    """403 ``userRateLimitExceeded``."""
    TOO_MANY = "too_many"
    """429 with ``Retry-After``."""
    UNAUTHORISED = "unauthorised"
    """401: the token is no longer good."""
    RESET = "reset"
    """The connection is reset while the request is sent; nothing was done."""
    ANSWER_LOST = "answer_lost"
    """Everything was done, and the connection is reset before the answer."""
    HALF = "half"
    """Half of a chunk is kept."""
    SESSION_NOT_FOUND = "session_not_found"
    """404: the upload session is forgotten."""
    SESSION_GONE = "session_gone"
    """410, likewise."""
    GARBLED = "garbled"
    """A byte of the chunk is kept wrong."""
    QUOTA = "quota"
    """403 ``storageQuotaExceeded``."""
    PERMISSION = "permission"
    """403 ``insufficientFilePermissions``."""
    NO_ACCOUNT = "no_account"
    """400 ``invalidSharingRequest``, with the address in its message, as Drive does."""
    SLOW = "slow"
    """The answer takes its time."""


@dataclass(slots=True)
class Armed:
    """A fault that waits for its request."""

    fault: Fault
    on: str
    times: int
    skip: int
    seconds: float


class Faults:
    """The switches. ``on`` names a method (``files.list``) or a step of an upload.

    Steps of an upload: ``upload.start``, ``upload.ask`` (how far are you?), ``upload.chunk`` (any), and
    ``upload.last`` (the one that completes the file).
    """

    def __init__(self) -> None:
        self._armed: list[Armed] = []
        self._lock = threading.Lock()
        self.met: list[tuple[Fault, str]] = []
        """Which faults have happened, and to what."""

    def arm(self, fault: Fault, on: str, *, times: int = 1, skip: int = 0, seconds: float = 1.0) -> None:
        """Let the next ``times`` requests of that kind, after ``skip`` good ones, meet the fault.

        ``seconds`` is how slow ``SLOW`` is, and what ``TOO_MANY`` asks to wait.
        """
        with self._lock:
            self._armed.append(Armed(fault, on, times, skip, seconds))

    def disarm(self) -> None:
        """Let nothing go wrong any more."""
        with self._lock:
            self._armed.clear()

    def next(self, *names: str) -> Armed | None:
        """Return what this request, known by these names, meets; None: nothing."""
        with self._lock:
            for armed in self._armed:
                if armed.on not in names:
                    continue
                if armed.skip:
                    armed.skip -= 1
                    continue
                armed.times -= 1
                if not armed.times:
                    self._armed.remove(armed)
                self.met.append((armed.fault, armed.on))
                return armed
        return None
