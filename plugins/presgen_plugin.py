"""A tab *Lessons* on every run in Airflow's UI: which lessons were made, and what failed why."""

from __future__ import annotations

from airflow.plugins_manager import AirflowPlugin

from presgen_airflow.pages import PREFIX, Pages


class PresGenPlugin(AirflowPlugin):
    """Mounts our pages; they ask for Airflow's log-in themselves, since Airflow mounts apps without it."""

    name = "presgen"
    fastapi_apps = [{"app": Pages(), "url_prefix": PREFIX, "name": "presgen"}]  # noqa: RUF012 - Airflow's own way
    external_views = [  # noqa: RUF012
        {
            "name": "Lessons",
            "href": f"{PREFIX.lstrip('/')}/nights/{{RUN_ID}}",
            "destination": "dag_run",
            "url_route": "presgen-lessons",
        }
    ]
