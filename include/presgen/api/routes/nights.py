"""Nights: what each came to, what it took, and what went wrong."""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Path, Query, Request

from presgen.api.desk import Caller, Desk, TheDesk
from presgen.api.parameters import root_of
from presgen.api.principal import Principal, Right
from presgen.api.problems import answers, not_found, without_paths
from presgen.api.views.nights import (
    FailedSection,
    NightCost,
    NightDetail,
    NightList,
    NightSummary,
    SetAside,
)
from presgen.ledger.overview import NightRow
from presgen.ledger.transitions import ENDS
from presgen.model.base import Seconds
from presgen.model.references import NightReport

router = APIRouter(tags=["nights"])

_DUE = re.compile(r"scheduled__(.+[+-]\d\d:\d\d)")
"""What Airflow calls a run of the schedule: after the moment it was due."""
_NEEDLESS = "not_needed"


@router.get("/nights", summary="List nights")
def list_nights(
    desk: TheDesk,
    caller: Caller,
    limit: Annotated[int, Query(ge=1, le=100, description="How many at most.")] = 30,
    ordered: Annotated[
        bool, Query(description="Also the runs that make one ordered video; for operators.")
    ] = False,
) -> NightList:
    """List the newest nights, the newest first."""
    shown = ordered and caller.may(Right.OPERATE)
    return NightList(
        items=tuple(_summary(desk, row) for row in desk.ledger.overview.nights(limit, ordered=shown))
    )


@router.get("/nights/{run_id:path}", summary="Tell all about a night", responses=answers(404))
def get_night(
    request: Request,
    desk: TheDesk,
    caller: Caller,
    run_id: Annotated[
        str, Path(min_length=1, max_length=300, examples=["scheduled__2026-11-22T02:00:00+00:00"])
    ],
) -> NightDetail:
    """Tell what a run came to, and what went wrong in it."""
    row = _row(desk, caller, run_id)
    report = _report(desk, run_id)
    return NightDetail(
        **_summary(desk, row).model_dump(),
        set_aside=tuple(
            SetAside(learner=each.pseudonym, field=each.field, reason=without_paths(each.reason))
            for each in desk.ledger.quarantined(run_id)
        ),
        failed_sections=tuple(
            FailedSection(
                key=each.key,
                slug=each.slug,
                kind=each.kind,
                outcome=each.outcome.value,
                reason=without_paths(each.reason),
            )
            for each in desk.ledger.overview.failed_sections(run_id)
        ),
        rejections=report.rejections if report else (),
        warnings=report.warnings if report else (),
        audit_head=report.audit_head or None if report else None,
        documents=_documents(request, report),
    )


def _row(desk: Desk, caller: Principal, run_id: str) -> NightRow:
    """Return a run that the caller may see.

    Raises:
        Refusal: 404, there is none, or it makes somebody else's video.
    """
    found = desk.ledger.overview.nights(1, run_id=run_id) if "\x00" not in run_id else ()
    if not found:
        raise not_found("night")
    [row] = found
    if row.ordered and not caller.may(Right.OPERATE):
        orders = desk.ledger.orders.of_run(run_id)
        if all(order.by != caller.id for order in orders):
            raise not_found("night")
    return row


def _summary(desk: Desk, row: NightRow) -> NightSummary:
    deadline = _deadline(desk, row)
    ended = None if row.run.ended is None else datetime.fromisoformat(row.run.ended)
    left = None
    if deadline is not None and ended is None:
        left = Seconds(round((deadline - datetime.now(UTC)).total_seconds(), 3))
    total = sum(row.lessons.values())
    needed = total - row.lessons.get(_NEEDLESS, 0)
    reused = max(0, row.places - row.rendered)
    return NightSummary(
        run_id=row.run.run_id,
        ordered=row.ordered,
        started=row.run.started,
        ended=row.run.ended,
        passed=row.run.passed,
        lessons=row.lessons,
        total=total,
        over=sum(row.lessons.get(status.value, 0) for status in ENDS),
        records_set_aside=row.set_aside,
        success_ratio=round(row.lessons.get("published", 0) / needed, 4) if needed else None,
        deadline=None
        if deadline is None
        else deadline.isoformat(timespec="microseconds").replace("+00:00", "Z"),
        seconds_to_deadline=left,
        in_time=None if ended is None or deadline is None else ended <= deadline,
        sections_rendered=row.rendered,
        sections_reused=reused,
        reuse_ratio=round(reused / row.places, 4) if row.places else None,
        cost=NightCost(cpu_seconds=row.work, film_seconds=row.film),
        failures=row.failures,
    )


def _deadline(desk: Desk, row: NightRow) -> datetime | None:
    """Return when the run is to be over, counted from when it was due or began; None: whenever it likes."""
    if desk.settings.deadline is None:
        return None
    begins = datetime.fromisoformat(row.run.started)
    due = _DUE.fullmatch(row.run.run_id)
    if due is not None and desk.settings.deadline_from == "logical_date":
        with suppress(ValueError):
            begins = datetime.fromisoformat(due[1])
    return (begins + desk.settings.deadline).astimezone(UTC)


def _report(desk: Desk, run_id: str) -> NightReport | None:
    from presgen.pipeline import name_of_run

    name = name_of_run(run_id)
    if not desk.workspace.has("reports", name):
        return None
    return desk.workspace.load("reports", name, NightReport)


def _documents(request: Request, report: NightReport | None) -> str | None:
    """Return the address of a run's documents; None: there are none, or nobody shows them."""
    where = request.app.state.documents
    if where is None or report is None or not report.data_docs:
        return None
    _, run, *_ = report.data_docs.split("/")
    return f"{where(root_of(request))}/{run}/index.html"
