"""What reading the DAG file costs: time and modules beyond Airflow's own import.

python benchmarks/dag_parse.py [REPEATS]
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

PROBE = """
import json, sys, time

import airflow.sdk
import airflow.sdk.definitions.decorators
from airflow.sdk import CronTriggerTimetable, ExceptionRetryPolicy, Param, dag, task, task_group

before = set(sys.modules)
touched = []
OUTSIDE = ("open", "os.listdir", "os.scandir", "socket.connect", "socket.getaddrinfo", "subprocess.Popen")
sys.addaudithook(lambda event, args: touched.append([event, str(args[0])]) if event in OUTSIDE else None)
cpu, wall = time.process_time(), time.perf_counter()
import runpy
runpy.run_path(sys.argv[1])
cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
print(json.dumps({
    "cpu": cpu, "wall": wall, "touched": touched,
    "modules": sorted(set(sys.modules) - before), "loaded": sorted(sys.modules),
}))
"""


def read_dag_file() -> dict[str, object]:
    """Read the DAG file in a fresh process and return what that took."""
    with tempfile.TemporaryDirectory() as home:
        environment = {
            "AIRFLOW_HOME": home,
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(ROOT / "include"),
            "PYTHONDONTWRITEBYTECODE": "1",
        }
        done = subprocess.run(
            [sys.executable, "-c", PROBE, str(ROOT / "dags" / "produce_lessons.py")],
            env=environment,
            cwd=home,
            capture_output=True,
            text=True,
            check=True,
        )
    found: dict[str, object] = json.loads(done.stdout.splitlines()[-1])
    return found


def main() -> None:
    """Print the table."""
    repeats = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    runs = [read_dag_file() for _ in range(repeats)]
    modules = runs[0]["modules"]
    assert isinstance(modules, list)
    print(f"dags/produce_lessons.py, {repeats} fresh processes, beyond `import airflow.sdk`")
    for name in ("cpu", "wall"):
        seconds = [float(str(run[name])) for run in runs]
        print(f"  {name:<5} median {statistics.median(seconds):.3f} s   lowest {min(seconds):.3f} s")
    print(f"  modules imported: {len(modules)}, ours {sum(name.startswith('presgen') for name in modules)}")


if __name__ == "__main__":
    main()
