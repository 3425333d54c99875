"""The gap analysis: every gap with the wrong answers behind it, every domain with its score."""

import pytest

from presgen.errors import BadRecord
from presgen.sources.cleaning.analysis import clean_analysis, explain_gaps, measure_domains
from tests.unit.sources.exports import make_export, without_nulls

TRANSPORT, NAMES = "TCP, UDP and ports", "DNS and DHCP"


def wrong(question_id, domain=TRANSPORT, **fields):
    return {"question_id": question_id, "domain": domain, "is_correct": False, **fields}


def right(question_id, domain=TRANSPORT):
    return wrong(question_id, domain, is_correct=True)


def gap(skill_id, domain=TRANSPORT, *question_ids, **fields):
    return {
        "skill_id": skill_id,
        "skill_name": f"Skill {skill_id}",
        "exam_domain": domain,
        "severity": 5,
        "question_ids": list(question_ids),
        **fields,
    }


def explained(gaps, *answers):
    return [found["question_ids"] for found in explain_gaps(gaps, list(answers))]


def analysis(**fields):
    return make_export()["gap_analysis"] | fields


def test_a_faultless_analysis_stays_as_it_is():
    export = without_nulls(make_export())

    assert clean_analysis(export["gap_analysis"], export["answers"]) == export["gap_analysis"]


def test_missing_question_ids_are_the_wrong_answers_of_the_domain():
    answers = [wrong("q1"), right("q2"), wrong("q3", NAMES), wrong("q4", TRANSPORT.upper())]

    assert explained([gap("a"), gap("b", NAMES)], *answers) == [["q1", "q4"], ["q3"]]


def test_left_out_question_ids_are_filled_too():
    bare = gap("a")
    del bare["question_ids"]

    assert explained([bare], wrong("q1")) == [["q1"]]


def test_an_answer_that_names_a_skill_belongs_to_that_gap_only():
    answers = [wrong("q1", skill_id="b"), wrong("q2", skill_id="unknown"), wrong("q3", skill_id=None)]

    assert explained([gap("a"), gap("b")], *answers) == [["q2", "q3"], ["q1", "q2", "q3"]]


def test_an_answer_that_another_gap_names_is_not_given_twice():
    assert explained([gap("a"), gap("b", TRANSPORT, "q1")], wrong("q1"), wrong("q2")) == [["q2"], ["q1"]]


def test_the_domain_of_an_answer_may_be_the_name_of_the_skill():
    assert explained([gap("a", "Exam part 3", skill_name="Ports")], wrong("q1", "ports")) == [["q1"]]


def test_ids_that_are_no_wrong_answers_are_left_out():
    assert explained([gap("a", TRANSPORT, "q2", "q9", "q1")], wrong("q1"), right("q2")) == [["q1"]]


def test_question_ids_may_be_numbers_and_come_twice():
    found = clean_analysis(analysis(skill_gaps=[gap("a", TRANSPORT, 7, "7", 8.0)]), [wrong("7"), wrong("8")])

    assert found["skill_gaps"][0]["question_ids"] == ["7", "8"]


def test_missing_scores_by_domain_are_computed():
    answers = [wrong("q1"), right("q2"), right("q3"), right("q4", NAMES)]

    assert measure_domains(answers, 4) == {TRANSPORT: 66.7, NAMES: 100.0}


@pytest.mark.parametrize("total", [4, None, "3"])
def test_where_answers_are_missing_no_score_is_made_up(total):
    assert measure_domains([wrong("q1"), wrong("q2"), wrong("q3")], total) == {}


@pytest.mark.parametrize("empty", [None, {}])
def test_empty_scores_are_computed_and_given_ones_stay(empty):
    answers = [wrong("q1"), right("q2"), right("q3"), right("q4", NAMES)]

    assert clean_analysis(analysis(performance_by_domain=empty), answers)["performance_by_domain"] == {
        TRANSPORT: 66.7,
        NAMES: 100.0,
    }
    given = clean_analysis(analysis(performance_by_domain={NAMES: 12.5}), answers)
    assert given["performance_by_domain"] == {NAMES: 12.5}


def test_percent_signs_are_understood():
    found = clean_analysis(analysis(overall_score="50 %", performance_by_domain={NAMES: "71%"}), [])

    assert found["overall_score"] == 50
    assert found["performance_by_domain"] == {NAMES: 71}


def test_a_fraction_is_refused_where_the_counts_give_it_away():
    with pytest.raises(BadRecord, match="2 of 4 answers are right; give percent"):
        clean_analysis(analysis(overall_score=0.5), [])


@pytest.mark.parametrize(("score", "correct", "total"), [(0.5, 1, 200), (1.0, 1, 100), (0.0, 2, 4)])
def test_a_very_low_score_is_no_fraction(score, correct, total):
    found = clean_analysis(analysis(overall_score=score, correct_answers=correct, total_questions=total), [])

    assert found["overall_score"] == score


def test_a_severity_that_contradicts_the_score_stays_for_the_planning_to_weigh():
    found = clean_analysis(
        analysis(skill_gaps=[gap("a", severity=9)], performance_by_domain={TRANSPORT: 95}), [wrong("q1")]
    )

    assert found["skill_gaps"][0]["severity"] == 9
    assert found["performance_by_domain"] == {TRANSPORT: 95}


def test_counts_that_a_spreadsheet_made_fractions_are_whole_again():
    assert clean_analysis(analysis(total_questions=4.0), [])["total_questions"] == 4


def test_the_same_gap_twice_counts_once_and_two_of_one_skill_are_refused():
    assert len(clean_analysis(analysis(skill_gaps=[gap("a"), gap("a")]), [])["skill_gaps"]) == 1
    with pytest.raises(BadRecord, match="has the same id and differs") as caught:
        clean_analysis(analysis(skill_gaps=[gap("a"), gap("a", severity=1)]), [])
    assert caught.value.field == "gap_analysis.skill_gaps[1].skill_id"


def test_two_scores_of_one_domain_are_refused():
    with pytest.raises(BadRecord, match="another score"):
        clean_analysis(analysis(performance_by_domain={"DNS": 1, " DNS ": 2}), [])


def test_a_hundred_gaps_and_none_are_both_fine():
    assert (
        len(clean_analysis(analysis(skill_gaps=[gap(f"s{n}") for n in range(100)]), [])["skill_gaps"]) == 100
    )
    assert clean_analysis(analysis(skill_gaps=[]), [])["skill_gaps"] == []


def test_a_summary_nobody_wrote_is_empty():
    assert clean_analysis(analysis(text_summary="TBD"), [])["text_summary"] == ""
