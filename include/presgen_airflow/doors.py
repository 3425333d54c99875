"""Who comes to the API, by Airflow's log-in, and what they may do, by its auth manager."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from presgen.api.principal import Principal, Right
from presgen.api.problems import Refusal
from presgen_airflow.pages import DAG_ID
from presgen_airflow.references import RENDER_POOL

if TYPE_CHECKING:
    from fastapi import Request

_LOG_IN = {"WWW-Authenticate": "Bearer"}


async def user_of(request: Request) -> Any:
    """Return Airflow's user who sends the request: by the token in its header, else by the cookie.

    Raises:
        Refusal: 401, there is no token that holds.
    """
    from airflow.api_fastapi.core_api.security import bearer_scheme, get_user
    from fastapi import HTTPException

    try:
        return await get_user(request, None, await bearer_scheme(request))
    except HTTPException as error:
        # Airflow has 403 for a token that is none of its own; for us, too, that is nobody.
        detail = "Log in first: there is no token, or it holds no longer."
        remedy = "Get a token by POST /auth/token, and send it as Authorization: Bearer …"
        raise Refusal(401, "unauthorized", detail, remedy=remedy, headers=_LOG_IN) from error


def principal_of(user: Any, key: bytes) -> Principal:
    """Return who that is to us. ``key`` is the deployment's secret: without it nobody finds the name."""
    told = hmac.digest(key, b"person\n" + str(user.get_id()).encode(), hashlib.sha256).hex()
    return Principal(id=f"u-{told[:24]}", name=str(user.get_name()), rights=frozenset(_rights(user)))


def _rights(user: Any) -> Iterator[Right]:
    """Yield what the auth manager lets them do; each role needs those before it.

    Airflow's own roles let everybody who may start a run edit the DAG, too. What tells operators apart in all
    of its auth managers is that they may change pools.
    """
    from airflow.api_fastapi.app import get_auth_manager
    from airflow.api_fastapi.auth.managers.models.resource_details import (
        DagAccessEntity,
        DagDetails,
        PoolDetails,
    )
    from airflow.models.dag import DagModel

    manager = get_auth_manager()
    dag = DagDetails(id=DAG_ID, team_name=DagModel.get_team_name(DAG_ID))
    run = {"access_entity": DagAccessEntity.RUN, "details": dag, "user": user}
    if not manager.is_authorized_dag(method="GET", **run):
        return
    yield Right.VIEW
    if not manager.is_authorized_dag(method="POST", **run):
        return
    yield Right.ORDER
    pool = PoolDetails(name=RENDER_POOL)
    if manager.is_authorized_dag(method="PUT", details=dag, user=user) and manager.is_authorized_pool(
        method="PUT", details=pool, user=user
    ):
        yield Right.OPERATE
