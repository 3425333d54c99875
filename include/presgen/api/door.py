"""Nobody gets further than this without having said who they are."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from fastapi import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from presgen.api.guards import RateLimit, require_intent
from presgen.api.principal import Principal, Right
from presgen.api.problems import Refusal, problem_of
from presgen.errors import PresGenError


class Door:
    """An ASGI middleware that asks who comes before anything else is looked at: address, method, body.

    So it holds for every route that will ever be added, and a stranger cannot even tell which there are.
    """

    def __init__(
        self, app: ASGIApp, who: Callable[[Request], Awaitable[Principal]], limit: RateLimit
    ) -> None:
        self._app = app
        self._who = who
        self._limit = limit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer as an ASGI application."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        if scope["type"] != "http":
            return  # there are no other conversations here; the server closes what nobody accepts
        request = Request(scope)
        try:
            principal = await self._who(request)
            principal.must(Right.VIEW)
            self._limit.check(request, principal.id)
            require_intent(request)
        except Refusal as refusal:
            await refusal.response()(scope, receive, send)
        except PresGenError as error:
            await problem_of(error).response()(scope, receive, send)
        else:
            request.state.principal = principal
            await self._app(scope, receive, send)
