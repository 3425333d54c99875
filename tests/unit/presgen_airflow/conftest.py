"""Chooses Airflow's home before any test here imports Airflow."""

import tests.airflow_home  # noqa: F401
