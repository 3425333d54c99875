"""The API in Airflow's web application, behind its log-in, with its connections' secrets."""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from functools import cached_property
from typing import TYPE_CHECKING, Any

from presgen.settings import Settings
from presgen.workspace import Workspace
from presgen_airflow.references import API, PREFIX

if TYPE_CHECKING:
    from fastapi import FastAPI, Request

    from presgen.api.principal import Principal
    from presgen.api.runs import Runs
    from presgen.api.signing import Signer
    from presgen.ledger import Ledger


KNOWN = 5.0
"""Seconds for which we remember what somebody may do: a page asks many times a second, and the auth manager's
answer may take a database. Whoever loses a role loses it here within that time."""
_MOST_KNOWN = 1_000


class AirflowDesk:
    """This deployment. What is away is looked for again by the next request."""

    def __init__(self) -> None:
        """Look for nothing yet."""
        self._known: OrderedDict[str, tuple[float, Principal]] = OrderedDict()

    @cached_property
    def settings(self) -> Settings:
        """The deployment's choices, with the secrets of Airflow's connections."""
        from presgen_airflow.connections import ConnectionNames, with_secrets

        return with_secrets(Settings(), ConnectionNames())

    @cached_property
    def ledger(self) -> Ledger:
        """The ledger."""
        from presgen.ledger import open_ledger

        return open_ledger(self.settings.ledger)

    @cached_property
    def workspace(self) -> Workspace:
        """The workspace."""
        return Workspace(self.settings.workspace)

    @cached_property
    def signer(self) -> Signer:
        """Signs with the deployment's own secret."""
        from presgen.api.signing import Signer

        return Signer(self._key)

    @cached_property
    def runs(self) -> Runs:
        """Airflow's."""
        from presgen_airflow.runs import AirflowRuns

        return AirflowRuns()

    @property
    def who(self) -> Callable[[Request], Awaitable[Principal]]:
        """Tells by Airflow's log-in who sends a request."""
        return self._who

    async def _who(self, request: Request) -> Principal:
        from presgen_airflow.doors import principal_of, user_of

        user = await user_of(request)
        name = str(user.get_id())
        at, known = self._known.get(name, (0.0, None))
        if known is not None and time.monotonic() - at < KNOWN:
            return known
        found = await asyncio.to_thread(lambda: principal_of(user, self._key))
        self._known[name] = (time.monotonic(), found)
        self._known.move_to_end(name)
        while len(self._known) > _MOST_KNOWN:
            self._known.popitem(last=False)
        return found

    @property
    def _key(self) -> bytes:
        return self.workspace.pseudonym_key(self.settings.pseudonym_key.get_secret_value())


def build_api() -> FastAPI:
    """Make the API of this deployment."""
    from presgen.api.application import create_api

    return create_api(AirflowDesk(), lambda root: f"{root.removesuffix(API)}{PREFIX}/documents")


class Api:
    """The app, made at the first request: only the API server needs FastAPI, but all load the plugin."""

    def __init__(self) -> None:
        self.app: FastAPI | None = None

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Answer as an ASGI application."""
        from presgen_airflow.runs import HOST

        if self.app is None:
            self.app = build_api()
        await self.app({**scope, HOST: scope.get("app")}, receive, send)
