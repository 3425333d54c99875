"""Telling whoever ordered a video how it ended: signed, to hosts on the deployment's list, at least once.

The message follows the Standard Webhooks: ``webhook-id``, ``webhook-timestamp`` and ``webhook-signature``. It
names the video, how it ended and the kind of error, and nobody. It is sent by the run, not by the API.

It is sent until somebody says that it arrived, always under the same id, by which receivers tell what they
have had. A run tries a few times in a row, and once more when its report is repeated; what is left then is
tried once by every run that ends later, for three days. Whoever dies over it is followed by somebody else.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import ipaddress
import json
import socket
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice

import httpx
import structlog

from presgen.errors import BadInput
from presgen.ledger import NoticeState, OrderEntry, OrderState
from presgen.ledger.transitions import ENDS
from presgen.model.lesson import LessonStatus
from presgen.night import Night

SHORTEST_SECRET = 24
"""Characters of the secret that signs."""

REST = timedelta(minutes=5)
"""How long other runs leave a message alone that was just tried."""
AT_ONCE = 5
"""Messages of other runs that a run sends, one try each: it has its own work to do."""

_PAUSES = (1.0, 4.0, 15.0)
"""Seconds between attempts."""
_TIMEOUT = 10.0
"""Seconds; all attempts and pauses together take less than a claim is good for (`presgen.ledger.orders`)."""
_WORTH_ANOTHER_TRY = frozenset({408, 409, 425, 429})
_SETTLED = (NoticeState.DELIVERED, NoticeState.REFUSED)

_log = structlog.get_logger("presgen.webhooks")

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


def require_allowed(url: str, hosts: Sequence[str], secret: str) -> httpx.URL:
    """Return an address that may be told how an order ended.

    Raises:
        BadInput: the deployment tells nobody, or not this host, or the address is none that is fine.
    """
    if not hosts or len(secret) < SHORTEST_SECRET:
        raise BadInput(
            "This deployment sends no webhooks: PRESGEN_WEBHOOK_HOSTS and PRESGEN_WEBHOOK_SECRET "
            f"(at least {SHORTEST_SECRET} characters) are what it takes."
        )
    try:
        found = httpx.URL(url)
    except httpx.InvalidURL:
        raise BadInput("The webhook is no URL. Fine is e.g. https://hooks.example.org/presgen.") from None
    if found.scheme not in ("https", "http") or not found.host or found.userinfo or found.fragment:
        raise BadInput("The webhook is not https://host/path, without a user and without a fragment.")
    literal = _address(found.host)
    listed = _in(literal, hosts) if literal else found.host.lower() in hosts
    if not listed:
        raise BadInput("The webhook's host is not on the deployment's list, PRESGEN_WEBHOOK_HOSTS.")
    if found.scheme == "http" and not (literal and literal.is_private):
        raise BadInput("The webhook goes out into the world in the clear: use https.")
    return found


def tell_ends(night: Night) -> frozenset[NoticeState]:
    """Tell whoever ordered what this run was started for how it ended, and others who still wait to be told.

    Returns what became of telling this run's own.
    """
    orders = night.ledger.orders
    told = frozenset(_tell_end(night, order) for order in orders.of_run(night.run_id) if _is_told(order))
    late = (order for order in orders.untold() if order.run_id != night.run_id and _is_told(order))
    tried = (order for order in late if _tell_late(night, order))
    for _ in islice(tried, AT_ONCE):
        pass
    return told


def sign(secret: str, notice_id: str, moment: int, body: bytes) -> str:
    """Return the signature of a message, as the Standard Webhooks write it."""
    signed = f"{notice_id}.{moment}.".encode() + body
    return "v1," + base64.b64encode(hmac.digest(secret.encode(), signed, hashlib.sha256)).decode()


def deliver(
    url: httpx.URL,
    notice_id: str,
    body: bytes,
    secret: str,
    hosts: Sequence[str],
    pauses: Sequence[float] = _PAUSES,
    sleep: Callable[[float], None] = time.sleep,
) -> NoticeState:
    """Send a message, with those pauses between attempts; return what became of it.

    It is sent again unless somebody has taken or refused it. Where an answer is missing it may have arrived:
    then it comes twice, with the same id. Each attempt has a moment and a signature of its own.

    Raises:
        BadInput: the host has a private address that is not on the list.
    """
    for pause in (*pauses, None):
        moment = int(time.time())
        headers = {
            "Content-Type": "application/json",
            "User-Agent": "PresGen",
            "webhook-id": notice_id,
            "webhook-timestamp": str(moment),
            "webhook-signature": sign(secret, notice_id, moment, body),
        }
        try:
            status, why = _post(url, headers, body, hosts), ""
        except (httpx.HTTPError, OSError, UnicodeError) as error:  # the last: of names that are no host's
            status, why = None, type(error).__name__
        if status is not None and 200 <= status < 300:
            return NoticeState.DELIVERED
        if status is not None and status < 500 and status not in _WORTH_ANOTHER_TRY:
            _log.warning("webhook_refused", notice=notice_id, status=status)
            return NoticeState.REFUSED
        _log.warning("webhook_not_taken", notice=notice_id, status=status, cause=why)
        if pause is not None:
            sleep(pause)
    return NoticeState.WAITING


def _is_told(order: OrderEntry) -> bool:
    """Return whether anybody wants to know; whoever cancels an order knows."""
    return bool(order.webhook) and order.state is not OrderState.CANCELLED


def _tell_end(night: Night, order: OrderEntry) -> NoticeState:
    """Tell how an order of this run has ended; return what became of that."""
    end = _end_of(night, order)
    if night.ledger.orders.claim_notice(order.video_id, end.status):
        return _send(night, order, end, _PAUSES)
    return night.ledger.orders.notices(order.video_id)[end.status]


def _tell_late(night: Night, order: OrderEntry) -> bool:
    """Try once to tell how an order of another run has ended, if it is time; return whether it was."""
    end = _end_of(night, order)
    if not end.over:
        return False  # it is being made again, and its own run will tell
    known = night.ledger.orders.notices(order.video_id).get(end.status)
    if known in _SETTLED or not night.ledger.orders.claim_notice(order.video_id, end.status, REST):
        return False
    _send(night, order, end, ())
    return True


def _send(night: Night, order: OrderEntry, end: _End, pauses: Sequence[float]) -> NoticeState:
    """Send what was claimed, and note what became of it."""
    hosts = night.settings.webhook_hosts
    secret = night.settings.webhook_secret.get_secret_value()
    message = {
        "type": f"video.{end.status}",
        "timestamp": end.at.isoformat(timespec="seconds").replace("+00:00", "Z"),
        "data": {"video_id": order.video_id, "status": end.status, "cause": end.cause},
    }
    body = json.dumps(message, separators=(",", ":")).encode()
    try:
        url = require_allowed(order.webhook, hosts, secret)
        outcome = deliver(url, f"{order.video_id}.{end.status}", body, secret, hosts, pauses)
    except BadInput as error:
        outcome = NoticeState.REFUSED
        _log.warning("webhook_not_allowed", video=order.video_id, reason=str(error))
    night.ledger.orders.note_notice(order.video_id, end.status, outcome)
    _log.info("webhook", video=order.video_id, status=end.status, outcome=outcome.value)
    return outcome


@dataclass(frozen=True, slots=True)
class _End:
    """How an order has ended."""

    status: str
    cause: str
    """The kind of error that ended it; empty: none did."""
    at: datetime
    over: bool
    """False: its run has left it on its way, or works on it again."""


def _end_of(night: Night, order: OrderEntry) -> _End:
    run = night.ledger.run(order.run_id)
    ended = datetime.now(UTC) if run is None or run.ended is None else datetime.fromisoformat(run.ended)
    for lesson in night.ledger.lessons(order.run_id):
        if lesson.lesson_id == order.lesson_id:
            if lesson.status in ENDS:
                at = datetime.fromisoformat(lesson.changed)
                return _End(lesson.status.value, lesson.cause, at, over=True)
            # A run that is over has left the lesson on its way: nobody goes on with it.
            return _End(LessonStatus.FAILED.value, lesson.cause, ended, over=False)
    if night.ledger.quarantined(order.run_id):
        return _End(LessonStatus.QUARANTINED.value, "BadRecord", ended, over=True)
    return _End(LessonStatus.FAILED.value, "", ended, over=True)


def _post(url: httpx.URL, headers: dict[str, str], body: bytes, hosts: Sequence[str]) -> int:
    """Send to the very address that was looked at: a name may mean another one a moment later."""
    pinned = url.copy_with(host=str(_resolved(url, hosts)))
    host = url.host if url.port is None else f"{url.host}:{url.port}"
    with httpx.Client(timeout=_TIMEOUT, follow_redirects=False, trust_env=False) as client:
        request = client.build_request("POST", pinned, content=body, headers={**headers, "Host": host})
        request.extensions["sni_hostname"] = url.host
        # What is said beside the status is not read: it may be long, and come slowly.
        answer = client.send(request, stream=True)
        answer.close()
        return answer.status_code


def _resolved(url: httpx.URL, hosts: Sequence[str]) -> Address:
    port = url.port or (443 if url.scheme == "https" else 80)
    found = socket.getaddrinfo(url.host, port, type=socket.SOCK_STREAM)
    addresses = [ipaddress.ip_address(str(each[4][0]).partition("%")[0]) for each in found]
    for address in addresses:
        if not _is_public(address) and not _in(address, hosts):
            raise BadInput("The webhook's host has a private address, which is not on the deployment's list.")
    return addresses[0]


def _is_public(address: Address) -> bool:
    if isinstance(address, ipaddress.IPv6Address) and (inside := address.ipv4_mapped or address.sixtofour):
        return _is_public(inside)
    return address.is_global and not address.is_multicast


def _in(address: Address, hosts: Sequence[str]) -> bool:
    for host in hosts:
        try:
            network = ipaddress.ip_network(host, strict=False)
        except ValueError:
            continue
        if address in network:
            return True
    return False


def _address(host: str) -> Address | None:
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None
