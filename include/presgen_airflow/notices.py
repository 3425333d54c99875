"""What a night says to whoever is woken up."""

from __future__ import annotations

from collections.abc import Collection

import structlog

from presgen.errors import PermanentError, TransientError
from presgen.ledger import NoticeState
from presgen.model.references import NightReport
from presgen.model.rehearsal import Rehearsal
from presgen.night import Night
from presgen.rehearsing import told
from presgen_airflow.defaults import DEFAULT_ARGS

_log = structlog.get_logger("presgen.notices")


class NightFailed(PermanentError):
    """The night failed by its own measure; its tasks have kept what they finished."""


class OrdererNotTold(TransientError):
    """Whoever ordered a video could not be told how it ended: that is tried again, and nothing else is."""


def tell_whoever_ordered(night: Night) -> frozenset[NoticeState]:
    """Tell whoever ordered what this run was started for how it ended, where they want to be told.

    Others who could not be told by their own runs are told, too. Returns what became of telling one's own.
    """
    orders = night.ledger.orders
    # An order's business, and httpx is slow to import where a night has none.
    if any(order.webhook for order in (*orders.of_run(night.run_id), *orders.untold())):
        from presgen.api.webhooks import tell_ends

        return tell_ends(night)
    return frozenset()


def require_told(told: Collection[NoticeState], *, left: int) -> None:
    """Have a task tried again that could not tell whoever ordered; ``left`` is how often it still may be.

    Whoever does not answer gets one more round: a run that waits for them keeps others from theirs. The runs
    that end later tell them. A message that somebody died over is waited for until it can be taken over.

    Raises:
        OrdererNotTold: somebody has to be told, and there are tries left.
    """
    first = left >= DEFAULT_ARGS["retries"]
    if left > 0 and (NoticeState.CLAIMED in told or (NoticeState.WAITING in told and first)):
        raise OrdererNotTold("Whoever ordered the video could not be told yet. The run's report is kept.")


def tell_rehearsal(rehearsal: Rehearsal) -> None:
    """Write what a dry run would have made into the task's log."""
    print("\n".join(told(rehearsal)), flush=True)  # noqa: T201 - Airflow makes log lines of it


def require_a_good_night(report: NightReport, *, loaded: bool) -> None:
    """Let a good night pass, with a warning where records were set aside.

    ``loaded`` is whether the source could be read at all.

    Raises:
        NightFailed: the source could not be read, or the report says that the night did not pass.
    """
    if not loaded:
        raise NightFailed(
            "No lesson was made: the source could not be read. The log of load_learners says why."
        )
    if report.quarantined:
        _log.warning("records_set_aside", run=report.run_id, records=report.quarantined)
    for unusual in report.warnings:
        _log.warning("unusual", run=report.run_id, found=unusual)
    if report.passed:
        return
    lessons = ", ".join(f"{count} {status}" for status, count in sorted(report.lessons.items())) or "none"
    causes = "; ".join(f"{cause} ({count})" for cause, count in sorted(report.failures.items())) or "none"
    raise NightFailed(
        f"The night failed. Lessons: {lessons}. Causes: {causes}. Records set aside: {report.quarantined}. "
        + "".join(f"Not as expected: {each} " for each in report.rejections)
        + "What was finished is kept; the documentation of the DAG says what to do about each."
    )
