"""Reading the DAG file is cheap and touches nothing: the DAG processor does it all day."""

from __future__ import annotations

import sys
import sysconfig
from pathlib import Path
from typing import Any

import pytest

from benchmarks.dag_parse import ROOT, read_dag_file

HEAVY = (
    "pandas",
    "great_expectations",
    "numpy",
    "scipy",
    "av",
    "skia",
    "typst",
    "onnx",
    "onnxruntime",
    "hibari",
)

LIBRARIES = tuple(
    str(Path(path).resolve())
    for path in (sysconfig.get_path("stdlib"), sysconfig.get_path("purelib"), sys.prefix)
)


@pytest.fixture(scope="module")
def reading() -> dict[str, Any]:
    """What happened in a fresh process while it read the DAG file."""
    return read_dag_file()


def test_nothing_heavy_is_imported(reading: dict[str, Any]):
    assert [name for name in HEAVY if name in reading["loaded"]] == []


def test_nothing_is_read_listed_called_or_started(reading: dict[str, Any]):
    code = (*LIBRARIES, str(ROOT / "include"), str(ROOT / "dags"))

    beyond = [
        (event, target)
        for event, target in reading["touched"]
        if not (event in ("open", "os.listdir", "os.scandir") and _lies_in(target, code))
    ]

    assert beyond == []


def test_only_code_and_its_metadata_are_opened_in_our_own_folders(reading: dict[str, Any]):
    ours = [
        target for event, target in reading["touched"] if event == "open" and _lies_in(target, (str(ROOT),))
    ]
    code = [target for target in ours if target.endswith((".py", ".pyc")) or ".venv" in target]

    assert code
    assert ours == code


def _lies_in(target: str, folders: tuple[str, ...]) -> bool:
    return str(Path(target).resolve()).startswith(folders) or target.startswith(folders)
