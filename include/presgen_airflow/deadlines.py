"""By when a night should have ended, and what happens when it has not.

Airflow keeps the deadline: it notes it with the run and, when it passes, starts our callback in the
triggerer. Both are in Airflow's database, so a scheduler or a triggerer that dies in between loses nothing;
that nobody is told twice is the ledger's business. The reference is our own, since Airflow's know neither a
deadline that was chosen for one run nor a run without a logical date.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import structlog
from airflow.sdk.definitions.callback import AsyncCallback
from airflow.sdk.definitions.deadline import BaseDeadlineReference, DeadlineAlert

from presgen.alerting import Awaited
from presgen.settings import Settings

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

CHOICE = "deadline"
"""What the trigger form calls the minutes that one run may take."""
LONGEST = timedelta(days=7)

PAUSES = (10.0, 30.0, 60.0, 120.0, 300.0, *[600.0] * 10)
"""Seconds between tries to tell, two hours in all: a mail server may be away for a while."""

_SCHEDULED = "scheduled"

_log = structlog.get_logger("presgen.deadlines")


class NightDeadline(BaseDeadlineReference):
    """When a run's deadline counts from, moved so that what was chosen for the run comes out.

    To be registered by a plugin: Airflow evaluates it where runs are made.
    """

    required_kwargs = frozenset({"dag_id", "run_id"})

    def __init__(self, start: str = "logical_date", default: float = 0.0) -> None:
        self.start = start
        self.default = default
        """Seconds; what Airflow adds. 0: only a run that chose a deadline has one."""

    def serialize_reference(self) -> dict[str, Any]:
        """Return what brings this back."""
        return {**super().serialize_reference(), "start": self.start, "default": self.default}

    @classmethod
    def deserialize_reference(cls, reference_data: dict[str, Any]) -> NightDeadline:
        """Return the reference that was serialized so."""
        return cls(str(reference_data["start"]), float(reference_data["default"]))

    def _evaluate_with(self, *, session: Session, dag_id: str, run_id: str) -> datetime | None:
        from airflow.models import DagRun
        from sqlalchemy import select

        wanted = (DagRun.logical_date, DagRun.queued_at, DagRun.run_after, DagRun.run_type, DagRun.conf)
        row = session.execute(
            select(*wanted).where(DagRun.dag_id == dag_id, DagRun.run_id == run_id)
        ).one_or_none()
        if row is None:
            return None
        default = timedelta(seconds=self.default)
        found = awaited_of(run_id, {**row._mapping, "run_type": str(row.run_type)}, self.start, default)
        return None if found.due is None else found.due - default


def night_deadline(settings: Settings) -> DeadlineAlert:
    """Return the deadline of every run of a DAG."""
    default = settings.deadline or timedelta(0)
    return DeadlineAlert(
        name="The night's lessons are ready",
        reference=NightDeadline(settings.deadline_from, default.total_seconds()),
        interval=default,
        callback=AsyncCallback(tell_lateness),
    )


def awaited_of(run_id: str, run: Mapping[str, Any], start: str, default: timedelta | None) -> Awaited:
    """Return by when a run should have ended. ``run`` has what Airflow knows of it, by its own names.

    Only what the schedule started counts from its logical date: a run by hand has none, and one that catches
    up on a past night would be late before it began.
    """
    scheduled = str(run.get("run_type")).rpartition(".")[2].lower() == _SCHEDULED
    moments = [run.get("logical_date")] if start == "logical_date" and scheduled else []
    moments += [run.get("queued_at"), run.get("start_date"), run.get("run_after")]
    since = next((_moment(each) for each in moments if each is not None), datetime.now(UTC))
    length = _chosen(run.get("conf")) or default
    return Awaited(run_id=run_id, since=since, due=since + length if length else None)


def awaited_in(context: Mapping[str, Any]) -> Awaited:
    """Return by when the run of the task that asks should have ended."""
    run, settings = context["dag_run"], Settings()
    names = ("run_type", "logical_date", "start_date", "run_after", "conf")
    told = {name: getattr(run, name, None) for name in names}
    return awaited_of(str(context["run_id"]), told, settings.deadline_from, settings.deadline)


async def tell_lateness(context: Mapping[str, Any]) -> str:
    """Tell that a run is late, unless it is not, or was told: Airflow calls this when its deadline passes.

    Raises:
        Exception: nobody could be told within two hours.
    """
    from presgen_airflow.alerts import tell_if_late

    run = context["dag_run"]
    settings = Settings()
    awaited = awaited_of(str(run["dag_run_id"]), run, settings.deadline_from, settings.deadline)
    for pause in PAUSES:
        try:
            if await asyncio.to_thread(tell_if_late, awaited):
                return "told, or nothing to tell"
        except Exception as error:  # noqa: BLE001 - tried again; the last try below raises what it meets
            _log.warning("lateness_not_told", run=awaited.run_id, cause=type(error).__name__)
        await asyncio.sleep(pause)
    if not await asyncio.to_thread(tell_if_late, awaited):
        raise TimeoutError(f"Nobody could be told that {awaited.run_id} is late.")
    return "told at last"


def _chosen(conf: Any) -> timedelta | None:
    """Return the deadline that was chosen for one run, in minutes; None: none was, or none that can be."""
    minutes = conf.get(CHOICE) if isinstance(conf, Mapping) else None
    if isinstance(minutes, bool) or not isinstance(minutes, int | float) or minutes <= 0:
        return None
    return min(timedelta(minutes=minutes), LONGEST) if minutes < LONGEST.total_seconds() else LONGEST


def _moment(value: Any) -> datetime:
    moment = datetime.fromisoformat(value) if isinstance(value, str) else value
    return moment.replace(tzinfo=moment.tzinfo or UTC).astimezone(UTC)
