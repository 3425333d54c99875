"""What lessons are made of: noted before anything is rendered, and kept true."""

from __future__ import annotations

from presgen.ledger import Ledger
from presgen.ledger.contents import Content, content_of
from tests.nights import make_script


def make_content(*keys: str, lesson_id: str = "lesson-1", shape: str = "landscape", **fields) -> Content:
    """Make the content of a lesson of an opening, a deep dive and a closing, with those keys."""
    return content_of(make_script(lesson_id=lesson_id, **fields), [(shape, keys or ("a", "b", "c"))])


def test_a_lesson_without_a_script_has_no_content(ledger: Ledger):
    assert ledger.contents.of("lesson-1") is None


def test_what_is_noted_is_told_in_order(ledger: Ledger):
    content = content_of(
        make_script(lesson_id="lesson-1"), [("landscape", ("a", "b", "c")), ("portrait", ("d", "e", "f"))]
    )

    ledger.contents.note([content])

    assert ledger.contents.of("lesson-1") == content
    assert [(part.edition, part.number, part.key) for part in content.parts][3:] == [
        (1, 0, "d"),
        (1, 1, "e"),
        (1, 2, "f"),
    ]


def test_what_is_noted_last_counts(ledger: Ledger):
    ledger.contents.note([make_content("a", "b", "c")])

    ledger.contents.note([make_content("x", "y", "z", title="Other")])

    content = ledger.contents.of("lesson-1")
    assert content is not None
    assert (content.title, [part.key for part in content.parts]) == ("Other", ["x", "y", "z"])


def test_a_part_without_a_key_keeps_the_one_it_had_in_that_format(ledger: Ledger):
    ledger.contents.note([make_content("a", "b", "c")])

    ledger.contents.note([make_content("", "new", "")])
    kept = ledger.contents.of("lesson-1")
    ledger.contents.note([make_content("", "new", "", shape="portrait")])
    other = ledger.contents.of("lesson-1")

    assert kept is not None
    assert other is not None
    assert [part.key for part in kept.parts] == ["a", "new", "c"]
    assert [part.key for part in other.parts] == ["", "new", ""]


def test_keys_that_become_known_change_nothing_else_and_no_other_lesson(ledger: Ledger):
    ledger.enter_lesson("run-1", "lesson-2", pseudonym="learner-2", certification="c", record="r" * 64)
    other = make_content("", "d", "", lesson_id="lesson-2")
    ledger.contents.note([make_content("", "b", ""), other])

    ledger.contents.note([make_content("a", "b", "c")])

    assert ledger.contents.of("lesson-1") == make_content("a", "b", "c")
    assert ledger.contents.of("lesson-2") == other


def test_a_lesson_that_was_erased_meanwhile_is_left_out(ledger: Ledger):
    ledger.contents.note([make_content(lesson_id="lesson-erased"), make_content()])

    assert ledger.contents.of("lesson-erased") is None
    assert ledger.contents.of("lesson-1") == make_content()


def test_contents_go_with_their_learner(ledger: Ledger):
    ledger.contents.note([make_content()])

    ledger.erasures.remove("learner-1", ledger.erasures.begin("learner-1", ["lesson-1"]))

    assert ledger.contents.of("lesson-1") is None
