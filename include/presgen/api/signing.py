"""Addresses of media that hold for one person and a short while, and cannot be made up."""

from __future__ import annotations

import hashlib
import hmac
import time
from collections.abc import Callable

from presgen.api.problems import Refusal

STEP = 600
"""Seconds. Addresses made in the same step expire at the same moment: so a status without news stays the same
to the letter, and a browser finds in its cache what it has loaded."""

_LENGTH = 32
"""Hex digits of a signature: 128 bits."""


class Signer:
    """Signs addresses, and tells whether one is signed."""

    def __init__(self, key: bytes, clock: Callable[[], float] = time.time) -> None:
        """Take a secret of the deployment's, the same in every process of it."""
        self._key = hmac.digest(key, b"presgen: addresses of media", hashlib.sha256)
        self._clock = clock

    def query(self, user: str, *subject: str) -> str:
        """Return the query that makes an address of the subject good for that user, for 10 to 20 minutes."""
        expires = self.expiry()
        return f"expires={expires}&signature={self._signature(user, subject, expires)}"

    def expiry(self) -> int:
        """Return when an address that is made now expires; seconds since 1970."""
        return (int(self._clock()) // STEP + 2) * STEP

    def check(self, user: str, expires: int, signature: str, *subject: str) -> None:
        """Let pass a signed address of the subject, made for that user, that has not expired.

        Raises:
            Refusal: 403, it is none.
        """
        right = self._signature(user, subject, expires)
        if not hmac.compare_digest(signature.encode("utf-8", "replace"), right.encode()):
            raise _refusal("This address was not made for you, or has been changed.")
        if expires <= self._clock():
            raise _refusal("This address has expired.")

    def _signature(self, user: str, subject: tuple[str, ...], expires: int) -> str:
        told = "\n".join([user, str(expires), *subject])
        return hmac.new(self._key, told.encode("utf-8", "replace"), hashlib.sha256).hexdigest()[:_LENGTH]


def _refusal(detail: str) -> Refusal:
    remedy = "Take a new address from the video's status."
    return Refusal(403, "address-not-valid", detail, remedy=remedy)
