"""The night a task belongs to."""

from __future__ import annotations

import structlog
from airflow.sdk import Context, get_current_context

from presgen import metrics
from presgen.media.formats import formats
from presgen.model.references import LearnerRef, LessonRef, NightReport
from presgen.night import Night, fail_lesson, open_night
from presgen.settings import Settings
from presgen_airflow.connections import ConnectionNames, drive_opener, with_secrets
from presgen_airflow.form import Choices, choices_of
from presgen_airflow.stats import AirflowStats

_log = structlog.get_logger("presgen.airflow")


def choices() -> Choices:
    """Return what was chosen for the run of the task that asks."""
    return choices_of(get_current_context()["params"])


def tonight() -> Night:
    """Open the night of the task that asks: the deployment's settings, this run's choices, this run's id.

    Raises:
        UnknownName: the run was started with a format that does not exist.
        StoreUnavailable: the ledger, or a connection that holds a secret, is away.
    """
    return _night(get_current_context())


def begin_tonight() -> Night:
    """Open the night as `tonight` does, and note by when it should have ended.

    Raises:
        UnknownName, StoreUnavailable: as `tonight` does.
    """
    from presgen_airflow.deadlines import awaited_in

    context = get_current_context()
    night = _night(context)
    night.ledger.figures.note_due(night.run_id, awaited_in(context).due)
    return night


def give_up(context: Context) -> None:
    """End a lesson in the ledger when one of its tasks has failed for the last time (a failure callback).

    Permanent errors have ended it already, and then this changes nothing.
    """
    [subject, *_] = getattr(context["task"], "op_args", ()) or (None,)
    error = context.get("exception")
    if isinstance(subject, LearnerRef | LessonRef) and isinstance(error, BaseException):
        fail_lesson(_night(context), subject.lesson_id, error, subject.record)


def keep_report(summary: NightReport) -> None:
    """Keep the report to read of the run of the task that asks, beside what else was found on it."""
    from presgen.bulletin import keep_account

    page = keep_account(tonight(), summary)
    _log.info("report_kept", run=summary.run_id, page=str(page))


def _night(context: Context) -> Night:
    metrics.send_to(AirflowStats())
    names = ConnectionNames()
    settings = with_secrets(Settings(), names)
    wanted = choices_of(context["params"])
    if wanted.formats:
        settings = settings.model_copy(
            update={"formats": tuple(formats[name].name for name in wanted.formats)}
        )
    if wanted.budget is not None:
        settings = settings.model_copy(update={"budget": wanted.budget})
    if wanted.publishers:
        settings = settings.model_copy(update={"publishers": wanted.publishers})
    return open_night(
        settings, context["run_id"], drive_opener(settings, names), attempt=context["ti"].try_number
    )
