from __future__ import annotations

import pytest

from presgen.alerting import NoticeKind, failure_notices, run_failed_notice
from presgen.model.lesson import LessonStatus
from tests.unit.alerting.conftest import NIGHT


def test_a_good_night_tells_nothing(book, limits, report):
    book.lessons(9, LessonStatus.PUBLISHED)
    book.lesson(LessonStatus.NOT_NEEDED)

    assert failure_notices(book.ledger, report(), limits) == ()


def test_few_failures_wake_nobody(book, limits, report):
    book.lessons(9, LessonStatus.PUBLISHED)
    book.lesson(LessonStatus.FAILED, cause="CorruptMedia")

    assert failure_notices(book.ledger, report(passed=False), limits) == ()


def test_a_share_of_failures_gives_one_notice_grouped_by_cause(book, limits, report):
    book.lessons(7, LessonStatus.PUBLISHED)
    book.lessons(2, LessonStatus.FAILED, cause="CorruptMedia", reason="The clip has no frame.")
    book.lesson(LessonStatus.QUARANTINED, cause="QualityRejected", reason="lesson-0123456789 is silent.")

    [notice] = failure_notices(book.ledger, report(passed=False), limits)

    assert notice.kind is NoticeKind.MANY_FAILURES
    assert notice.title == "3 of 10 lessons failed"
    assert [(group.cause, group.count) for group in notice.groups] == [
        ("CorruptMedia", 2),
        ("QualityRejected", 1),
    ]
    assert all(group.todo for group in notice.groups)


def test_reasons_that_differ_in_ids_only_are_one_group(book, limits, report):
    for number in range(3):
        reason = f"lesson-00000000000{number} is rejected: digest {str(number) * 12} is wrong."
        book.lesson(LessonStatus.FAILED, cause="CorruptMedia", reason=reason)

    [notice] = failure_notices(book.ledger, report(passed=False), limits)

    [group] = notice.groups
    assert group.count == 3
    assert group.example == "… is rejected: digest … is wrong."


def test_a_number_of_failures_is_enough_however_large_the_night(book, limits, report):
    book.lessons(3, LessonStatus.PUBLISHED)
    few = limits.model_copy(update={"ratio": 1.0, "failures": 2})
    book.lesson(LessonStatus.FAILED, cause="BadScript")
    assert failure_notices(book.ledger, report(passed=False), few) == ()

    book.lesson(LessonStatus.FAILED, cause="BadScript")

    [notice] = failure_notices(book.ledger, report(passed=False), few)
    assert notice.kind is NoticeKind.MANY_FAILURES


def test_a_section_that_costs_many_learners_their_lesson_is_named_with_its_command(book, limits, report):
    book.lessons(40, LessonStatus.PUBLISHED)
    lost = book.lessons(6, LessonStatus.FAILED, cause="SectionFailed", reason="Section remedy-q7 failed.")
    book.failed_section("remedy-q7", "a" * 64, lost)

    [notice] = failure_notices(book.ledger, report(passed=False), limits)

    assert notice.kind is NoticeKind.SECTION_FAILS_MANY
    assert notice.groups[0].cause == "section remedy-q7"
    assert notice.groups[0].count == 6
    assert notice.groups[0].todo.startswith("`presgen sections retry aaaaaaaaaaaa`")
    patient = limits.model_copy(update={"section_learners": 6})
    assert failure_notices(book.ledger, report(passed=False), patient) == ()


def test_a_section_behind_many_failures_is_told_in_the_same_notice(book, limits, report):
    lost = book.lessons(6, LessonStatus.FAILED, cause="SectionFailed", reason="Section remedy-q7 failed.")
    book.failed_section("remedy-q7", "a" * 64, lost)

    [notice] = failure_notices(book.ledger, report(passed=False), limits)

    assert notice.kind is NoticeKind.MANY_FAILURES
    assert "section remedy-q7" in notice.likely_cause


def test_blocked_deliveries_are_a_topic_of_their_own(book, limits, report):
    book.lessons(50, LessonStatus.PUBLISHED)
    reason = "Drive is full for ada@example.org. Remedy: make room."
    book.lesson(LessonStatus.DELIVERY_BLOCKED, cause="DeliveryBlocked", reason=reason)

    [notice] = failure_notices(book.ledger, report(passed=False), limits)

    assert notice.kind is NoticeKind.DELIVERY_BLOCKED
    assert notice.likely_cause == "Drive is full for ‹address› Remedy: make room."


def test_lessons_left_on_their_way_count_as_failed(book, limits, report):
    book.lessons(3, LessonStatus.PUBLISHED)
    book.lesson(LessonStatus.AVATAR_RENDERING)

    [notice] = failure_notices(book.ledger, report(passed=False), limits)

    assert notice.groups[0].cause == "Unfinished"


def test_a_source_that_could_not_be_read_is_the_run_s_failure(book, limits, report):
    [notice] = failure_notices(book.ledger, report(), limits, loaded=False)

    assert notice.kind is NoticeKind.RUN_FAILED
    assert "source could not be read" in notice.summary


def test_a_night_whose_records_were_all_set_aside_is_told(book, limits, report):
    [notice] = failure_notices(book.ledger, report(quarantined=12, passed=False), limits)

    assert notice.summary == "Every record was set aside: 12 records."


def test_an_implausible_night_is_told_and_too_few_lessons_are_the_limits_business(book, limits, report):
    book.lessons(9, LessonStatus.PUBLISHED)
    book.lesson(LessonStatus.FAILED, cause="CorruptMedia")
    few = "expectations: success_ratio is wrong in success_ratio 0.7, run night-1."
    odd = "expectations: duration_ratio is wrong in duration_ratio 0.3, lesson_id lesson-0123456789."

    assert failure_notices(book.ledger, report(rejections=(few,), passed=False), limits) == ()
    [notice] = failure_notices(book.ledger, report(rejections=(few, odd), passed=False), limits)

    assert notice.kind is NoticeKind.RUN_FAILED
    assert notice.likely_cause == "expectations: duration_ratio is wrong in duration_ratio 0.3, lesson_id …."


def test_an_order_tells_whoever_made_it_and_wakes_nobody(book, limits, report):
    lesson = book.lesson(LessonStatus.FAILED, cause="BadScript")
    book.ledger.orders.reserve(
        "video-1", by="ada", key=None, body="b" * 64, pseudonym="learner-1", lesson_id=lesson, run_id=NIGHT
    )

    assert failure_notices(book.ledger, report(passed=False), limits) == ()


@pytest.mark.parametrize("away", [False, True])
def test_a_run_that_ended_without_its_report_is_told_with_or_without_a_ledger(book, away):
    book.lesson(LessonStatus.PUBLISHED)
    book.lesson(LessonStatus.AVATAR_RENDERING)

    notice = run_failed_notice(None if away else book.ledger, NIGHT, "Airflow ended the run.")

    assert notice.kind is NoticeKind.RUN_FAILED
    assert notice.affected == (0 if away else 1)


def test_many_causes_are_summed_up(book, limits, report):
    for number in range(9):
        book.lesson(LessonStatus.FAILED, cause=f"KeyError at writer.py:{number}", reason="?")

    [notice] = failure_notices(book.ledger, report(passed=False), limits)

    assert len(notice.groups) == 7
    assert (notice.groups[-1].cause, notice.groups[-1].count) == ("3 other causes", 3)
    assert sum(group.count for group in notice.groups) == 9
