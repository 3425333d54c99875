"""Nights: what each came to, what it took, and what went wrong."""

from __future__ import annotations

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
from presgen.ledger.figures import NightFigures
from presgen.model.base import Seconds
from presgen.model.references import NightReport

router = APIRouter(tags=["nights"])


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
    return NightList(items=tuple(map(_summary, desk.ledger.figures.nights(limit, ordered=shown))))


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
    figures = _figures(desk, caller, run_id)
    report = _report(desk, run_id)
    return NightDetail(
        **_summary(figures).model_dump(),
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


def _figures(desk: Desk, caller: Principal, run_id: str) -> NightFigures:
    """Return what a run that the caller may see came to.

    Raises:
        Refusal: 404, there is none, or it makes somebody else's video.
    """
    found = desk.ledger.figures.night(run_id) if "\x00" not in run_id else None
    if found is None:
        raise not_found("night")
    if found.ordered and not caller.may(Right.OPERATE):
        orders = desk.ledger.orders.of_run(run_id)
        if all(order.by != caller.id for order in orders):
            raise not_found("night")
    return found


def _summary(night: NightFigures) -> NightSummary:
    run = night.run
    left = None
    if run.due is not None and run.ended is None:
        left = Seconds(round((datetime.fromisoformat(run.due) - datetime.now(UTC)).total_seconds(), 3))
    return NightSummary(
        run_id=run.run_id,
        ordered=night.ordered,
        started=run.started,
        ended=run.ended,
        passed=run.passed,
        lessons=night.lessons,
        total=night.total,
        over=night.over,
        records_set_aside=night.set_aside,
        success_ratio=night.success_ratio,
        deadline=run.due,
        seconds_to_deadline=left,
        in_time=None if night.spare is None else night.spare >= 0,
        sections_rendered=night.rendered,
        sections_reused=night.reused,
        reuse_ratio=night.reuse_ratio,
        cost=NightCost(cpu_seconds=night.cpu, film_seconds=night.film),
        failures=night.failures,
    )


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
