"""The answers: each question once, choices as text, right or wrong."""

import pytest

from presgen.errors import BadRecord
from presgen.sources.cleaning.answers import clean_answers, without_extras
from tests.unit.sources.exports import make_export


def make_answer(**fields):
    return make_export()["answers"][0] | fields


def cleaned(**fields):
    [answer] = without_extras(clean_answers([make_answer(**fields)]))
    return answer


def test_a_faultless_answer_stays_as_it_is():
    assert cleaned() == make_answer()


def test_a_question_is_found_under_id_and_its_number_becomes_text():
    answer = make_answer(id=7)
    del answer["question_id"]

    assert clean_answers([answer])[0]["question_id"] == "7"


@pytest.mark.parametrize(
    ("user", "mark"), [("Port 80", False), ("Port 443", True), ("D", True), (None, False)]
)
def test_a_missing_mark_is_computed(user, mark):
    answer = make_answer(user_answer=user)
    del answer["is_correct"]

    assert clean_answers([answer])[0]["is_correct"] is mark


@pytest.mark.parametrize("mark", [0, "false", False])
def test_a_mark_may_be_a_number_or_text(mark):
    assert cleaned(is_correct=mark)["is_correct"] is False


@pytest.mark.parametrize("chosen", ["Port 443", "D", "port 443"])
def test_a_right_choice_that_is_marked_wrong_is_refused(chosen):
    with pytest.raises(BadRecord, match="the learner chose the right answer") as caught:
        clean_answers([make_answer(), make_answer(question_id="q9", user_answer=chosen)])

    assert caught.value.field == "answers[1].is_correct"


def test_all_texts_are_decoded_and_on_one_line():
    answer = cleaned(
        question_text="What\nisnâ€™t  it?",
        options=["Ã„ther ", "B\u202e2", 3],
        user_answer="Ã„ther",
        correct_answer=3,
        explanation="a\0b",
        domain=" DNS\tand DHCP ",
    )

    assert answer["question_text"] == "What isn’t it?"
    assert answer["options"] == ["Äther", "B2", "3"]
    assert (answer["user_answer"], answer["correct_answer"]) == ("Äther", "3")
    assert (answer["explanation"], answer["domain"]) == ("ab", "DNS and DHCP")


def test_numbers_and_truth_values_may_be_answers():
    answer = cleaned(options=[], user_answer=62, correct_answer=64)
    assert (answer["user_answer"], answer["correct_answer"]) == ("62", "64")

    answer = cleaned(options=[True, False], user_answer=True, correct_answer=False)
    assert (answer["user_answer"], answer["correct_answer"]) == ("True", "False")


def test_an_explanation_nobody_wrote_is_empty():
    assert cleaned(explanation="TODO: explain")["explanation"] == ""


def test_a_question_that_is_there_twice_counts_once():
    assert len(clean_answers([make_answer(), make_answer()])) == 1


def test_two_answers_to_one_question_are_refused():
    with pytest.raises(BadRecord) as caught:
        clean_answers([make_answer(), make_answer(user_answer="Port 22")])

    assert caught.value.field == "answers[1].question_id"


@pytest.mark.parametrize("raw", [None, "none", {"q1": "A"}, [7]])
def test_other_types_are_left_for_the_model_to_refuse(raw):
    assert clean_answers(raw) == raw
