from __future__ import annotations

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


def test_warming_up_imports_every_module_and_leaves_no_python_thread_behind():
    code = (
        "import sys, threading\n"
        "from presgen_airflow.warm import MODULES, warm_up\n"
        "warm_up(['airflow', 'scheduler'], 'LocalExecutor')\n"
        "missing = [name for name in MODULES if name not in sys.modules]\n"
        "assert not missing, missing\n"
        "assert threading.active_count() == 1, threading.enumerate()\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    assert MODULES
