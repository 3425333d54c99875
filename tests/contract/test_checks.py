"""What every quality check promises."""

from __future__ import annotations

import ast
import sys
from itertools import pairwise
from pathlib import Path

import pytest

from presgen.quality.checks import checks
from tests.unit.quality.films import make_evidence


@pytest.mark.parametrize("name", checks.names())
def test_a_good_section_has_no_findings(name):
    assert list(checks[name](make_evidence())) == []


@pytest.mark.parametrize("name", checks.names())
def test_a_good_lesson_has_no_findings(name):
    assert list(checks[name](make_evidence(sections=3, joined=True))) == []


@pytest.mark.parametrize("name", checks.names())
def test_a_check_is_called_after_its_file(name):
    assert checks[name].__module__ == f"presgen.quality.checks.{name.replace('-', '_')}"
    assert checks[name].__doc__


@pytest.mark.parametrize("name", checks.names())
def test_a_check_has_a_version(name):
    assert sys.modules[checks[name].__module__].VERSION >= 1


@pytest.mark.parametrize("name", checks.names())
def test_every_limit_of_a_check_says_where_it_comes_from(name):
    body = ast.parse(Path(sys.modules[checks[name].__module__].__file__).read_text()).body
    limits = [
        (node, after)
        for node, after in pairwise(body)
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) not in {"NAME", "VERSION"}
    ]

    assert limits
    for limit, after in limits:
        source = after.value if isinstance(after, ast.Expr) else None
        assert isinstance(source, ast.Constant), f"{ast.unparse(limit)} does not say where it comes from"
