from __future__ import annotations

import pytest

from presgen.ledger import Ledger, SectionOutcome
from presgen.ledger.contents import Content, Part
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


def use(ledger: Ledger, lesson_id: str, *keys: str) -> None:
    """Make a lesson of these sections, in place of those it had."""
    ledger.enter_lesson("run-1", lesson_id, pseudonym=lesson_id, certification="c", record="r" * 64)
    parts = tuple(
        Part(edition=0, number=number, format="stamp", key=key, slug="s", kind="remedy", title="T")
        for number, key in enumerate(keys)
    )
    ledger.contents.note(
        [Content(lesson_id=lesson_id, title="T", persona="p", locale="en", planned=9.0, parts=parts)]
    )


@pytest.fixture
def stored(ledger: Ledger) -> Ledger:
    """Sections ``0…`` to ``4…`` of a third of a second and more, used by five lessons, four, and so on."""
    keys = [f"{number}" * 64 for number in range(5)]
    for number, key in enumerate(keys):
        ledger.note_section(
            "run-1", key, SectionOutcome.RENDERED, slug="s", kind="remedy", seconds=number / 3 + 1 / 3
        )
        ledger.note_event("run-1", "avatar_render", key, {"outcome": "ok", "latency": 9.0, "cpu": 1.5})
        ledger.note_event("run-1", "tts_synthesize", key, {"outcome": "ok", "latency": 8.0, "cpu": 0.25})
    for number in range(5):
        use(ledger, f"lesson-{number}", *keys[: 5 - number])
    return ledger


@pytest.mark.parametrize(("order", "keys"), [("used", "01234"), ("saved", "12034"), ("newest", "43210")])
def test_pages_of_sections_make_the_whole_list(stored, order, keys):
    whole, total = stored.overview.sections(sort=order)
    pages, after = [], None
    while found := stored.overview.sections(sort=order, limit=2, after=after)[0]:
        pages += found
        after = (found[-1].rank, found[-1].key)

    assert "".join(each.key[0] for each in whole) == keys
    assert (tuple(pages), total) == (whole, 5)


def test_a_section_that_moves_up_hides_none_of_the_pages_that_follow(stored):
    first, _ = stored.overview.sections(limit=2)

    use(stored, "lesson-9", "4" * 64, "3" * 64)
    use(stored, "lesson-8", "4" * 64)
    rest, total = stored.overview.sections(after=(first[-1].rank, first[-1].key))

    assert [each.key[0] for each in first] == ["0", "1"]
    assert [each.key[0] for each in rest] == ["2", "3", "4"]
    assert total == 5


def test_what_re_use_has_spared_is_what_making_them_once_more_would_take(stored):
    stored.note_event("run-1", "section_reuse", "0" * 64, {"outcome": "ok", "latency": 1.0, "cpu": 9.0})
    # Made anew in another run: what making it takes is the mean.
    stored.note_event("run-2", "avatar_render", "0" * 64, {"outcome": "ok", "latency": 9.0, "cpu": 3.25})

    sections = {each.key[0]: each for each in stored.overview.sections()[0]}

    assert {key: (each.lessons, each.cost) for key, each in sections.items()} == {
        "0": (5, 2.5),
        "1": (4, 1.75),
        "2": (3, 1.75),
        "3": (2, 1.75),
        "4": (1, 1.75),
    }
    assert stored.overview.saved() == 4 * 2.5 + (3 + 2 + 1) * 1.75
