"""What every request passes before a route sees it: how large it may be, how often, and on whose intent."""

from __future__ import annotations

import asyncio
import math
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from fastapi import HTTPException, Request
from fastapi.dependencies.utils import get_flat_dependant
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from presgen.api.bodies import MOST_BYTES
from presgen.api.desk import Desk
from presgen.api.principal import Right
from presgen.api.problems import Refusal
from presgen.api.views.problem import FieldProblem
from presgen.orders import VIDEO_ID

OWN_REQUEST = "X-PresGen-Request"
"""A header that no page of another site can send along; any value will do."""
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
"""Methods that change nothing."""

_TOLD = "presgen_limits"
"""Where a request keeps the headers about limits that its answer is to carry."""
_MOST_CALLERS = 10_000


def require_intent(request: Request) -> None:
    """Let pass what another site cannot make a browser send; a dependency.

    Airflow's token is also taken from a cookie, which a browser sends with every request, whoever wrote the
    page that makes it. So whatever changes something needs a header as well.

    Raises:
        Refusal: 403, there is neither.
    """
    if request.method in SAFE or "authorization" in request.headers or OWN_REQUEST in request.headers:
        return
    raise Refusal(
        403,
        "not-intended",
        "A cookie alone changes nothing: any page could have sent this.",
        remedy=f"Send the token in the header Authorization, or the header {OWN_REQUEST}: 1.",
    )


def require_known_parameters(request: Request) -> None:
    """Let pass queries of parameters that the route knows; a dependency.

    A filter that is spelt wrong must not look like one that everything matches.

    Raises:
        Refusal: 422, there is another parameter in the query, or a NUL, which no database takes.
    """
    if faults := [name for name, value in request.query_params.multi_items() if "\0" in value]:
        raise Refusal(
            422,
            "invalid",
            "The query holds U+0000, which is in no text.",
            remedy="Leave it out.",
            errors=[FieldProblem(field="query", reason="This holds U+0000.") for _ in faults[:20]],
        )
    route = request.scope["route"]
    known = {each.alias for each in get_flat_dependant(route.dependant).query_params}
    others = sorted(set(request.query_params) - known)
    if others:
        told = f"Known here: {', '.join(sorted(known)) or 'none'}."
        raise Refusal(
            422,
            "invalid",
            f"The query holds what this address does not know. {told}",
            remedy="Leave it out, or correct its name.",
            errors=[FieldProblem(field="query", reason=f"Unknown. {told}") for _ in others[:20]],
        )


def require_own_run(desk: Desk) -> Callable[[Request], Awaitable[None]]:
    """Return a dependency that keeps the files of an order's run for its owner and the operators.

    The address names the run as ``run`` or ``run_id``. It raises an HTTPException, 404, for others.
    """

    async def own(request: Request) -> None:
        named = request.path_params.get("run") or request.path_params.get("run_id") or ""
        ordered = VIDEO_ID.search(named)
        if ordered is None:
            return
        caller = await desk.who(request)
        order = await asyncio.to_thread(desk.ledger.orders.order, ordered[0])
        if not caller.may(Right.OPERATE) and (order is None or order.by != caller.id):
            raise HTTPException(404)

    return own


@dataclass(frozen=True, slots=True)
class Taken:
    """What asking a bucket came to."""

    allowed: bool
    left: int
    wait: float
    """Seconds until the next is allowed; 0: now."""


class TokenBuckets:
    """A bucket for each caller: full at first, filled evenly, and never fuller than full.

    It lives in one process; behind several workers each of them counts for itself.
    """

    def __init__(self, burst: int, a_minute: float, clock: Callable[[], float] = time.monotonic) -> None:
        """Allow ``burst`` requests at once and so many a minute in the long run."""
        self.burst = burst
        self.a_minute = a_minute
        self._clock = clock
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, who: str) -> Taken:
        """Take one token out of somebody's bucket, if there is one."""
        now = self._clock()
        level, since = self._buckets.pop(who, (float(self.burst), now))
        level = min(float(self.burst), level + (now - since) * self.a_minute / 60)
        allowed = level >= 1
        level -= allowed
        self._buckets[who] = (level, now)
        if len(self._buckets) > _MOST_CALLERS:
            self._buckets.popitem(last=False)  # idle for longest, so it is full again or nearly so
        wait = 0.0 if level >= 1 else (1 - level) * 60 / self.a_minute
        return Taken(allowed, int(level), wait)


class RateLimit:
    """How often somebody may ask: looking is cheap, changing something is not."""

    def __init__(self, reads_a_minute: int, writes_a_minute: int, at_once: int = 40) -> None:
        """Take the limits; 0: none. A quarter of a minute's worth may come at once, or ``at_once``."""
        self._reads = _buckets(reads_a_minute, at_once)
        self._writes = _buckets(writes_a_minute, at_once)

    def check(self, request: Request, who: str) -> None:
        """Count a request of somebody's.

        Raises:
            Refusal: 429, it was one too many.
        """
        safe = request.method in SAFE
        buckets = self._reads if safe else self._writes
        if buckets is None:
            return
        taken = buckets.take(who)
        name = "reading" if safe else "changing"
        window = math.ceil(60 * buckets.burst / buckets.a_minute)
        told = {
            "RateLimit-Policy": f'"{name}";q={buckets.burst};w={window}',
            "RateLimit": f'"{name}";r={taken.left};t={math.ceil(taken.wait)}',
        }
        setattr(request.state, _TOLD, told)
        if not taken.allowed:
            raise Refusal(
                429,
                "too-many-requests",
                f"That is more than {buckets.a_minute:g} requests a minute.",
                remedy="Wait as long as Retry-After says.",
                headers={"Retry-After": str(max(1, math.ceil(taken.wait)))},
            )


class Limits:
    """An ASGI middleware: no body is read further than `MOST_BYTES`, and answers tell what is left."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer as an ASGI application."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        length = Headers(scope=scope).get("content-length", "0")
        if not length.isdecimal() or len(length) > 18 or int(length) > MOST_BYTES:
            await _too_large().response()(scope, receive, send)
            return
        received = 0

        async def counted() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            if received > MOST_BYTES:
                raise _too_large()
            return message

        async def told(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.setdefault("X-Content-Type-Options", "nosniff")
                for name, value in scope.get("state", {}).get(_TOLD, {}).items():
                    headers[name] = value
            await send(message)

        await self._app(scope, counted, told)


def _buckets(a_minute: int, at_once: int) -> TokenBuckets | None:
    return TokenBuckets(max(at_once, a_minute // 4), a_minute) if a_minute else None


def _too_large() -> Refusal:
    return Refusal(
        413,
        "too-large",
        f"The body is larger than {MOST_BYTES // 1024} KB.",
        remedy="Send one record at a time, without what the lesson does not need.",
    )
