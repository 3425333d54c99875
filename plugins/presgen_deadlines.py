"""The deadline of a night, where Airflow makes runs: in the scheduler and behind the API.

A plugin of its own, which imports little: without it no run could be made, and the pages are not worth that.
"""

from __future__ import annotations

from airflow.plugins_manager import AirflowPlugin

from presgen_airflow.deadlines import NightDeadline


class PresGenDeadlines(AirflowPlugin):
    """Registers what a deadline counts from."""

    name = "presgen-deadlines"
    deadline_references = [NightDeadline]  # noqa: RUF012 - Airflow's own way
