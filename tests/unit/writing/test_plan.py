import random

import pytest

from presgen.errors import BadScript
from presgen.model.learner import ContentItem
from presgen.model.lesson import SectionKind
from presgen.personas import load_persona
from presgen.writing import plan_lesson, write_script
from presgen.writing.limits import allowance
from presgen.writing.plan import weigh
from tests.factories import make_answer, make_gap, make_outline, make_record

MENTOR = load_persona("mentor")


def make_plan(record, *, persona=MENTOR, top_gaps=3, budget=300.0):
    return plan_lesson(
        record, pseudonym="learner-1", lesson_id="lesson-1", persona=persona, top_gaps=top_gaps, budget=budget
    )


def skills(gaps):
    return [gap.skill_id for gap in gaps]


def in_domains(**scores: float):
    """Make a record with a gap of severity 5 and a wrong answer in each domain."""
    return make_record(
        answers=[make_answer(f"q-{name}", domain=name, question_text=f"What is {name}?") for name in scores],
        gaps=[
            make_gap(name, skill_name=name, exam_domain=name, severity=5, question_ids=(f"q-{name}",))
            for name in scores
        ],
        performance_by_domain=scores,
    )


def test_a_severity_that_contradicts_the_score_does_not_win():
    assert weigh(6, lost=60, wrong=0, confidence_delta=None) > weigh(9, lost=5, wrong=4, confidence_delta=1)


def test_wrong_answers_and_over_confidence_never_lift_a_gap_over_one_far_worse():
    assert weigh(5, lost=50, wrong=99, confidence_delta=99) < weigh(
        5 + 4.6, lost=50, wrong=0, confidence_delta=None
    )


@pytest.mark.parametrize(
    ("heavier", "lighter"),
    [
        ((6, 50, 1, 0.0), (5, 50, 1, 0.0)),
        ((5, 60, 1, 0.0), (5, 50, 1, 0.0)),
        ((5, 50, 2, 0.0), (5, 50, 1, 0.0)),
        ((5, 50, 1, 0.4), (5, 50, 1, 0.0)),
        ((5, 50, 1, 0.4), (5, 50, 1, None)),
        ((5, 50, 1, 40.0), (5, 50, 1, 0.1)),
    ],
)
def test_worse_in_one_respect_weighs_more(heavier, lighter):
    assert weigh(*heavier) > weigh(*lighter)


def test_modesty_is_not_held_against_anybody():
    assert weigh(5, 50, 1, -0.8) == weigh(5, 50, 1, None)


def test_the_weightiest_gap_is_taught_first():
    plan = make_plan(in_domains(alpha=70.0, beta=20.0, gamma=50.0))

    assert skills(plan.gaps) == ["beta", "gamma", "alpha"]


def test_equal_gaps_go_by_their_ids():
    plan = make_plan(in_domains(beta=50.0, alpha=50.0))

    assert skills(plan.gaps) == ["alpha", "beta"]


def test_the_order_of_the_record_does_not_matter():
    record = in_domains(alpha=70.0, beta=20.0, gamma=50.0, delta=40.0)
    gaps = list(record.gap_analysis.skill_gaps)
    random.Random(1).shuffle(gaps)
    analysis = record.gap_analysis.model_copy(update={"skill_gaps": tuple(gaps)})

    assert make_plan(record.model_copy(update={"gap_analysis": analysis})) == make_plan(record)


def test_only_as_many_gaps_as_asked_for_are_taught():
    plan = make_plan(in_domains(alpha=70.0, beta=20.0, gamma=50.0), top_gaps=1)

    assert skills(plan.gaps) == ["beta"]
    assert skills(plan.left_out) == ["gamma", "alpha"]
    assert plan.unreviewed == ("q-alpha", "q-gamma")


def test_a_hundred_gaps_become_the_top_three():
    plan = make_plan(in_domains(**{f"domain{n}": float(n) for n in range(100)}))

    assert skills(plan.gaps) == ["domain0", "domain1", "domain2"]
    assert len(plan.left_out) == 97


