"""The API without an Airflow: a small deployment, people with rights, and a scheduler that only notes."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
from fastapi import Request
from starlette.applications import Starlette
from starlette.routing import Mount

from presgen.api.application import create_api
from presgen.api.principal import Principal, Right
from presgen.api.problems import Refusal, conflict
from presgen.api.runs import Question, RunsUnavailable
from presgen.api.signing import Signer
from presgen.client import Client
from presgen.client.calls import PREFIX
from presgen.ledger import Ledger, open_ledger
from presgen.settings import Settings
from presgen.workspace import Workspace
from tests.nights import make_settings

RIGHTS = {
    "viewer": frozenset({Right.VIEW}),
    "owner": frozenset({Right.VIEW, Right.ORDER}),
    "other": frozenset({Right.VIEW, Right.ORDER}),
    "operator": frozenset(Right),
}
"""Who there is; each one's name is the token, too."""


@dataclass
class NotedRuns:
    """A scheduler that starts each run once, and nothing in it."""

    states: dict[str, str] = field(default_factory=dict)
    confs: dict[str, dict[str, Any]] = field(default_factory=dict)
    calls: list[tuple[Any, ...]] = field(default_factory=list)
    asked: tuple[Question, ...] = ()
    away: bool = False
    forbids: bool = False

    async def start(self, request: Request, run_id: str, conf: Mapping[str, Any]) -> None:
        self.calls.append(("start", run_id))
        await asyncio.sleep(0)
        if self.away:
            raise RunsUnavailable("postgresql://airflow:secret@db:5432 does not answer")
        if self.forbids:
            raise Refusal(403, "not-allowed", "Airflow does not allow you this.")
        self.states.setdefault(run_id, "queued")
        self.confs.setdefault(run_id, dict(conf))

    async def state(self, request: Request, run_id: str) -> str | None:
        self.calls.append(("state", run_id))
        if self.away:
            raise RunsUnavailable("the scheduler does not answer")
        return self.states.get(run_id)

    async def stop(self, request: Request, run_id: str, learner: str | None = None) -> bool:
        self.calls.append(("stop", run_id, learner))
        if self.forbids:
            raise Refusal(403, "not-allowed", "Airflow does not allow you this.")
        if self.states.get(run_id) not in ("queued", "running"):
            return False
        if learner is None:
            self.states[run_id] = "failed"
        return True

    async def repeat(
        self, request: Request, run_id: str, learner: str | None = None, sections: Sequence[str] = ()
    ) -> None:
        if self.forbids:
            raise Refusal(403, "not-allowed", "Airflow does not allow you this.")
        self.calls.append(("repeat", run_id, learner, tuple(sections)))

    async def questions(self, request: Request, run_id: str) -> tuple[Question, ...]:
        return self.asked

    async def answer(self, request: Request, run_id: str, question: Question, *, approved: bool) -> None:
        if question not in self.asked:
            raise conflict("Somebody has answered.")
        self.calls.append(("answer", run_id, question.subject, approved))


@dataclass
class TestDesk:
    """A small deployment."""

    __test__ = False

    settings: Settings
    ledger: Ledger
    workspace: Workspace
    runs: NotedRuns
    signer: Signer
    who: Callable[[Request], Awaitable[Principal]]


def make_desk(folder: Path, **settings: Any) -> TestDesk:
    """Make a deployment under ``folder``."""

    async def who(request: Request) -> Principal:
        name = request.headers.get("authorization", "").removeprefix("Bearer ") or request.cookies.get(
            "_token"
        )
        if name not in RIGHTS:
            raise Refusal(401, "unauthorized", "Log in first.")
        return Principal(f"u-{name}", f"{name} by name", RIGHTS[name])

    chosen = make_settings(folder, **settings)
    workspace = Workspace(chosen.workspace)
    return TestDesk(chosen, open_ledger(chosen.ledger), workspace, NotedRuns(), Signer(b"k" * 32), who)


def transport_of(desk: TestDesk) -> httpx.ASGITransport:
    """Return the way to the API of a deployment, mounted as in Airflow."""
    api: Any = create_api(desk)
    return httpx.ASGITransport(Starlette(routes=[Mount(PREFIX, api)]), raise_app_exceptions=False)


def client_of(desk: TestDesk, who: str = "owner") -> Client:
    """Return our client, logged in as somebody of `RIGHTS`."""
    return Client("http://airflow", token=who, transport=transport_of(desk), tries=1)


def send(desk: TestDesk, method: str, path: str, who: str = "owner", **more: Any) -> httpx.Response:
    """Send one request to the API and return the answer; an empty ``who`` is a stranger."""

    async def once() -> httpx.Response:
        headers = {**({"Authorization": f"Bearer {who}"} if who else {}), **more.pop("headers", {})}
        async with httpx.AsyncClient(transport=transport_of(desk), base_url="http://airflow") as client:
            return await client.request(method, PREFIX + path, headers=headers, **more)

    return asyncio.run(once())
