import re

import pytest

from presgen.errors import BadScript
from presgen.personas import load_persona
from presgen.writing.languages import language_of
from presgen.writing.lint import lint
from presgen.writing.remedy import LONGEST_WHY, MOST_OPTIONS, remedy
from tests.factories import make_answer

MENTOR = load_persona("mentor")


def test_a_remedy_asks_quotes_corrects_and_explains():
    section = remedy(make_answer("q1"), MENTOR)

    assert "Which port does HTTPS use by default?" in section.sentences[0].text
    assert "Port 80" in section.sentences[1].text
    assert "Port 443" in section.sentences[2].text
    assert section.sentences[3].text == "HTTPS waits on port 443, and plain HTTP on port 80."
    assert [sentence.step for sentence in section.sentences] == [0, 1, 2, 3]


def test_the_slide_marks_the_choice_and_the_right_one():
    slide = remedy(make_answer("q1"), MENTOR).slide

    assert (slide.options[slide.chosen], slide.options[slide.right]) == ("Port 80", "Port 443")
    assert slide.why == "HTTPS waits on port 443, and plain HTTP on port 80."


def test_the_slug_names_question_and_choice():
    assert remedy(make_answer("q1"), MENTOR).slug == "remedy-q1-c"


@pytest.mark.parametrize(
    "identifier", ["../../x", "Q1", "q 1", "q--1", "ä", "<b>", "x" * 150, "q\u202e1", "-", "日本"]
)
def test_a_hostile_id_becomes_a_harmless_slug(identifier):
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", remedy(make_answer(identifier), MENTOR).slug)


def test_ids_that_differ_in_anything_get_different_slugs():
    identifiers = ["q1", "Q1", "q-1", "q_1", "q 1", "q.1", "q1-c", "q1-none"]

    slugs = {
        remedy(make_answer(each, options=options), MENTOR).slug
        for each in identifiers
        for options in [(), ("Port 443", "Port 80")]
    }

    assert len(slugs) == 2 * len(identifiers)


@pytest.mark.parametrize(
    ("options", "user_answer", "correct_answer", "chosen", "right"),
    [
        (("22", "80", "443"), "80", "443", 1, 2),
        (("22", "80", "443"), "B", "C", 1, 2),
        (("22", "80", "443"), "b)", "c.", 1, 2),
        (("A. 22", "B. 80", "C. 443"), "B", "C. 443", 1, 2),
        (("A. 22", "B. 80", "C. 443"), "80", "443", 1, 2),
        (("Port 80.", "Port 443."), "port 80", "PORT 443", 0, 1),
        (("a", "b", "c"), "b", "c", 1, 2),
    ],
)
def test_an_answer_is_found_among_the_options(options, user_answer, correct_answer, chosen, right):
    slide = remedy(
        make_answer(options=options, user_answer=user_answer, correct_answer=correct_answer), MENTOR
    ).slide

    assert (slide.chosen, slide.right) == (chosen, right)


def test_letters_before_the_options_are_not_read_aloud():
    section = remedy(make_answer(options=("A. 22", "B. 443"), user_answer="A", correct_answer="B"), MENTOR)

    assert section.slide.options == ("22", "443")
    assert "B. 443" not in section.text


def test_free_text_of_a_learner_is_never_quoted():
    section = remedy(make_answer(user_answer="my phone number is 555-0100"), MENTOR)

    assert "0100" not in section.model_dump_json()
    assert section.slide.chosen is None


def test_all_who_missed_a_question_without_options_share_its_remedy():
    answers = [make_answer(options=(), user_answer=said) for said in ("", "?", "Port 8080", "port 80")]

    assert len({remedy(answer, MENTOR) for answer in answers}) == 1


def test_a_right_answer_that_is_no_option_is_shown_beside_the_choice():
    slide = remedy(make_answer(options=("Port 22", "Port 80"), correct_answer="Port 443"), MENTOR).slide

    assert (slide.options, slide.chosen, slide.right) == (("Port 80", "Port 443"), 0, 1)


def test_a_choice_equal_to_the_right_answer_is_not_called_wrong():
    section = remedy(make_answer(user_answer="Port 443", is_correct=False), MENTOR)

    assert section.slide.chosen is None
    assert section.text.count("Port 443") == 1


