from __future__ import annotations

import pytest

from presgen.ledger import Ledger, SectionOutcome
from presgen.ledger.overview import Filter

ORDERS = {"order__a": "u-a", "order__b": "u-b"}


@pytest.fixture
def reordered(ledger: Ledger) -> Ledger:
    """A lesson of a night that two people have ordered since."""
    for run_id, person in ORDERS.items():
        ledger.orders.reserve(
            video_id=f"video-{person}",
            by=person,
            key=None,
            body="b" * 64,
            pseudonym="learner-1",
            lesson_id="lesson-1",
            run_id=run_id,
        )
        ledger.begin_run(run_id)
        ledger.enter_lesson(
            run_id, "lesson-1", pseudonym="learner-1", certification="networking", record="r" * 64
        )
    return ledger


@pytest.mark.parametrize(
    ("person", "video_id", "runs"),
    [
        ("u-viewer", "lesson-1", ["run-1"]),
        ("u-a", "video-u-a", ["order__a", "run-1"]),
        (None, "video-u-b", ["order__b", "order__a", "run-1"]),
    ],
)
def test_nobody_is_told_of_another_s_order_of_the_same_lesson(reordered, person, video_id, runs):
    page = reordered.overview.lessons(Filter(seen_by=person), limit=10)

    assert [(each.video_id, each.run_id) for each in page.lessons] == [(video_id, runs[0])]
    assert [each.run_id for each in reordered.overview.runs_of("lesson-1", person)] == runs


@pytest.mark.parametrize(("person", "total"), [("u-a", 1), ("u-b", 0), ("u-viewer", 0), (None, 1)])
def test_another_s_order_is_no_way_to_a_lesson(reordered, person, total):
    page = reordered.overview.lessons(Filter(run_id="order__a", seen_by=person), limit=10)

    assert (len(page.lessons), page.total) == (total, total)


def test_ordering_the_same_lesson_is_no_way_to_another_s_before_it_is_made(ledger):
    for run_id, person in ORDERS.items():
        ledger.orders.reserve(
            video_id=f"video-{person}",
            by=person,
            key=None,
            body="b" * 64,
            pseudonym="learner-2",
            lesson_id="lesson-2",
            run_id=run_id,
        )
    ledger.begin_run("order__a")
    ledger.enter_lesson(
        "order__a", "lesson-2", pseudonym="learner-2", certification="networking", record="r" * 64
    )

    seen = {
        person: [each.video_id for each in ledger.overview.lessons(Filter(seen_by=person), limit=10).lessons]
        for person in ORDERS.values()
    }
    assert seen == {"u-a": ["video-u-a", "lesson-1"], "u-b": ["lesson-1"]}
    assert ledger.overview.is_seen_by("lesson-2", "u-a")
    assert not ledger.overview.is_seen_by("lesson-2", "u-b")


def test_only_the_sections_that_failed_are_told_as_such(ledger):
    for number, outcome in enumerate(SectionOutcome):
        ledger.note_section("run-1", f"{number:064x}", outcome, slug=outcome.value, kind="remedy")

    failed = ledger.overview.failed_sections("run-1")

    assert {each.slug for each in failed} == {"failed", "rejected"}
    assert ledger.overview.failed_sections("run-2") == ()
