"""The line to Drive: a request is sent as often as that may help, and a refusal becomes one of our errors."""

from __future__ import annotations

import http.client
import json
import random
import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

import structlog

from presgen.errors import DeliveryBlocked, PresGenError, StoreUnavailable

TRIES = 8
"""Times a request is sent while Drive is in trouble: about a minute. After that the scheduler tries again."""
FIRST_PAUSE = 1.0
"""Seconds; doubled with every try, and drawn at random below that, so that workers do not call in step."""
LONGEST_PAUSE = 32.0
LONGEST_WISH = 120.0
"""Seconds that we wait at most because Drive asks for it (``Retry-After``)."""

GO_ON = 308
"""What Drive says to a chunk that is not the last one."""
_BUSY = frozenset({"rateLimitExceeded", "userRateLimitExceeded", "backendError", "internalError"})
_log = structlog.get_logger("presgen.publishing.drive")


@dataclass(frozen=True, slots=True)
class Answer:
    """What Drive said."""

    status: int
    headers: Mapping[str, str]
    content: bytes

    @property
    def value(self) -> Any:
        """The body, read as JSON; None: it has none.

        Raises:
            Trouble: it is something else, as from a proxy that wants to be logged in to.
        """
        try:
            return json.loads(self.content) if self.content else None
        except ValueError:
            raise Trouble(f"{self.status}, but no JSON") from None


class Trouble(Exception):
    """The same request may succeed in a moment."""

    def __init__(self, told: str, wait: float = 0.0) -> None:
        self.told = told
        self.wait = wait
        super().__init__(told)


class Refusal(Exception):
    """Drive has understood the request and says no.

    Drive's own message is not in here: it may quote a learner's address.
    """

    def __init__(self, status: int, reason: str) -> None:
        self.status = status
        self.reason = reason
        super().__init__(f"{status} {reason}".strip())


class Line:
    """Sends requests that Google's client has made. One lesson's delivery is one line."""

    def __init__(self, service: Any, pause: Callable[[float], None] = time.sleep) -> None:
        """Talk through that client for Drive, version 3."""
        self.service = _Client(service)
        self._pause = pause

    def call(self, request: Any) -> Any:
        """Send a request until it is answered, and return the value of the answer.

        Raises:
            Refusal: Drive says no.
            StoreUnavailable: Drive stays in trouble.
            DeliveryBlocked: Drive does not accept who we are.
        """
        troubles = Troubles(self._pause)
        while True:
            try:
                return self.once(request).value
            except Trouble as trouble:
                troubles.add(trouble)

    def once(
        self,
        request: Any,
        uri: str | None = None,
        method: str | None = None,
        body: bytes | str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """Send a request, or another one over the same transport, once.

        Raises:
            Trouble: no answer, or one that asks to come back.
            Refusal: Drive says no.
            DeliveryBlocked: Drive does not accept who we are.
        """
        import httplib2  # type: ignore[import-untyped]
        from google.auth.exceptions import GoogleAuthError, TransportError

        own = uri is None
        try:
            response, content = request.http.request(
                uri or request.uri,
                method=method or request.method,
                body=request.body if own else body,
                headers={**(request.headers if own else {}), **(headers or {})},
            )
        except (OSError, http.client.HTTPException, httplib2.HttpLib2Error) as error:
            # The connection may be half dead: the next request opens a new one.
            request.http.close()
            raise Trouble(type(error).__name__) from error
        except GoogleAuthError as error:
            # Who gives tokens was not reached: Google's own word for that is that it cannot be retried.
            if isinstance(error, TransportError) or error.retryable:
                raise Trouble(type(error).__name__) from error
            # What Google says here may quote the key's address, which is nobody's secret, but is not ours.
            raise DeliveryBlocked(
                f"Google accepts the credentials no longer ({type(error).__name__}).",
                "Renew the key or the consent of the connection; `presgen drive check` tells when it works.",
            ) from error
        answer = Answer(response.status, response, content)
        if answer.status < 300 or answer.status == GO_ON:
            return answer
        reason = _reason(answer)
        if answer.status < 400 or answer.status in (408, 429) or answer.status >= 500 or reason in _BUSY:
            raise Trouble(f"{answer.status} {reason}".strip(), _wish(answer))
        if answer.status == 401:
            raise DeliveryBlocked(
                "Google does not accept the token of the connection (401).",
                "Renew the key or the consent of the connection; `presgen drive check` tells when it works.",
            )
        raise Refusal(answer.status, reason)

    def troubles(self) -> Troubles:
        """Return a new count of troubles."""
        return Troubles(self._pause)


class _Client:
    """Google's client, whose collections are built once: that takes longer than what is asked of them."""

    def __init__(self, service: Any) -> None:
        self._service = service
        self._built: dict[str, Any] = {}

    def __getattr__(self, name: str) -> Callable[[], Any]:
        def collection() -> Any:
            if name not in self._built:
                self._built[name] = getattr(self._service, name)()
            return self._built[name]

        return collection


class Troubles:
    """Troubles in a row: each is waited out, the last one is too many."""

    def __init__(self, pause: Callable[[float], None]) -> None:
        self._pause = pause
        self._count = 0

    def forget(self) -> None:
        """Begin to count anew: there was progress."""
        self._count = 0

    def add(self, trouble: Trouble) -> None:
        """Wait before the next try.

        Raises:
            StoreUnavailable: it was the last one.
        """
        self._count += 1
        if self._count >= TRIES:
            raise StoreUnavailable(
                f"Google Drive did not answer as it should {TRIES} times in a row; at last: {trouble.told}."
            ) from trouble
        longest = min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** (self._count - 1))
        wait = trouble.wait or random.uniform(0, longest)
        _log.warning("drive_trouble", told=trouble.told, tries=self._count, wait=round(wait, 1))
        self._pause(wait)


