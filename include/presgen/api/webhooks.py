"""Telling whoever ordered a video how it ended: signed, to hosts on the deployment's list, once.

The message follows the Standard Webhooks: ``webhook-id``, ``webhook-timestamp`` and ``webhook-signature``. It
names the video, how it ended and the kind of error, and nobody. It is sent by the run, not by the API.
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
from datetime import UTC, datetime

import httpx
import structlog

from presgen.errors import BadInput, PresGenError
from presgen.ledger import NoticeState, OrderEntry
from presgen.ledger.transitions import ENDS
from presgen.model.lesson import LessonStatus
from presgen.night import Night

SHORTEST_SECRET = 24
"""Characters of the secret that signs."""

_PAUSES = (1.0, 4.0, 15.0)
"""Seconds between attempts."""
_TIMEOUT = 10.0
_WORTH_ANOTHER_TRY = frozenset({408, 409, 425, 429})

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


def tell_ends(night: Night) -> None:
    """Tell whoever ordered what this run was started for, where they want to be told."""
    for order in night.ledger.orders.of_run(night.run_id):
        try:
            _tell_end(night, order)
        except PresGenError as error:
            _log.warning("webhook_refused", video=order.video_id, reason=str(error))


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
    sleep: Callable[[float], None] = time.sleep,
) -> NoticeState:
    """Send a message; return what became of it.

    It is sent again only where it has certainly not arrived: nobody listened, or the answer was no success.
    Where an answer is missing, it may have arrived, and is left at that.

    Raises:
        BadInput: the host has a private address that is not on the list.
    """
    for pause in (*_PAUSES, None):
        moment = int(time.time())
        headers = {
            "Content-Type": "application/json",
            "User-Agent": "PresGen",
            "webhook-id": notice_id,
            "webhook-timestamp": str(moment),
            "webhook-signature": sign(secret, notice_id, moment, body),
        }
        try:
            status = _post(url, headers, body, hosts)
        except (httpx.ConnectError, httpx.ConnectTimeout, OSError):
            status = 503
        except httpx.HTTPError as error:
            _log.warning("webhook_unanswered", notice=notice_id, cause=type(error).__name__)
            return NoticeState.CLAIMED
        if 200 <= status < 300:
            return NoticeState.DELIVERED
        if status < 500 and status not in _WORTH_ANOTHER_TRY:
            break
        if pause is not None:
            sleep(pause)
    _log.warning("webhook_not_taken", notice=notice_id, status=status)
    return NoticeState.REFUSED


def _tell_end(night: Night, order: OrderEntry) -> None:
    if not order.webhook:
        return
    hosts = night.settings.webhook_hosts
    secret = night.settings.webhook_secret.get_secret_value()
    url = require_allowed(order.webhook, hosts, secret)
    status, cause = _end_of(night, order)
    if not night.ledger.orders.claim_notice(order.video_id, status):
        return
    message = {
        "type": f"video.{status}",
        "timestamp": datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z"),
        "data": {"video_id": order.video_id, "status": status, "cause": cause},
    }
    body = json.dumps(message, separators=(",", ":")).encode()
    try:
        outcome = deliver(url, f"{order.video_id}.{status}", body, secret, hosts)
    except BadInput:
        night.ledger.orders.note_notice(order.video_id, status, NoticeState.REFUSED)
        raise
    night.ledger.orders.note_notice(order.video_id, status, outcome)
    _log.info("webhook", video=order.video_id, status=status, outcome=outcome.value)


def _end_of(night: Night, order: OrderEntry) -> tuple[str, str]:
    """Return how an order has ended, and the kind of error that ended it."""
    for lesson in night.ledger.lessons(night.run_id):
        if lesson.lesson_id == order.lesson_id:
            # A run that is over has left the lesson on its way: nobody goes on with it.
            status = lesson.status if lesson.status in ENDS else LessonStatus.FAILED
            return status.value, lesson.cause
    set_aside = bool(night.ledger.quarantined(night.run_id))
    status = LessonStatus.QUARANTINED if set_aside else LessonStatus.FAILED
    return status.value, "BadRecord" if set_aside else ""


def _post(url: httpx.URL, headers: dict[str, str], body: bytes, hosts: Sequence[str]) -> int:
    """Send to the very address that was looked at: a name may mean another one a moment later."""
    pinned = url.copy_with(host=str(_resolved(url, hosts)))
    host = url.host if url.port is None else f"{url.host}:{url.port}"
    with httpx.Client(timeout=_TIMEOUT, follow_redirects=False, trust_env=False) as client:
        request = client.build_request("POST", pinned, content=body, headers={**headers, "Host": host})
        request.extensions["sni_hostname"] = url.host
        return client.send(request).status_code


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
