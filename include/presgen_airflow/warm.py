"""What tasks need is imported once, in the process that forks them, and not by every task again.

Great Expectations alone takes 3.4 CPU seconds to import, and each of a night's tasks is a process of its own.
A fork inherits what its parent has imported: so the scheduler of a LocalExecutor and the worker of a
CeleryExecutor import it as they start.
"""

from __future__ import annotations

import importlib
from collections.abc import Sequence

MODULES = (
    "presgen.pipeline",
    "presgen.quality.inspection",
    "presgen.publishing",
    "pandas",
    "great_expectations",
    "scipy.signal",
    "av",
    "skia",
    "typst",
    "onnx",
    "onnxruntime",
)
"""None of them starts a thread that a fork would lose."""


def forks_tasks(arguments: Sequence[str], executor: str) -> bool:
    """Return whether the Airflow command with these arguments, its name first, runs tasks in its forks."""
    if "LocalExecutor" in executor and list(arguments[1:2]) == ["scheduler"]:
        return True
    return "CeleryExecutor" in executor and list(arguments[1:3]) == ["celery", "worker"]


def warm_up(arguments: Sequence[str], executor: str) -> None:
    """Import `MODULES`, if this process is one that forks tasks."""
    if not forks_tasks(arguments, executor):
        return
    from presgen import validation
    from presgen.rendering.studio.voice import network

    network.keep_quiet()
    validation.keep_quiet()
    for module in MODULES:
        importlib.import_module(module)
