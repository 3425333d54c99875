"""Whether the service can do its work, and what the caller may do with it."""

from __future__ import annotations

import os
import shutil
from importlib.metadata import version

from fastapi import APIRouter, Response

from presgen.api.desk import Caller, Desk, TheDesk
from presgen.api.principal import Right
from presgen.api.problems import answers
from presgen.api.views.health import Health, Me, Part
from presgen.errors import PresGenError

router = APIRouter(tags=["service"])

ENOUGH = 1 << 30
"""Bytes. A night of a thousand lessons writes more; below this, it is time to act."""


@router.get(
    "/health",
    summary="Tell whether all is well",
    responses={**answers(), 503: {"model": Health, "description": "Something is not."}},
)
def get_health(desk: TheDesk, response: Response) -> Health:
    """Tell whether the ledger answers and the workspace can be written to; 503 where something is amiss."""
    parts = (_ledger(desk), _workspace(desk))
    well = all(part.well for part in parts)
    if not well:
        response.status_code = 503
    return Health(well=well, version=version("presgen"), parts=parts)


@router.get("/me", summary="Tell what you may do")
def get_me(caller: Caller) -> Me:
    """Tell who you are to the service, without a name, and what you may do."""
    return Me(user=caller.id, may_order=caller.may(Right.ORDER), may_operate=caller.may(Right.OPERATE))


def _ledger(desk: Desk) -> Part:
    try:
        desk.ledger.overview.newest_event(["health"])
    except PresGenError:
        return Part(name="ledger", well=False, detail="The ledger does not answer.")
    return Part(name="ledger", well=True, detail="")


def _workspace(desk: Desk) -> Part:
    root = desk.workspace.root
    detail = ""
    if not root.is_dir() or not os.access(root, os.W_OK):
        detail = "The workspace cannot be written to."
    elif (free := shutil.disk_usage(root).free) < ENOUGH:
        detail = f"The workspace has {free / ENOUGH:.1f} GB left; at least 1 GB is needed."
    return Part(name="workspace", well=not detail, detail=detail)
