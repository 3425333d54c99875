"""What the API works with, and what its routes ask for: given by whoever hosts it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Annotated, Protocol, cast

from fastapi import Depends, Request

from presgen.api.principal import Principal
from presgen.ledger import Ledger
from presgen.settings import Settings
from presgen.workspace import Workspace

if TYPE_CHECKING:
    from presgen.api.runs import Runs
    from presgen.api.signing import Signer


class Desk(Protocol):
    """A deployment, as the API sees it. What is away is missed when it is used, and not before."""

    @property
    def settings(self) -> Settings:
        """The deployment's choices, with its secrets."""

    @property
    def ledger(self) -> Ledger:
        """The ledger.

        Raises:
            StoreUnavailable: it is away.
        """

    @property
    def workspace(self) -> Workspace:
        """The workspace."""

    @property
    def signer(self) -> Signer:
        """What signs addresses of media."""

    @property
    def runs(self) -> Runs:
        """What starts and stops runs."""

    @property
    def who(self) -> Callable[[Request], Awaitable[Principal]]:
        """Tells who sends a request; raises a `Refusal`, 401, where nobody knows."""


def _desk(request: Request) -> Desk:
    return cast(Desk, request.app.state.desk)


def _caller(request: Request) -> Principal:
    return cast(Principal, request.state.principal)


TheDesk = Annotated[Desk, Depends(_desk)]
"""A route's parameter: what it works with."""
Caller = Annotated[Principal, Depends(_caller)]
"""A route's parameter: who asks."""
