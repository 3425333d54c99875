"""What Airflow's UI shows of a night, behind Airflow's log-in."""

from __future__ import annotations

from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, StrictUndefined, Template

from presgen.errors import PresGenError
from presgen.ledger import Ledger, SectionOutcome, open_ledger
from presgen.ledger.transitions import BAD_ENDS
from presgen.settings import Settings
from presgen_airflow.connections import ConnectionNames, with_secrets

if TYPE_CHECKING:
    from fastapi import FastAPI

PREFIX = "/presgen"
DAG_ID = "produce_lessons"

HEADERS = {
    # Nothing but what is on the page: no script, no picture, no request.
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}


def night_page(ledger: Ledger, run_id: str) -> str | None:
    """Return the page of a run: its lessons, what failed and why. None: the ledger knows no such run."""
    run = ledger.run(run_id)
    if run is None:
        return None
    failures = (SectionOutcome.REJECTED, SectionOutcome.FAILED)
    return _template().render(
        run=run,
        lessons=ledger.lessons(run_id),
        failed=[section for section in ledger.sections(run_id) if section.outcome in failures],
        quarantined=ledger.quarantined(run_id),
        bad_ends=BAD_ENDS,
    )


def build_app() -> FastAPI:
    """Make the app: who may see the DAG's runs may see its pages, and a stranger sees nothing."""
    from airflow.api_fastapi.auth.managers.models.resource_details import DagAccessEntity
    from airflow.api_fastapi.core_api.security import requires_access_dag
    from fastapi import Depends, FastAPI
    from fastapi.responses import HTMLResponse, PlainTextResponse, Response

    may_see = Depends(requires_access_dag("GET", DagAccessEntity.RUN, param_dag_id=DAG_ID))
    # FastAPI's own pages about an app ask for no log-in.
    app = FastAPI(title="PresGen", docs_url=None, redoc_url=None, openapi_url=None, dependencies=[may_see])

    # A run's id has plus signs, which a query would turn into spaces.
    @app.get("/nights/{run_id:path}", response_class=HTMLResponse)
    def night(run_id: str) -> Response:
        try:
            page = night_page(_ledger(), run_id)
        except PresGenError as error:
            return PlainTextResponse(str(error), status_code=503, headers=HEADERS)
        if page is None:
            return PlainTextResponse("No task of this run has started yet.", status_code=404, headers=HEADERS)
        return HTMLResponse(page, headers=HEADERS)

    return app


class Pages:
    """The app, made at the first request: only the API server needs FastAPI, but all load the plugin."""

    def __init__(self) -> None:
        self.app: FastAPI | None = None

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Answer as an ASGI application."""
        if self.app is None:
            self.app = build_app()
        await self.app(scope, receive, send)


def _ledger() -> Ledger:
    return _open(with_secrets(Settings(), ConnectionNames()).ledger)


@cache
def _open(url: str) -> Ledger:
    return open_ledger(url)


@cache
def _template() -> Template:
    text = (resources.files(__package__) / "templates" / "night.html.jinja").read_text(encoding="utf-8")
    return Environment(autoescape=True, undefined=StrictUndefined).from_string(text)
