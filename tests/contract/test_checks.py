"""What every quality check promises."""

from __future__ import annotations

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
