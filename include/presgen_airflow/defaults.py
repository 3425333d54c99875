"""What all our DAGs have in common: retries and the schedule."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from airflow.sdk import CronTriggerTimetable

from presgen.settings import Settings
from presgen_airflow.retries import RETRY_POLICY

DEFAULT_ARGS: dict[str, Any] = {
    "owner": "presgen",
    "retries": 3,
    "retry_delay": timedelta(seconds=30),
    "retry_exponential_backoff": 2.0,
    "max_retry_delay": timedelta(minutes=10),
    "retry_policy": RETRY_POLICY,
    # The scheduler knows no order among lessons, and counting descendants of mapped tasks costs it time.
    "weight_rule": "absolute",
}


def nightly(settings: Settings) -> CronTriggerTimetable | None:
    """Return the deployment's schedule; None where runs are started by hand only."""
    if not settings.schedule:
        return None
    return CronTriggerTimetable(settings.schedule, timezone=settings.timezone)
