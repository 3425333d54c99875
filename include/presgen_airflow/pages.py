"""What Airflow's UI shows of a night, behind Airflow's log-in."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, StrictUndefined, Template

from presgen.errors import PresGenError
from presgen.ledger import Ledger, SectionOutcome, open_ledger
from presgen.ledger.transitions import BAD_ENDS
from presgen.settings import Settings
from presgen.workspace import Workspace
from presgen_airflow.connections import ConnectionNames, with_secrets
from presgen_airflow.references import PREFIX

if TYPE_CHECKING:
    from fastapi import FastAPI

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


def night_page(ledger: Ledger, run_id: str, workspace: Workspace) -> str | None:
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
        documents=_documents_of(workspace, run_id),
    )


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


def _documents_of(workspace: Workspace, run_id: str) -> str:
    """Return the address of the run's documents; empty: it has none."""
    from presgen.pipeline import name_of_run

    run = name_of_run(run_id)
    return f"{PREFIX}/documents/{run}/index.html" if document(workspace, run, "index.html") else ""


def build_app() -> FastAPI:
    """Make the app: who may see the DAG's runs may see its pages, and a stranger sees nothing."""
    from airflow.api_fastapi.auth.managers.models.resource_details import DagAccessEntity
    from airflow.api_fastapi.core_api.security import requires_access_dag
    from fastapi import Depends, FastAPI
    from fastapi.responses import FileResponse, HTMLResponse, PlainTextResponse, Response

    may_see = Depends(requires_access_dag("GET", DagAccessEntity.RUN, param_dag_id=DAG_ID))
    # FastAPI's own pages about an app ask for no log-in.
    app = FastAPI(title="PresGen", docs_url=None, redoc_url=None, openapi_url=None, dependencies=[may_see])

    # A run's id has plus signs, which a query would turn into spaces.
    @app.get("/nights/{run_id:path}", response_class=HTMLResponse)
    def night(run_id: str) -> Response:
        try:
            page = night_page(_ledger(), run_id, _workspace())
        except PresGenError as error:
            return PlainTextResponse(str(error), status_code=503, headers=HEADERS)
        if page is None:
            return PlainTextResponse("No task of this run has started yet.", status_code=404, headers=HEADERS)
        return HTMLResponse(page, headers=HEADERS)

    @app.get("/documents/{run}/{path:path}")
    def documents(run: str, path: str) -> Response:
        return _file(document(_workspace(), run, path), DOCUMENTS)

    @app.get("/sections/{key}/{name}")
    def section(key: str, name: str) -> Response:
        return _file(section_file(_workspace(), key, name), CLIPS)

    def _file(found: Path | None, headers: Mapping[str, str]) -> Response:
        if found is None:
            return PlainTextResponse("There is no such file.", status_code=404, headers=HEADERS)
        return FileResponse(found, headers=headers)

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


def _workspace() -> Workspace:
    return Workspace(Settings().workspace)


def _ledger() -> Ledger:
    return _open(with_secrets(Settings(), ConnectionNames()).ledger)


@cache
def _open(url: str) -> Ledger:
    return open_ledger(url)


@cache
def _template() -> Template:
    text = (resources.files(__package__) / "templates" / "night.html.jinja").read_text(encoding="utf-8")
    return Environment(autoescape=True, undefined=StrictUndefined).from_string(text)
