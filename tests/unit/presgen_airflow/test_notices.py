"""The last line of a failed night says how many, why, and that nothing is lost."""

from __future__ import annotations

from typing import Any

import pytest
from structlog.testing import capture_logs

from presgen.model.base import Seconds
from presgen.model.references import NightReport
from presgen_airflow.notices import NightFailed, require_a_good_night


def make_report(**fields: Any) -> NightReport:
    defaults: dict[str, Any] = {
        "run_id": "night-1",
        "lessons": {"published": 3},
        "quarantined": 0,
        "sections_rendered": 4,
        "sections_reused": 5,
        "film": Seconds(600.0),
        "failures": {},
        "passed": True,
    }
    return NightReport(**defaults | fields)


def test_a_good_night_passes():
    require_a_good_night(make_report(), loaded=True)


def test_a_failed_night_names_its_causes_and_counts():
    report = make_report(
        lessons={"published": 1, "quarantined": 2},
        quarantined=4,
        failures={"QualityRejected": 2},
        passed=False,
    )

    with pytest.raises(
        NightFailed, match=r"1 published, 2 quarantined\. Causes: QualityRejected \(2\).*set aside: 4"
    ):
        require_a_good_night(report, loaded=True)


def test_a_night_whose_source_could_not_be_read_is_not_good():
    with pytest.raises(NightFailed, match="load_learners says why"):
        require_a_good_night(make_report(lessons={}), loaded=False)


def test_a_night_that_is_not_as_expected_names_lessons_and_values():
    found = "expectations: duration_ratio is wrong in duration_ratio 0.3, lesson_id lesson-1."
    report = make_report(rejections=(found,), passed=False)

    with pytest.raises(NightFailed, match=r"Not as expected: .*0\.3, lesson_id lesson-1\. What was"):
        require_a_good_night(report, loaded=True)


def test_what_is_unusual_is_told_and_fails_nothing():
    with capture_logs() as logs:
        require_a_good_night(make_report(warnings=("sha256 is wrong in lesson_id lesson-1.",)), loaded=True)

    [line] = logs
    assert (line["log_level"], line["found"]) == ("warning", "sha256 is wrong in lesson_id lesson-1.")