def explained(refusal: Refusal, subject: str) -> PresGenError:
    """Return a refusal as an error of ours that says what helps; ``subject`` names no person."""
    remedy = _REMEDIES.get(refusal.reason) or _REMEDIES.get(str(refusal.status)) or _UNKNOWN
    return DeliveryBlocked(f"Google Drive refuses {subject} ({refusal}).", remedy)


_UNKNOWN = "Run `presgen drive check`; if that passes, this is worth a bug report with the reason above."
_NO_ROOM = (
    "Deliver into a shared drive (PRESGEN_DRIVE_FOLDER): a service account has no storage of its own. "
    "Otherwise make room in the account."
)
_NO_RIGHT = "Make the connection's account a content manager of the shared drive, or an editor of the folder."
_NO_SHARING = (
    "Allow sharing with the learners' addresses in the shared drive's and the organisation's settings, or "
    "set PRESGEN_DRIVE_SHARE=false."
)
_REMEDIES: Mapping[str, str] = {
    "storageQuotaExceeded": _NO_ROOM,
    "teamDriveFileLimitExceeded": "The shared drive is full (500 000 items): deliver into another one.",
    "numChildrenInNonRootLimitExceeded": "The folder is full: deliver into another one.",
    "insufficientFilePermissions": _NO_RIGHT,
    "insufficientParentPermissions": _NO_RIGHT,
    "teamDriveMembershipRequired": _NO_RIGHT,
    "cannotAddParent": _NO_RIGHT,
    "appNotAuthorizedToFile": "The file was not made by PresGen: give the connection the scope `drive`.",
    "insufficientPermissions": "Give the connection the scope that docs/drive.md names.",
    "ACCESS_TOKEN_SCOPE_INSUFFICIENT": "Give the connection the scope that docs/drive.md names.",
    "accessNotConfigured": "Enable the Google Drive API in the connection's Google Cloud project.",
    "dailyLimitExceeded": "Wait until tomorrow, or raise the project's quota for the Drive API.",
    "domainPolicy": "The organisation's administrator has to allow Drive apps for this account.",
    "sharingRateLimitExceeded": "Too much was shared today: clear the task tomorrow.",
    "invalidSharingRequest": "The learner's address has no Google account: correct the record, or set "
    "PRESGEN_DRIVE_SHARE=false.",
    "cannotShareTeamDriveWithNonGoogleAccounts": _NO_SHARING,
    "teamDrivesSharingRestrictionNotAllowed": _NO_SHARING,
    "cannotShareOutsideDomain": _NO_SHARING,
    "expirationDateInvalid": "PRESGEN_DRIVE_ACCESS_DAYS is more than Drive allows here: 365 at most.",
    "notFound": "Something was removed on Drive while it was delivered: clear the task.",
    "403": _NO_RIGHT,
}


def _reason(answer: Answer) -> str:
    """Return Drive's word for what is wrong; empty where it says none, as in a page of HTML."""
    try:
        error = json.loads(answer.content)["error"]
        found = (error.get("errors") or error.get("details") or [{}])[0].get("reason") or error.get(
            "status", ""
        )
    except (ValueError, LookupError, TypeError, AttributeError):
        return ""
    # Whatever it is, it ends up in a log: a word and nothing else.
    return found if isinstance(found, str) and re.fullmatch(r"\w{1,60}", found) else ""


def _wish(answer: Answer) -> float:
    """Return how many seconds Drive asks us to wait, by a number or a date; 0: it does not."""
    asked = answer.headers.get("retry-after", "")
    if re.fullmatch(r"\d+(\.\d+)?", asked):
        wish = float(asked)
    elif until := _moment(asked):
        # By Drive's own clock, where it says what that shows.
        wish = (until - (_moment(answer.headers.get("date", "")) or datetime.now(UTC))).total_seconds()
    else:
        wish = 0.0
    return min(max(wish, 0.0), LONGEST_WISH)


def _moment(written: str) -> datetime | None:
    """Return the moment that a date of HTTP means; None: it is none."""
    try:
        moment = parsedate_to_datetime(written)
    except ValueError:
        return None
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)
