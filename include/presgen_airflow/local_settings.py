"""Airflow's local settings: every process of Airflow imports a copy, ``config/airflow_local_settings.py``."""

from __future__ import annotations

import sys

from airflow.configuration import conf

from presgen_airflow.warm import warm_up

warm_up(sys.argv, conf.get("core", "executor"))
