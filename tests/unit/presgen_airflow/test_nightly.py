"""The night runs once a day, also when clocks change."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pendulum
import pytest
from airflow.timetables.base import TimeRestriction
from airflow.timetables.trigger import CronTriggerTimetable as Planned

from presgen.settings import Settings
from presgen_airflow.defaults import nightly

CHANGES = [
    ("Europe/Berlin", datetime(2026, 3, 29, tzinfo=UTC)),
    ("Europe/Berlin", datetime(2026, 10, 25, tzinfo=UTC)),
    ("America/New_York", datetime(2026, 3, 8, tzinfo=UTC)),
    ("America/New_York", datetime(2026, 11, 1, tzinfo=UTC)),
]


def nights(schedule: str, zone: str, around: datetime) -> list[datetime]:
    """Return when the night runs within three days before and after, in UTC."""
    given = nightly(Settings(schedule=schedule, timezone=zone))
    assert given is not None
    # What the DAG file names is turned into this by the scheduler.
    planned = Planned(schedule, timezone=zone)
    begin = pendulum.instance(around - timedelta(days=3))
    limit = TimeRestriction(earliest=begin, latest=begin.add(days=7), catchup=True)
    found: list[datetime] = []
    last = None
    while (
        info := planned.next_dagrun_info(last_automated_data_interval=last, restriction=limit)
    ) is not None:
        found.append(info.run_after)
        last = info.data_interval
    return found


@pytest.mark.parametrize(("zone", "change"), CHANGES)
@pytest.mark.parametrize("schedule", ["0 2 * * *", "30 2 * * *", "30 1 * * *", "0 3 * * *"])
def test_every_date_has_one_night(schedule: str, zone: str, change: datetime):
    moments = nights(schedule, zone, change)

    dates = [moment.astimezone(pendulum.timezone(zone)).date() for moment in moments]
    assert len(dates) == len(set(dates)) >= 6
    assert all((b - a).days == 1 for a, b in pairwise(dates))
