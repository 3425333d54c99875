"""Our pages in Airflow's UI, behind its log-in: the lessons, and what Great Expectations found."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from presgen.settings import Settings
from presgen.workspace import Workspace
from presgen_airflow.api import AirflowDesk
from presgen_airflow.references import API, PREFIX

if TYPE_CHECKING:
    from fastapi import FastAPI, Request, Response

DAG_ID = "produce_lessons"

HEADERS = {
    # Nothing but what is on the page: no script, no picture, no request.
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}
DOCUMENTS = {
    **HEADERS,
    # Great Expectations' pages bring scripts and styles of their own, and load nothing from elsewhere.
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self' 'unsafe-inline'; script-src 'self' 'unsafe-inline'; "
        "img-src 'self' data:; font-src 'self' data:"
    ),
}
CLIPS = {**HEADERS, "Content-Security-Policy": "default-src 'none'; media-src 'self'; img-src 'self'"}

_RUN = re.compile(r"[a-z0-9-]+")
_KEY = re.compile(r"[0-9a-f]{64}")
_SHOWN = re.compile(r"clip\.(mp4|m4a|webm)|poster\.png")
"""What may be looked at of a section."""


def document(workspace: Workspace, run: str, path: str) -> Path | None:
    """Return a file of the documents that Great Expectations' findings of a run became; None: there is none.

    ``run`` is what the run's files are called. Nothing outside the folder of the documents is ever returned.
    """
    from presgen.pipeline import DATA_DOCS

    if not _RUN.fullmatch(run):
        return None
    folder = (workspace.root / "reports" / run / DATA_DOCS).resolve()
    found = (folder / path).resolve()
    return found if found.is_relative_to(folder) and found.is_file() else None


def section_file(workspace: Workspace, key: str, name: str) -> Path | None:
    """Return a section's clip or poster; None: there is none."""
    if not _KEY.fullmatch(key) or not _SHOWN.fullmatch(name):
        return None
    found = workspace.sections.root / key / name
    return found if found.is_file() else None


def build_app() -> FastAPI:
    """Make the app: who may see the DAG's runs may see its pages, and a stranger is asked to log in."""
    from airflow.api_fastapi.auth.managers.models.resource_details import DagAccessEntity
    from airflow.api_fastapi.core_api.security import requires_access_dag
    from fastapi import Depends, FastAPI, HTTPException
    from fastapi.exception_handlers import http_exception_handler
    from fastapi.responses import FileResponse, PlainTextResponse

    from presgen.api.guards import require_own_run
    from presgen.api.pages import add_pages

    desk = AirflowDesk()
    may_see = Depends(requires_access_dag("GET", DagAccessEntity.RUN, param_dag_id=DAG_ID))
    may_see_run = Depends(require_own_run(desk))
    # FastAPI's own pages about an app ask for no log-in.
    app = FastAPI(
        title="PresGen", docs_url=None, redoc_url=None, openapi_url=None, dependencies=[may_see, may_see_run]
    )

    async def refused(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)  # noqa: S101 - it is registered for nothing else
        if error.status_code == 401 and "text/html" in request.headers.get("accept", ""):
            return _log_in(request)
        return await http_exception_handler(request, error)

    app.add_exception_handler(HTTPException, refused)

    @app.get("/documents/{run}/{path:path}")
    def documents(run: str, path: str) -> Response:
        return _file(document(_workspace(), run, path), DOCUMENTS)

    @app.get("/reports/{run_id:path}")
    def report(run_id: str) -> Response:
        from presgen.bulletin import report_page

        page = report_page(_workspace(), run_id)
        if not page.is_file():
            told = "This run has no report yet: it is written when the run ends."
            return PlainTextResponse(told, status_code=404, headers=HEADERS)
        return FileResponse(page, media_type="text/html", headers=HEADERS)

    @app.get("/sections/{key}/{name}")
    def section(key: str, name: str) -> Response:
        # What is made for one learner alone is shown with their lesson, to whoever may see that.
        shared = desk.ledger.overview.section(key)
        return _file(section_file(_workspace(), key, name) if shared is not None else None, CLIPS)

    def _file(found: Path | None, headers: Mapping[str, str]) -> Response:
        if found is None:
            return PlainTextResponse("There is no such file.", status_code=404, headers=HEADERS)
        return FileResponse(found, headers=headers)

    add_pages(app, API)
    return app


def _log_in(request: Request) -> Response:
    """Return the way to Airflow's log-in, and from there back to where somebody wanted to go."""
    from html import escape
    from urllib.parse import urlencode

    from fastapi.responses import HTMLResponse

    outside = request.scope.get("root_path", "").removesuffix(PREFIX)
    where = escape(f"{outside}/auth/login/?" + urlencode({"next": str(request.url)}))
    page = (
        '<!doctype html><html lang="en"><meta charset="utf-8"><title>Log in</title>'
        "<style>:root{color-scheme:light dark;font:1rem/1.5 system-ui}body{margin:15vh auto;max-width:26rem;"
        "padding:1rem}</style><main><h1>Log in to see lessons</h1><p>These pages are part of Airflow, and "
        f'you are not logged in.</p><p><a href="{where}">Log in to Airflow</a></p></main></html>'
    )
    return HTMLResponse(page, status_code=401, headers=HEADERS)


class Pages:
    """The app, made at the first request: only the API server needs FastAPI, but all load the plugin."""

    def __init__(self) -> None:
        self.app: FastAPI | None = None

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Answer as an ASGI application."""
        if self.app is None:
            self.app = build_app()
        await self.app(scope, receive, send)


def _workspace() -> Workspace:
    return Workspace(Settings().workspace)
