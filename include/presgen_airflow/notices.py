"""What a night says to whoever is woken up."""

from __future__ import annotations

import structlog

from presgen.errors import PermanentError
from presgen.model.references import NightReport
from presgen.model.rehearsal import Rehearsal
from presgen.night import Night
from presgen.rehearsing import told

_log = structlog.get_logger("presgen.notices")


class NightFailed(PermanentError):
    """The night failed by its own measure; its tasks have kept what they finished."""


def tell_whoever_ordered(night: Night) -> None:
    """Tell whoever ordered what this run was started for how it ended, where they want to be told."""
    # An order's business, and httpx is slow to import where a night has none.
    if any(order.webhook for order in night.ledger.orders.of_run(night.run_id)):
        from presgen.api.webhooks import tell_ends

        tell_ends(night)


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