def test_nothing_wrong_is_nothing_to_teach():
    plan = make_plan(make_record(answers=[make_answer("q1", is_correct=True)], gaps=[]))

    assert (plan.gaps, plan.remedies, plan.left_out, plan.unreviewed) == ((), (), (), ())


def test_a_gap_without_content_and_wrong_answers_is_left_out():
    bare = make_gap("bare", skill_name="Bare", exam_domain="Elsewhere", question_ids=(), severity=10)
    plan = make_plan(make_record(gaps=[bare, make_gap()], outline=[make_outline()]))

    assert skills(plan.gaps) == ["ports"]
    assert skills(plan.left_out) == ["bare"]


def test_a_gap_of_placeholders_is_taught_by_its_wrong_answers_alone():
    outline = make_outline(content_items=[ContentItem(topic="Chapter TBD", summary="TBD")])
    record = make_record(outline=[outline])

    script = write_script(make_plan(record), record, MENTOR)

    assert [section.kind for section in script.sections] == [
        SectionKind.OPENING,
        SectionKind.REMEDY,
        SectionKind.CLOSING,
    ]


def test_content_is_found_by_name_where_the_ids_differ():
    record = make_record(outline=[make_outline("other-id", skill_name="WELL-KNOWN  ports")])

    script = write_script(make_plan(record), record, MENTOR)

    assert script.sections[1].slug == "deep-dive-other-id"


def test_content_that_two_gaps_share_is_taught_once():
    twin = make_gap("twin", question_ids=())
    record = make_record(gaps=[make_gap(), twin], outline=[make_outline()])

    script = write_script(make_plan(record), record, MENTOR)

    assert [section.slug for section in script.sections].count("deep-dive-ports") == 1


def test_a_question_that_two_gaps_name_is_reviewed_once():
    other = make_gap("other", skill_name="Other", severity=9)
    record = make_record(gaps=[make_gap(), other])

    plan = make_plan(record)

    assert plan.remedies == ("q1",)
    assert plan.gaps[0].question_ids == plan.gaps[1].question_ids == ("q1",)


def test_a_right_answer_gets_no_remedy():
    record = make_record(gaps=[make_gap(question_ids=("q1", "q2", "unknown"))])

    assert make_plan(record).remedies == ("q1",)


def test_a_wrong_answer_nobody_names_joins_the_gap_of_its_domain():
    record = make_record(answers=[make_answer("q1"), make_answer("q2", question_text="What is SSH for?")])

    plan = make_plan(record)

    assert plan.remedies == ("q1", "q2")
    assert plan.gaps[0].question_ids == ("q1", "q2")


def test_a_wrong_answer_of_a_domain_without_a_gap_makes_one():
    record = make_record(answers=[make_answer("q1"), make_answer("q9", domain="DNS")])

    plan = make_plan(record)

    assert {gap.skill_name for gap in plan.gaps} == {"Well-known ports", "DNS"}
    assert set(plan.remedies) == {"q1", "q9"}


def test_a_domain_with_one_outline_lends_its_content_to_the_new_gap():
    outline = make_outline("dns-records", skill_name="DNS records", exam_domain="DNS")
    record = make_record(answers=[make_answer("q9", domain="DNS")], gaps=[], outline=[outline])

    plan = make_plan(record)

    assert skills(plan.gaps) == ["dns-records"]


def test_a_wrong_answer_without_a_domain_goes_under_the_course():
    record = make_record(answers=[make_answer("q9", domain="")], gaps=[])

    assert [gap.skill_name for gap in make_plan(record).gaps] == ["Networking Essentials"]


def test_a_gap_that_is_called_by_a_placeholder_goes_by_its_domain():
    record = make_record(gaps=[make_gap(skill_name="TBD")], outline=[])

    assert [gap.skill_name for gap in make_plan(record).gaps] == ["TCP, UDP and ports"]


