"""The store of sections: most re-used, what that has spared, and where each is used."""

from __future__ import annotations

import math
import time
from typing import Annotated, Literal
from weakref import WeakKeyDictionary

from fastapi import APIRouter, Query, Request

from presgen.api.desk import Caller, Desk, TheDesk
from presgen.api.parameters import (
    Cursor,
    Limit,
    Searched,
    TheSection,
    cursor_of,
    no_cursor,
    root_of,
    steps_of,
)
from presgen.api.principal import Principal, Right
from presgen.api.problems import answers, not_found, without_paths
from presgen.api.routes.media import section_file
from presgen.api.views.sections import (
    SectionAttempt,
    SectionDetail,
    SectionList,
    SectionSummary,
    SectionUse,
)
from presgen.errors import BadInput
from presgen.ledger import Ledger
from presgen.ledger.overview import SectionOrder, StoredRow
from presgen.model.base import Seconds
from presgen.model.lesson import Section, SectionKind

router = APIRouter(tags=["sections"])

USES = 100
"""Lessons told of one section."""
_STALE = 60.0
"""Seconds for which the sum of all that was spared is good."""
_sums: WeakKeyDictionary[Ledger, tuple[float, Seconds]] = WeakKeyDictionary()


@router.get("/sections", summary="List sections")
def list_sections(
    request: Request,
    desk: TheDesk,
    caller: Caller,
    q: Searched = "",
    kind: Annotated[
        Literal["deep_dive", "exhibit", "remedy"] | None, Query(description="Only those of this kind.")
    ] = None,
    sort: Annotated[
        SectionOrder,
        Query(description="Used by most lessons, longest film spared, or newest first."),
    ] = "used",
    limit: Limit = 50,
    cursor: Cursor = None,
) -> SectionList:
    """List the sections that lessons share."""
    after = None if cursor is None else _place(cursor, sort)
    rows, total = desk.ledger.overview.sections(
        text=q.strip(), kind=kind, sort=sort, limit=limit, after=after
    )
    last = rows[-1] if len(rows) == limit else None
    root = root_of(request)
    return SectionList(
        items=tuple(_summary(desk, caller, row, root) for row in rows),
        total=total,
        saved=_saved(desk),
        next=None if last is None else cursor_of(sort, repr(last.rank), last.key),
    )


@router.get("/sections/{key}", summary="Tell all about a section", responses=answers(404))
def get_section(request: Request, desk: TheDesk, caller: Caller, key: TheSection) -> SectionDetail:
    """Tell what a section says, where it is used and what became of it."""
    row = desk.ledger.overview.section(key)
    if row is None:
        raise not_found("section")
    seen_by = None if caller.may(Right.OPERATE) else caller.id
    summary = _summary(desk, caller, row, root_of(request))
    return SectionDetail(
        **summary.model_dump(),
        text=_text(desk, key),
        uses=tuple(
            SectionUse(video_id=use.lesson_id, title=use.title, number=use.number)
            for use in desk.ledger.overview.uses(key, USES, seen_by)
        ),
        history=tuple(
            SectionAttempt(
                at=each.at, run_id=each.run_id, outcome=each.outcome.value, reason=without_paths(each.reason)
            )
            for each in desk.ledger.attempts(key)
        ),
    )


def _summary(desk: Desk, caller: Principal, row: StoredRow, root: str) -> SectionSummary:
    def address(role: str) -> str | None:
        if section_file(desk, row.key, row.format, role) is None:
            return None
        return (
            f"{root}/sections/{row.key}/media/{role}?{desk.signer.query(caller.id, 'section', row.key, role)}"
        )

    return SectionSummary(
        key=row.key,
        slug=row.slug,
        kind=SectionKind(row.kind),
        title=row.title,
        format=row.format,
        seconds=row.seconds,
        bytes=row.bytes,
        lessons=row.lessons,
        attempts=row.attempts,
        cost=row.cost,
        saved=Seconds(round(max(0, row.lessons - 1) * row.cost, 3)),
        approved=row.approved,
        there=(desk.workspace.sections.root / row.key).is_dir(),
        poster=address("poster"),
        clip=address("clip"),
        changed=row.changed,
    )


def _place(cursor: str, sort: SectionOrder) -> tuple[float, str]:
    """Return rank and key of the last section on the page before.

    Raises:
        Refusal: 422, that is no cursor, or one of another order.
    """
    order, written, key = steps_of(cursor, 3)
    try:
        rank = float(written)
    except ValueError:
        raise no_cursor() from None
    if order != sort or not math.isfinite(rank):
        raise no_cursor()
    return rank, key


def _saved(desk: Desk) -> Seconds:
    ledger = desk.ledger
    good_until, seconds = _sums.get(ledger, (0.0, Seconds(0.0)))
    if time.monotonic() > good_until:
        seconds = ledger.overview.saved()
        _sums[ledger] = (time.monotonic() + _STALE, seconds)
    return seconds


def _text(desk: Desk, key: str) -> str:
    if not desk.workspace.has("planned", key):
        return ""
    try:
        return desk.workspace.load("planned", key, Section).text
    except BadInput:
        return ""  # of another release
