"""Our metrics arrive where Airflow's own do."""

from __future__ import annotations

import os
import subprocess
import sys

import tests.airflow_home
from tests.conftest import ROOT
from tests.telemetry import receiving

TASKS = """
import atexit, os
from airflow.sdk.observability import stats
from airflow.sdk.observability.metrics import stats_utils
from presgen import metrics
from presgen.stages import Stage, stage
from presgen_airflow.stats import AirflowStats

for number in range(2):
    if (child := os.fork()) == 0:
        stats.initialize(factory=stats_utils.get_stats_factory(), export_legacy_names=True)
        metrics.send_to(AirflowStats())
        with stage(Stage.LESSON_JOIN, lesson="lesson-1") as facts:
            facts["format"] = "square"
        metrics.push(metrics.Measured(metrics.NIGHT_SUCCESS, 0.75, {}))
        atexit._run_exitfuncs()
        os._exit(0)
    assert os.waitpid(child, 0)[1] == 0
"""
"""Two short processes, begun and ended as Airflow's supervisor begins and ends tasks."""


def test_what_many_short_processes_send_by_opentelemetry_adds_up():
    with receiving() as received:
        subprocess.run(
            [sys.executable, "-c", TASKS],
            env={
                **os.environ,
                **received.environment,
                "AIRFLOW_HOME": str(tests.airflow_home.HOME),
                "PYTHONPATH": str(ROOT / "include"),
            },
            check=True,
            capture_output=True,
        )
        points = received.points()

    stages = [point for point in points if point.name == "airflow.presgen.stages"]
    assert [(point.tags, point.value, point.delta) for point in stages] == 2 * [
        ({"stage": "lesson_join", "outcome": "ok"}, 1, True)
    ]
    assert sum(point.value for point in points if point.name == "airflow.presgen.videos") == 2
    assert sum(point.count for point in points if point.name == "airflow.presgen.stage.duration") == 2
    ratios = {point.value for point in points if point.name == "airflow.presgen.night.success_ratio"}
    assert ratios == {0.75}
