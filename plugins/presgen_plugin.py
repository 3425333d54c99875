"""*Lessons* in Airflow's UI: an entry of its navigation, and a tab on every run."""

from __future__ import annotations

from airflow.plugins_manager import AirflowPlugin

from presgen_airflow.api import Api
from presgen_airflow.monitoring import Monitoring
from presgen_airflow.pages import Pages
from presgen_airflow.references import API, MONITORING, PREFIX, VIEW

HERE = PREFIX.lstrip("/")
"""Relative: Airflow may live below a path of its own."""


class PresGenPlugin(AirflowPlugin):
    """Mounts our pages; they ask for Airflow's log-in themselves, since Airflow mounts apps without it."""

    name = "presgen"
    fastapi_apps = [  # noqa: RUF012 - Airflow's own way
        {"app": Pages(), "url_prefix": PREFIX, "name": "presgen"},
        {"app": Api(), "url_prefix": API, "name": "presgen-api"},
        {"app": Monitoring(), "url_prefix": MONITORING, "name": "presgen-monitoring"},
    ]
    external_views = [  # noqa: RUF012
        {
            "name": "Lessons",
            "href": f"{HERE}/nights",
            "destination": "nav",
            "url_route": VIEW,
            "icon": f"{HERE}/assets/any/lessons.svg",
            "icon_dark_mode": f"{HERE}/assets/any/lessons-dark.svg",
            "nav_top_level": True,
        },
        {
            "name": "Lessons",
            "href": f"{HERE}/nights/{{RUN_ID}}",
            "destination": "dag_run",
            "url_route": "presgen-lessons",
        },
        {
            "name": "Report",
            "href": f"{HERE}/reports/{{RUN_ID}}",
            "destination": "dag_run",
            "url_route": "presgen-report",
        },
    ]
