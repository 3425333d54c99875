"""Airflow on one machine: SQLite, LocalExecutor, loopback; no root, no Docker.

python -m presgen_airflow.local up | down | status | demo
"""
