from __future__ import annotations

import os
import subprocess
import sys

import pytest

from presgen_airflow.warm import MODULES, forks_tasks


@pytest.mark.parametrize(
    ("arguments", "executor"),
    [
        (("airflow", "scheduler"), "LocalExecutor"),
        (("/venv/lib/airflow/__main__.py", "scheduler", "--pid", "x"), "LocalExecutor"),
        (("airflow", "celery", "worker", "-q", "default"), "CeleryExecutor"),
        (("airflow", "scheduler"), "LocalExecutor,CeleryExecutor"),
    ],
)
def test_processes_that_fork_tasks_are_recognised(arguments, executor):
    assert forks_tasks(arguments, executor)


@pytest.mark.parametrize(
    ("arguments", "executor"),
    [
        (("airflow", "scheduler"), "CeleryExecutor"),
        (("airflow", "dag-processor"), "LocalExecutor"),
        (("airflow", "api-server"), "LocalExecutor"),
        (("airflow", "celery", "flower"), "CeleryExecutor"),
        (("airflow", "dags", "list"), "LocalExecutor"),
        (("pytest",), "LocalExecutor"),
    ],
)
def test_all_other_processes_stay_light(arguments, executor):
    assert not forks_tasks(arguments, executor)


@pytest.mark.slow
def test_warming_up_imports_every_module_leaves_no_thread_behind_and_tells_nobody():
    code = (
        "import os, sys, threading\n"
        "from presgen_airflow.warm import MODULES, warm_up\n"
        "warm_up(['airflow', 'scheduler'], 'LocalExecutor')\n"
        "missing = [name for name in MODULES if name not in sys.modules]\n"
        "assert not missing, missing\n"
        "assert threading.active_count() == 1, threading.enumerate()\n"
        "assert os.environ['GX_ANALYTICS_ENABLED'] == 'false'\n"
        "assert os.environ['ORT_DISABLE_TELEMETRY'] == '1'\n"
    )
    wanted = {"GX_ANALYTICS_ENABLED": "true", "ORT_DISABLE_TELEMETRY": "0"}
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        timeout=120,
        env=os.environ | wanted,
    )
    assert done.returncode == 0, done.stderr
    assert MODULES
