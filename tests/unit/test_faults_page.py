"""`docs/faults.md` promises nothing that no test holds."""

from __future__ import annotations

import re
from pathlib import Path

from tests.conftest import ROOT

PAGE = ROOT / "docs" / "faults.md"
TESTS = ROOT / "tests"
NAMED = re.compile(r"`(?P<file>test_\w+\.py)?::(?P<test>test_\w+)`")


def rows() -> list[list[str]]:
    """Return the cells of every promise."""
    lines = [line for line in PAGE.read_text("utf-8").splitlines() if line.startswith("| ")]
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    return [row for row in cells if row[0] not in ("What goes wrong", "---")]


def named_in(cell: str) -> list[tuple[str, str]]:
    """Return the tests that a cell names, each with the file that it or the one before it names."""
    found: list[tuple[str, str]] = []
    for each in NAMED.finditer(cell):
        found.append((each["file"] or found[-1][0], each["test"]))
    return found


def defines(file: Path, test: str) -> bool:
    return re.search(rf"^\s*(?:async )?def {test}\(", file.read_text("utf-8"), re.MULTILINE) is not None


def test_every_promise_names_tests_and_every_test_it_names_is_there():
    assert len(rows()) > 20
    for fault, promise, cell in rows():
        assert promise, fault
        named = named_in(cell)
        assert len(named) == cell.count("`") // 2, fault
        assert named, fault
        for name, test in named:
            assert any(defines(file, test) for file in TESTS.rglob(name)), f"{name}::{test}"


def test_every_test_of_a_fault_is_named_or_belongs_to_a_file_that_is():
    told = {name for _, _, cell in rows() for name, _ in named_in(cell)}
    files = {file.name for file in (TESTS / "faults").glob("test_*.py")}

    assert {name for name in files if "spisa" not in name} <= told
