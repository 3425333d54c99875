import pytest

from presgen.errors import BadScript
from presgen.model.lesson import LessonScript, SectionKind, Sentence
from presgen.personas import load_persona
from presgen.writing.limits import LIMITS, allowance, check_lesson, check_section
from tests.factories import make_section


def make_script(*kinds: SectionKind, planned: float = 10.0) -> LessonScript:
    sections = tuple(
        make_section(kind, slug=f"{kind.replace('_', '-')}-{i}", planned=planned)
        for i, kind in enumerate(kinds)
    )
    return LessonScript(
        lesson_id="lesson-1",
        pseudonym="learner-1",
        title="Ports",
        persona="mentor",
        locale="en-US",
        sections=sections,
        causes=(),
    )


OPENING, DEEP_DIVE, EXHIBIT, REMEDY, CLOSING = SectionKind


@pytest.mark.parametrize("kind", list(SectionKind))
def test_a_section_with_too_many_words_is_refused_by_number(kind):
    most = LIMITS[kind].words
    long = make_section(kind, sentences=(Sentence(text="word " * most + "end."),))

    with pytest.raises(BadScript, match=f"{most + 1} words; up to {most} would"):
        check_section(long)


@pytest.mark.parametrize("kind", list(SectionKind))
def test_a_section_that_takes_too_long_is_refused_by_seconds(kind):
    most = LIMITS[kind].seconds

    with pytest.raises(BadScript, match=f"takes {most + 5:.0f} s to say; up to {most:.0f} s"):
        check_section(make_section(kind, planned=most + 5))


def test_a_section_that_says_nothing_is_refused():
    with pytest.raises(BadScript, match="2 words; at least 4"):
        check_section(make_section(sentences=(Sentence(text="Well then."),)))


@pytest.mark.parametrize(
    ("kinds", "fault"),
    [
        ((), "start with its one opening; it has no section"),
        ((DEEP_DIVE, CLOSING), "start with its one opening"),
        ((OPENING, OPENING, DEEP_DIVE, CLOSING), "start with its one opening"),
        ((OPENING, DEEP_DIVE), "end with its one closing"),
        ((OPENING, CLOSING), "no deep_dive, no exhibit and no remedy; one would have been fine"),
    ],
)
def test_a_lesson_without_a_required_part_is_refused(kinds, fault):
    with pytest.raises(BadScript, match=fault):
        check_lesson(make_script(*kinds), load_persona("mentor"), 300)


@pytest.mark.parametrize("taught", [DEEP_DIVE, EXHIBIT, REMEDY])
def test_a_lesson_that_teaches_one_thing_is_enough(taught):
    check_lesson(make_script(OPENING, taught, CLOSING), load_persona("mentor"), 300)


def test_a_lesson_over_its_budget_is_refused_by_seconds():
    with pytest.raises(BadScript, match="takes 30 s to say; up to 29 s"):
        check_lesson(make_script(OPENING, DEEP_DIVE, CLOSING), load_persona("mentor"), 29)


def test_a_lesson_with_too_many_words_is_refused_by_number():
    with pytest.raises(BadScript, match=r"\d+ spoken words; up to 5 would"):
        check_lesson(make_script(OPENING, DEEP_DIVE, CLOSING, planned=0.1), load_persona("mentor"), 2)


def test_two_sections_of_one_name_are_refused():
    script = make_script(OPENING, DEEP_DIVE, DEEP_DIVE, CLOSING)
    twin = script.sections[2].model_copy(update={"slug": script.sections[1].slug})
    script = script.model_copy(update={"sections": (*script.sections[:2], twin, script.sections[3])})

    with pytest.raises(BadScript, match="two sections called"):
        check_lesson(script, load_persona("mentor"), 300)


def test_a_short_lesson_has_a_short_opening():
    assert allowance(OPENING, 45) < allowance(OPENING, 300) == LIMITS[OPENING].seconds