@pytest.mark.parametrize("budget", [60.0, 90.0, 120.0, 200.0, 300.0, 600.0, 1800.0])
@pytest.mark.parametrize("persona", ["mentor", "coach", "expert"])
def test_the_lesson_never_takes_longer_than_its_budget(budget, persona):
    record = in_domains(alpha=10.0, beta=20.0, gamma=30.0, delta=40.0, epsilon=50.0)
    teacher = load_persona(persona)

    script = write_script(make_plan(record, persona=teacher, top_gaps=5, budget=budget), record, teacher)

    assert script.planned <= budget


def test_a_gap_is_taught_whole_or_left_out():
    record = in_domains(alpha=10.0, beta=20.0, gamma=30.0, delta=40.0, epsilon=50.0)

    plan = make_plan(record, top_gaps=5, budget=200.0)

    assert 0 < len(plan.gaps) < 5
    assert plan.remedies == tuple(question for gap in plan.gaps for question in gap.question_ids)


def test_a_lighter_gap_that_fits_takes_the_place_of_one_that_does_not():
    counts = {"alpha": 5, "beta": 6, "gamma": 1}
    record = make_record(
        answers=[
            make_answer(f"{name}{n}", domain=name, question_text=f"What is {name} {n}?")
            for name, count in counts.items()
            for n in range(count)
        ],
        gaps=[
            make_gap(
                name,
                skill_name=name,
                exam_domain=name,
                severity=severity,
                question_ids=[f"{name}{n}" for n in range(counts[name])],
            )
            for name, severity in (("alpha", 9), ("beta", 6), ("gamma", 1))
        ],
    )

    plan = make_plan(record, budget=260.0)

    assert skills(plan.gaps) == ["alpha", "gamma"]
    assert skills(plan.left_out) == ["beta"]
    assert set(plan.unreviewed) == {f"beta{n}" for n in range(6)}


def test_a_gap_with_very_many_wrong_answers_leaves_room_for_another():
    many = [make_answer(f"q{n}", question_text=f"What is port {n} for?") for n in range(40)]
    record = make_record(
        answers=[*many, make_answer("dns", domain="DNS")],
        gaps=[
            make_gap(question_ids=[answer.question_id for answer in many]),
            make_gap("dns", skill_name="DNS", exam_domain="DNS", question_ids=("dns",), severity=2),
        ],
    )

    plan = make_plan(record)

    assert skills(plan.gaps) == ["ports", "dns"]
    assert plan.remedies[:2] == ("q0", "q1")
    assert len(plan.remedies) + len(plan.unreviewed) == 41


def test_time_that_is_left_goes_to_more_questions():
    many = [make_answer(f"q{n}", question_text=f"What is port {n} for?") for n in range(40)]
    record = make_record(answers=many, gaps=[make_gap(question_ids=[answer.question_id for answer in many])])

    plan = make_plan(record)
    script = write_script(plan, record, MENTOR)

    longest = max(section.planned for section in script.sections if section.kind is SectionKind.REMEDY)
    reserve = allowance(SectionKind.OPENING, 300.0) + allowance(SectionKind.CLOSING, 300.0)
    assert script.planned > 300 - longest - reserve


def test_a_question_that_cannot_be_reviewed_does_not_stop_the_lesson():
    record = make_record(answers=[make_answer("q1"), make_answer("q2", question_text="TBD")])

    plan = make_plan(record)

    assert plan.remedies == ("q1",)
    assert plan.unreviewed == ("q2",)


def test_a_budget_without_room_to_teach_is_refused_with_one_that_has():
    with pytest.raises(
        BadScript, match=r"leaves 16 s for teaching; its shortest section takes \d+ s. A budget of 50 s"
    ):
        make_plan(make_record(), budget=30.0)


def test_the_budget_an_error_proposes_is_enough():
    assert make_plan(make_record(), budget=50.0).gaps


def test_the_plan_tells_persona_and_language():
    plan = make_plan(make_record())

    assert (plan.persona, plan.locale, plan.certification) == ("mentor", "en-US", "Networking Essentials")
