import pytest

from presgen.errors import BadInput
from presgen.personas import load_persona
from presgen.writing.phrasebook import Phrasebook, always, by_digest, number_of


def make_persona(**phrases):
    return load_persona("mentor").model_copy(update={"phrases": phrases})


def test_numbers_choose_variants_in_turn():
    book = Phrasebook(make_persona(sign_off=("One.", "Two.")))

    assert [book.say("sign_off", number) for number in range(4)] == ["One.", "Two.", "One.", "Two."]


def test_a_value_is_never_evaluated():
    book = Phrasebook(make_persona(greeting=("Hello {{ name }}.",)))

    assert book.say("greeting", 0, name="{{ 7 * 7 }}{% raw %}") == "Hello {{ 7 * 7 }}{% raw %}."


def test_an_unknown_variable_is_an_error_of_the_persona():
    book = Phrasebook(make_persona(greeting=("Hello {{ nickname }}.",)))

    with pytest.raises(BadInput, match=r"'mentor': phrase 'greeting'.*nickname"):
        book.say("greeting", 0, name="Ada")


@pytest.mark.parametrize(
    "phrase",
    [
        "{{ name.__class__.__mro__ }}",
        "{{ ''.__class__ }}",
        "{{ name.format.__globals__ }}",
        "{% include 'secrets' %}",
    ],
)
def test_a_phrase_cannot_leave_the_sandbox(phrase):
    with pytest.raises(BadInput):
        Phrasebook(make_persona(greeting=(phrase,))).say("greeting", 0, name="Ada")


def test_a_missing_slot_is_named():
    with pytest.raises(BadInput, match="no phrases 'sign_off'"):
        Phrasebook(make_persona()).say("sign_off", 0)


def test_a_template_line_is_a_beat():
    values = {"slot": "question", "asked": "Why?", "choice": "64", "answer": "62", "why": ("1: So.",)}

    beats = Phrasebook(load_persona("expert")).beats("remedy", always(0), values)

    assert [beat.step for beat in beats] == [0, 1, 2, 3]
    assert beats[3].said == "1: So."


@pytest.mark.parametrize(
    "identifiers",
    [
        [f"q{n:02}" for n in range(1, 16)],
        [f"{n}" for n in range(101, 116)],
        [f"NET-{n}" for n in range(1, 16)],
        [f"net-1-q{n}" for n in range(1, 16)],
    ],
)
def test_neighbouring_questions_draw_different_variants(identifiers):
    assert len({number_of(identifier) % 15 for identifier in identifiers}) == 15


def test_the_sections_of_an_exam_guide_draw_different_variants():
    sections = [f"{chapter}.{section}" for chapter in range(1, 5) for section in range(1, 5)]

    assert len({number_of(section) % 23 for section in sections}) == 16


def test_ids_without_a_number_are_spread():
    numbers = {
        number_of(word) % 16 for word in ("ports", "leases", "routes", "frames", "names", "rules", "cables")
    }

    assert len(numbers) >= 4


def test_every_slot_is_drawn_anew_in_a_personal_section():
    draw = by_digest("lesson-1")

    assert draw("greeting") != draw("sign_off")
    assert draw("greeting") == by_digest("lesson-1")("greeting")
