"""An Airflow of the tests' own, chosen before anything imports Airflow: importing this module does it.

Its database is SQLite in a folder that goes when the tests have ended.
"""

from __future__ import annotations

import atexit
import os
import shutil
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parent.parent


def _choose_home() -> Path:
    if "airflow" in sys.modules:
        raise RuntimeError("Something imported Airflow before tests.airflow_home could choose its home.")
    home = Path(tempfile.mkdtemp(prefix="presgen-airflow-"))
    atexit.register(shutil.rmtree, home, ignore_errors=True)
    for name in [name for name in os.environ if name.startswith(("AIRFLOW_", "PRESGEN_"))]:
        if not name.startswith("PRESGEN_TEST_"):
            del os.environ[name]
    os.environ |= {
        "AIRFLOW_HOME": str(home),
        "AIRFLOW__CORE__DAGS_FOLDER": str(ROOT / "dags"),
        "AIRFLOW__CORE__PLUGINS_FOLDER": str(ROOT / "plugins"),
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        "AIRFLOW__CORE__ALLOWED_DESERIALIZATION_CLASSES": "airflow.* presgen.model.*",
    }
    return home


HOME = _choose_home()