def test_too_many_options_leave_room_for_the_two_that_matter():
    options = tuple(f"Port {n}" for n in range(30))
    slide = remedy(
        make_answer(options=options, user_answer="Port 28", correct_answer="Port 29"), MENTOR
    ).slide

    assert len(slide.options) == MOST_OPTIONS
    assert (slide.options[slide.chosen], slide.options[slide.right]) == ("Port 28", "Port 29")


def test_all_of_the_above_is_said_as_people_say_it():
    section = remedy(
        make_answer(options=("Port 80", "All of the above"), correct_answer="All of the above"), MENTOR
    )

    assert "all of the above" in section.text
    assert "“All" not in section.text


def test_a_long_question_is_asked_by_what_it_comes_down_to():
    story = "A company has two offices, and each of them has its own provider and its own firewall. " * 4
    section = remedy(make_answer(question_text=f"{story}Which port must be open on the firewall?"), MENTOR)

    assert "Which port must be open on the firewall?" in section.text
    assert section.text.count("two offices") <= 1


def test_a_question_to_complete_is_read_as_one():
    section = remedy(make_answer(question_text="The naval supremacy was established through..."), MENTOR)

    assert "“The naval supremacy was established through…”" in section.text


def test_a_gap_in_the_question_is_read_as_a_blank():
    section = remedy(make_answer(question_text="A ______ forwards frames."), MENTOR)

    assert "“A blank forwards frames.”" in section.text


def test_an_instruction_to_the_examinee_is_not_read():
    section = remedy(make_answer(question_text="Which ports are open? (Choose two.)"), MENTOR)

    assert "Choose" not in section.model_dump_json()


def test_a_long_explanation_is_shortened_at_a_sentence():
    explanation = "This sentence has some ten words or so in it. " * 60
    section = remedy(make_answer(explanation=explanation), MENTOR)

    assert section.sentences[-1].text == "This sentence has some ten words or so in it."
    assert len(section.slide.why) <= LONGEST_WHY
    assert section.slide.why.endswith(".")


def test_without_an_explanation_the_correction_stands_alone():
    section = remedy(make_answer(explanation=""), MENTOR)

    assert [sentence.step for sentence in section.sentences] == [0, 1, 2]
    assert section.slide.why == ""


@pytest.mark.parametrize(
    "fields",
    [
        {"question_text": "TBD"},
        {"question_text": ""},
        {"question_text": "Lorem ipsum dolor sit amet?"},
        {"correct_answer": ""},
        {"correct_answer": "TBD", "options": ()},
    ],
)
def test_a_question_that_is_a_placeholder_has_no_remedy(fields):
    with pytest.raises(BadScript, match="q1"):
        remedy(make_answer("q1", **fields), MENTOR)


def test_a_placeholder_explanation_is_not_spoken():
    section = remedy(make_answer(explanation="Explanation TBD."), MENTOR)

    assert "TBD" not in section.model_dump_json()


@pytest.mark.parametrize(
    "text",
    [
        "Which of `{{ .Values.port }}` and **{% raw %}** is <b>right</b>?",
        'What does "<interface>" mean in "show <interface>"?',
        "Is 5 > 3 && 3 < 5?",
        "What is std::vector<int>?",
        "Which path is C:\\temp\\new?",
        "WAS IST DAS? ÄÖÜ ß?",
        "这是什么?",
        "مرحبا؟ What is this?",
    ],
)
def test_code_and_scripts_in_a_question_are_data(text):
    section = remedy(make_answer(question_text=text, explanation=f"It is so. {text}"), MENTOR)

    assert section.sentences


@pytest.mark.parametrize("name", ["mentor", "coach", "expert"])
@pytest.mark.parametrize("number", range(1, 18))
def test_every_variant_makes_a_whole_section(name, number):
    for fields in ({}, {"options": ()}, {"question_text": "A switch learns."}):
        section = remedy(make_answer(f"q{number}", **fields), load_persona(name))
        for sentence in section.sentences:
            lint(sentence.text, language_of(section.locale))
