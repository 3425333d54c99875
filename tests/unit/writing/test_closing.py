import pytest

from presgen.errors import BadScript
from presgen.personas import load_persona
from presgen.writing import plan_lesson, write_script
from presgen.writing.closing import closing
from tests.factories import make_answer, make_gap, make_learner, make_record


def make_closing(record, persona="mentor", *, top_gaps=3, lesson_id="lesson-1"):
    teacher = load_persona(persona)
    plan = plan_lesson(
        record, pseudonym="learner-1", lesson_id=lesson_id, persona=teacher, top_gaps=top_gaps, budget=300.0
    )
    return write_script(plan, record, teacher).sections[-1]


def two_gaps(**fields):
    return make_record(
        answers=[make_answer("q1"), make_answer("q2", domain="DNS")],
        gaps=[make_gap(), make_gap("dns", skill_name="DNS", exam_domain="DNS", question_ids=("q2",))],
        **fields,
    )


def test_a_closing_names_what_was_learned():
    section = make_closing(two_gaps())

    assert "DNS" in section.text
    assert "well-known ports" in section.text
    assert section.slide.recap == (
        "DNS: what a port is for and ports to know by heart",
        "Well-known ports: what a port is for and ports to know by heart",
    )


def test_a_closing_says_what_to_do_next():
    slide = make_closing(two_gaps(), top_gaps=1).slide

    assert slide.next_steps == (
        "Answer the question from today again",
        "Read RFC 6335, Section 6",
        "Next: Well-known ports",
    )


def test_questions_are_counted_in_the_right_number():
    assert make_closing(two_gaps()).slide.next_steps[0] == "Answer the two questions from today again"


def test_the_same_plan_ends_in_the_same_words_whoever_the_learner_is():
    one = make_closing(two_gaps(learner=make_learner(name="Ada Example")), lesson_id="lesson-1")
    two = make_closing(two_gaps(learner=make_learner(name="Bo Sample", id="L-2")), lesson_id="lesson-2")

    assert one == two
    assert "Ada" not in one.model_dump_json()


def test_the_recap_comes_before_the_next_steps():
    steps = [sentence.step for sentence in make_closing(two_gaps()).sentences]

    assert (steps[0], steps[-1]) == (1, 2)
    assert steps == sorted(steps)


@pytest.mark.parametrize("persona", ["mentor", "coach", "expert"])
def test_a_closing_takes_less_than_half_a_minute(persona):
    assert 6 <= make_closing(two_gaps(), persona).planned <= 22


def test_a_closing_that_cannot_be_short_enough_is_refused():
    record = two_gaps()
    teacher = load_persona("mentor")
    plan = plan_lesson(
        record, pseudonym="learner-1", lesson_id="lesson-1", persona=teacher, top_gaps=3, budget=300.0
    )
    long = plan.gaps[0].model_copy(update={"skill_name": "very long skill name " * 3})

    with pytest.raises(BadScript, match=r"closing takes \d+ s at its shortest; up to 7 s"):
        closing(plan.model_copy(update={"gaps": (long, plan.gaps[1]), "budget": 20.0}), [], teacher)
