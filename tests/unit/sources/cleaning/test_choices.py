"""Answers as the text of an option, however the export points at it."""

import pytest

from presgen.errors import BadRecord
from presgen.sources.cleaning.choices import NO_ANSWER, resolve_choices

PORTS = ["Port 22", "Port 53", "Port 80", "Port 443"]


def choice(user, correct, options=PORTS, **fields):
    return {"user_answer": user, "correct_answer": correct, "options": options, **fields}


def resolved(*answers):
    return [(answer["user_answer"], answer["correct_answer"]) for answer in resolve_choices(answers)]


@pytest.mark.parametrize("user", ["Port 80", "port 80", "C", "c", "(c)", "C)", "c.", "C) Port 80"])
def test_text_and_letters_name_an_option(user):
    assert resolved(choice(user, "D")) == [("Port 80", "Port 443")]


def test_indexes_count_from_0_where_one_of_them_is_0():
    assert resolved(choice(0, 3), choice(1, 2)) == [("Port 22", "Port 443"), ("Port 53", "Port 80")]


def test_indexes_count_from_1_where_one_of_them_is_the_number_of_options():
    assert resolved(choice(1, 4), choice("2", 3)) == [("Port 22", "Port 443"), ("Port 53", "Port 80")]


def test_a_mark_tells_where_indexes_start():
    assert resolved(choice(2, "Port 80", is_correct=True)) == [("Port 80", "Port 80")]
    assert resolved(choice(3, "Port 80", is_correct=True)) == [("Port 80", "Port 80")]


@pytest.mark.parametrize("answer", [choice(1, 2), choice("1", "2"), choice(9, 0), choice(-1, 2)])
def test_an_index_that_may_mean_two_options_or_none_is_refused(answer):
    with pytest.raises(BadRecord, match="does not tell at which option"):
        resolve_choices([answer])


def test_numbers_that_are_options_are_texts():
    assert resolved(choice(62, "64", ["30", "62", "64", "126"])) == [("62", "64")]


def test_a_number_among_indexes_is_an_index_even_where_options_are_numbers():
    numbers = choice(1, 2, ["1", "2", "4", "8"])

    assert resolved(numbers) == [("1", "2")]
    assert resolved(numbers, choice(0, 3)) == [("2", "4"), ("Port 22", "Port 443")]


def test_letters_that_are_options_are_texts():
    assert resolved(choice("a", "b", ["b", "a", "c"])) == [("a", "b")]
    assert resolved(choice("d", "b", ["b", "a", "c"])) == [("d", "b")]


def test_a_letter_beyond_the_options_is_refused():
    with pytest.raises(BadRecord, match="none of the 4 options has that letter"):
        resolve_choices([choice("F", "Port 80")])


def test_letters_before_the_options_are_taken_off():
    [answer] = resolve_choices(
        [choice("B", "C) Port 80", [f"{x}) {p}" for x, p in zip("ABCD", PORTS, strict=True)])]
    )

    assert answer == choice("Port 53", "Port 80")


def test_options_given_under_keys_are_found_by_key():
    [answer] = resolve_choices([choice("b", "d", dict(zip("bdac", PORTS, strict=True)))])

    assert answer == choice("Port 22", "Port 53")


@pytest.mark.parametrize("empty", [None, ""])
def test_an_unanswered_question_has_no_answer(empty):
    assert resolved(choice(empty, "D"), choice(empty, "Port 80", [])) == [
        (NO_ANSWER, "Port 443"),
        (NO_ANSWER, "Port 80"),
    ]


def test_a_free_answer_that_is_no_option_stays():
    assert resolved(choice("Some port", "Port 80")) == [("Some port", "Port 80")]


def test_options_that_lack_the_right_answer_are_dropped():
    [answer] = resolve_choices([choice("Port 22", "Port 993")])

    assert answer == choice("Port 22", "Port 993", [])


def test_answers_without_options_and_of_other_types_pass_through():
    given = [choice(3, True, []), choice(["A"], "B", [7, 8]), "no answer at all"]

    assert resolve_choices(given) == given
