"""``GET /metrics`` in Airflow's web application, for Prometheus: a token of its own, or Airflow's log-in."""

from __future__ import annotations

import asyncio
import hmac
from typing import TYPE_CHECKING, Any

from presgen.errors import StoreUnavailable
from presgen_airflow.api import AirflowDesk
from presgen_airflow.pages import DAG_ID

if TYPE_CHECKING:
    from starlette.applications import Starlette
    from starlette.requests import Request
    from starlette.responses import Response

_LOG_IN = {"WWW-Authenticate": "Bearer"}


def build_app(desk: AirflowDesk) -> Starlette:
    """Make the app: one page, for whoever has the token or may see the DAG's runs."""
    from prometheus_client import CONTENT_TYPE_LATEST
    from starlette.applications import Starlette
    from starlette.responses import PlainTextResponse, Response
    from starlette.routing import Route

    from presgen.monitoring import Tally, exposition

    tallies: list[Tally] = []

    def told() -> bytes:
        # The ledger may be away when the app is made.
        if not tallies:
            tallies.append(Tally(desk.ledger))
        return exposition(tallies[0], desk.settings.cpu_hour_price)

    async def metrics(request: Request) -> Response:
        if not _has_token(request, desk):
            refused = await _refusal(request)
            if refused:
                why = "Send PRESGEN_METRICS_TOKEN as a bearer token, or log in."
                return PlainTextResponse(why, refused, headers=_LOG_IN if refused == 401 else None)
        try:
            text = await asyncio.to_thread(told)
        except StoreUnavailable:
            return PlainTextResponse("The ledger is away.", 503)
        return Response(text, headers={"Content-Type": CONTENT_TYPE_LATEST, "Cache-Control": "no-store"})

    return Starlette(routes=[Route("/metrics", metrics, methods=["GET"])])


def _has_token(request: Request, desk: AirflowDesk) -> bool:
    wanted = desk.settings.metrics_token.get_secret_value()
    given = request.headers.get("authorization", "")
    return bool(wanted) and hmac.compare_digest(given.encode(), f"Bearer {wanted}".encode())


async def _refusal(request: Request) -> int:
    """Return 0 for who is logged in and may see the DAG's runs, else the status to answer with."""
    from presgen.api.problems import Refusal
    from presgen_airflow.doors import user_of

    try:
        user = await user_of(request)
    except Refusal:
        return 401
    return 0 if await asyncio.to_thread(_may_see_runs, user) else 403


def _may_see_runs(user: Any) -> bool:
    from airflow.api_fastapi.app import get_auth_manager
    from airflow.api_fastapi.auth.managers.models.resource_details import DagAccessEntity, DagDetails

    details = DagDetails(id=DAG_ID)
    return get_auth_manager().is_authorized_dag(
        method="GET", access_entity=DagAccessEntity.RUN, details=details, user=user
    )


class Monitoring:
    """The app, made at the first request: only the API server needs it, but all load the plugin."""

    def __init__(self) -> None:
        self.app: Starlette | None = None

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Answer as an ASGI application."""
        if self.app is None:
            self.app = build_app(AirflowDesk())
        await self.app(scope, receive, send)
