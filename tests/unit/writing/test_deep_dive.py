import pytest

from presgen.errors import BadScript
from presgen.model.learner import ContentItem
from presgen.model.lesson import DefinitionSlide
from presgen.personas import load_persona
from presgen.writing.deep_dive import MOST_POINTS, deep_dive
from presgen.writing.limits import LIMITS
from presgen.writing.sources import LONGEST_CREDIT
from tests.factories import make_outline

MENTOR = load_persona("mentor")


def make_item(topic: str = "Ports", summary: str = "A port says which program gets the data.", **fields):
    return ContentItem(
        topic=topic, summary=summary, **{"source": "RFC 6335", "page_ref": "Section 6"} | fields
    )


def test_a_deep_dive_says_what_the_course_says():
    section = deep_dive(make_outline(), MENTOR)

    assert "A port number says which program gets the data." in section.text
    assert "SSH has port 22, and DNS has port 53." in section.text


def test_a_point_appears_when_it_is_spoken_of():
    section = deep_dive(make_outline(), MENTOR)

    steps = {sentence.text: sentence.step for sentence in section.sentences}
    assert steps["A port number says which program gets the data."] == 1
    assert steps["SSH has port 22, and DNS has port 53."] == 2
    assert section.sentences[0].step == 0
    assert [start for start, _ in section.slide.points] == ["What a port is for", "Ports to know by heart"]


def test_steps_never_fall():
    section = deep_dive(
        make_outline(content_items=[make_item(f"Point {n}", f"Port {n} is open.") for n in range(4)]), MENTOR
    )

    steps = [sentence.step for sentence in section.sentences]
    assert steps == sorted(steps)


def test_headings_lose_their_capital_inside_a_sentence():
    section = deep_dive(make_outline(), MENTOR)

    assert "what a port is for." in section.text
    assert "What a port is for" not in section.text


def test_the_sources_are_named():
    section = deep_dive(make_outline(), MENTOR)

    assert [(source.title, source.page) for source in section.sources] == [
        ("RFC 6335", "Section 6"),
        ("Networking Essentials Handbook", "Chapter 3, page 52"),
    ]
    assert (
        section.slide.source
        == "Sources: RFC 6335, Section 6 · Networking Essentials Handbook, Chapter 3, page 52"
    )


def test_many_sources_are_named_without_their_pages():
    items = [
        make_item(
            f"Point {n}", f"Port {n} is open.", source=f"The Long Handbook {n}", page_ref="Chapter 3, page 52"
        )
        for n in range(4)
    ]
    section = deep_dive(make_outline(content_items=items), MENTOR)

    assert "page" not in section.slide.source
    assert len(section.slide.source) <= LONGEST_CREDIT


@pytest.mark.parametrize(
    "fields",
    [
        {"topic": "Chapter TBD"},
        {"summary": "TBD"},
        {"summary": "To be written."},
        {"summary": ""},
        {"topic": ""},
        {"summary": "Lorem ipsum dolor sit amet."},
        {"summary": "Ports."},
    ],
)
def test_placeholder_items_are_passed_over(fields):
    section = deep_dive(
        make_outline(content_items=[make_item(**fields), make_item("Real", "Real content is here.")]), MENTOR
    )

    assert section.slide.term == "Real"


def test_placeholder_sources_are_not_named():
    section = deep_dive(make_outline(content_items=[make_item(source="TBD", page_ref="p. TBD")]), MENTOR)

    assert (section.sources, section.slide.source) == ((), "")


def test_an_outline_of_placeholders_cannot_be_taught():
    with pytest.raises(BadScript, match="Skill ports has no content to teach"):
        deep_dive(make_outline(content_items=[make_item("Chapter TBD")]), MENTOR)


def test_more_points_than_a_slide_holds_are_left_out():
    section = deep_dive(
        make_outline(content_items=[make_item(f"Point {n}", f"Port {n} is open.") for n in range(9)]), MENTOR
    )

    assert len(section.slide.points) == MOST_POINTS


def test_long_content_is_shortened_at_sentences_until_it_fits():
    items = [
        make_item(
            f"Point {n}",
            " ".join(f"Sentence {n}.{i} says a good deal about the many ports." for i in range(50)),
        )
        for n in range(4)
    ]
    section = deep_dive(make_outline(content_items=items), MENTOR)

    assert section.planned <= LIMITS[section.kind].seconds
    assert len(section.slide.points) == 4
    assert "Sentence 3.0 says a good deal about the many ports." in section.text


def test_a_single_point_needs_no_counting():
    section = deep_dive(make_outline(content_items=[make_item("Ports")]), MENTOR)

    assert [sentence.step for sentence in section.sentences] == [0, 1]


def test_a_single_point_is_shown_as_a_definition():
    section = deep_dive(make_outline(content_items=[make_item("Ports", "A port has a number.")]), MENTOR)

    assert section.slide == DefinitionSlide(
        kicker="TCP, UDP and ports",
        term="Ports",
        meaning="A port has a number.",
        source="Source: RFC 6335, Section 6",
    )


def test_slide_text_is_short():
    item = make_item("A topic with a very long name indeed, longer than a slide", "word " * 30 + "end.")
    items = [item, make_item("Real", "Real content is here.")]
    [(start, rest), _] = deep_dive(make_outline(content_items=items), MENTOR).slide.points

    assert len(start) <= 40
    assert len(rest) <= 78
    assert rest.endswith("…")


def test_a_repeated_sentence_is_said_once():
    item = make_item("Ports", "A port has a number. A port has a number.")
    section = deep_dive(
        make_outline(content_items=[item, make_item("Again", "A port has a number. It is short.")]), MENTOR
    )

    assert section.text.count("A port has a number.") == 1
