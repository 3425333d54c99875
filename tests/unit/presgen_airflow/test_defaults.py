"""The schedule is the deployment's."""

from __future__ import annotations

from presgen.settings import Settings
from presgen_airflow.defaults import nightly


def test_the_night_starts_when_and_where_the_settings_say():
    timetable = nightly(Settings(schedule="30 1 * * *", timezone="Europe/Berlin"))

    assert (timetable.expression, str(timetable.timezone)) == ("30 1 * * *", "Europe/Berlin")


def test_without_a_schedule_runs_start_by_hand_only():
    assert nightly(Settings(schedule="")) is None
