"""The last line of a failed night says how many, why, and that nothing is lost."""

from __future__ import annotations

from typing import Any

import pytest
from structlog.testing import capture_logs

from presgen.errors import TransientError
from presgen.ledger import NoticeState
from presgen.model.base import Seconds
from presgen.model.references import NightReport
from presgen_airflow.defaults import DEFAULT_ARGS
from presgen_airflow.notices import (
    NightFailed,
    OrdererNotTold,
    require_a_good_night,
    require_told,
    tell_whoever_ordered,
)
from tests.nights import make_night


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


ALL = DEFAULT_ARGS["retries"]


@pytest.mark.parametrize(
    ("told", "left", "again"),
    [
        ((), ALL, False),
        ((NoticeState.DELIVERED, NoticeState.REFUSED), ALL, False),
        ((NoticeState.DELIVERED, NoticeState.WAITING), ALL, True),
        ((NoticeState.WAITING,), ALL - 1, False),
        ((NoticeState.CLAIMED,), ALL, True),
        ((NoticeState.CLAIMED,), 1, True),
        ((NoticeState.CLAIMED,), 0, False),
        ((NoticeState.WAITING,), 0, False),
    ],
)
def test_a_report_is_tried_again_for_whoever_was_not_told_but_not_for_long(told, left, again):
    if again:
        with pytest.raises(OrdererNotTold):
            require_told(told, left=left)
    else:
        require_told(told, left=left)


def test_that_somebody_was_not_told_is_worth_another_try():
    assert issubclass(OrdererNotTold, TransientError)


def test_a_night_without_orders_tells_nobody(tmp_path):
    assert tell_whoever_ordered(make_night(tmp_path)) == frozenset()


def test_a_night_tells_whoever_could_not_be_told_by_an_order_s_own_run(tmp_path):
    night = make_night(tmp_path)
    orders = night.ledger.orders
    chosen = {"by": "u-1", "key": None, "body": "b", "pseudonym": "learner-a", "lesson_id": "lesson-1"}
    orders.reserve("video-1", **chosen, run_id="order__1", webhook="https://hooks.example.org")
    night.ledger.begin_run("order__1")
    night.ledger.end_run("order__1", passed=False)

    assert tell_whoever_ordered(night) == frozenset()

    # The deployment tells nobody: that is noted, and not tried for ever.
    assert orders.notices("video-1") == {"failed": NoticeState.REFUSED}
    assert orders.untold() == ()
