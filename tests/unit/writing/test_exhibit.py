import pytest

from presgen.model.learner import (
    Arrow,
    Bar,
    Chart,
    CodeNote,
    ComparedRow,
    Comparison,
    ContentItem,
    Definition,
    Diagram,
    Listing,
    Quotation,
)
from presgen.model.lesson import SectionKind
from presgen.personas import load_persona, persona_names
from presgen.writing import plan_lesson, write_script
from presgen.writing.exhibit import MOST_EXHIBITS, exhibits
from presgen.writing.languages import language_of
from presgen.writing.limits import LIMITS
from presgen.writing.lint import lint
from tests.factories import make_outline, make_record

MENTOR = load_persona("mentor")

DEFINITION = Definition(
    term="Prefix", meaning="What names the network. It is short.", example="A /24 leaves 8 host bits."
)
COMPARISON = Comparison(
    title="TCP and UDP",
    columns=("TCP", "UDP"),
    rows=(
        ComparedRow(aspect="Order", cells=("kept", "not promised")),
        ComparedRow(aspect="Header", cells=("20 bytes or more", "8 bytes"), note="UDP travels light."),
    ),
)
LISTING = Listing(
    title="Reading `ip addr`",
    language="bash",
    code="ip addr\nip route",
    notes=(
        CodeNote(first=1, last=1, note="The first command lists addresses."),
        CodeNote(first=2, last=2, note="The second one lists routes."),
    ),
)
QUOTATION = Quotation(quote="Be strict when you send.", by="Ines Example", note="It means care.")
DIAGRAM = Diagram(
    title="How a lease is made",
    nodes=("client", "server"),
    edges=(
        Arrow(start="client", end="server", label="discover"),
        Arrow(start="server", end="client", label="offer", note="The server answers."),
    ),
)
CHART = Chart(
    title="Lost points",
    bars=(Bar(label="TCP", percent=10.0), Bar(label="DNS", percent=40.0)),
    note="Names hurt most.",
)
ALL = (DEFINITION, COMPARISON, LISTING, QUOTATION, DIAGRAM, CHART)


def make_shown(*shown, **fields):
    items = [
        ContentItem(topic=f"Exhibit {number}", source="RFC 6335", page_ref="Section 6", exhibit=exhibit)
        for number, exhibit in enumerate(shown, 1)
    ]
    return make_outline(content_items=items, **fields)


def make(exhibit, persona=MENTOR):
    [section] = exhibits(make_shown(exhibit), persona)
    return section


def at(section, step):
    return " ".join(sentence.text for sentence in section.sentences if sentence.step == step)


def kinds(exhibit):
    return exhibit.kind


def test_a_definition_is_named_explained_and_shown_by_example():
    section = make(DEFINITION)

    assert "“Prefix" in at(section, 0)
    assert at(section, 1) == "What names the network. It is short."
    assert at(section, 2).endswith(": a /24 leaves 8 host bits.")
    assert (section.slide.term, section.slide.example) == ("Prefix", "A /24 leaves 8 host bits.")


def test_a_row_is_spoken_of_when_it_appears():
    section = make(COMPARISON)

    assert "TCP and UDP" in at(section, 0)
    assert "kept for TCP and not promised for UDP." in at(section, 1)
    assert at(section, 2) == "UDP travels light."
    assert section.slide.rows[1] == ("Header", ("20 bytes or more", "8 bytes"))


def test_code_is_explained_and_not_read_aloud():
    section = make(LISTING)

    assert at(section, 1) == "The first command lists addresses."
    assert "ip route" not in section.text
    assert section.slide.code == "ip addr\nip route"
    assert section.slide.notes[1] == (2, 2, "The second one lists routes.")
    assert section.slide.title == "Reading ip addr"


def test_a_quotation_is_introduced_with_who_said_it():
    section = make(QUOTATION)

    assert "Ines Example" in section.sentences[0].text
    assert "“Be strict when you send.”" in section.sentences[0].text
    assert section.sentences[-1].text == "It means care."
    assert (section.slide.quote, section.slide.by) == ("Be strict when you send.", "Ines Example")


def test_an_arrow_is_spoken_of_when_it_appears():
    section = make(DIAGRAM)

    assert "client" in at(section, 1)
    assert "discover" in at(section, 1)
    assert at(section, 2) == "The server answers."
    assert section.slide.edges == ((0, 1, "discover"), (1, 0, "offer"))


def test_a_chart_tells_its_longest_and_its_shortest_bar():
    section = make(CHART)

    assert "40%" in at(section, 1)
    assert "10%" in at(section, 1)
    assert at(section, 2) == "Names hurt most."
    assert section.slide.bars == (("TCP", 10.0), ("DNS", 40.0))


@pytest.mark.parametrize("name", persona_names())
@pytest.mark.parametrize("exhibit", ALL, ids=kinds)
class TestEveryPersona:
    def test_says_every_exhibit_without_a_seam(self, name, exhibit):
        persona = load_persona(name)
        for number in range(1, 7):
            [section] = exhibits(make_shown(exhibit, exam_guide_section=f"3.{number} Ports"), persona)
            for sentence in section.sentences:
                lint(sentence.text, language_of(persona.locale), [sentence.text])

    def test_never_steps_back_and_never_beyond_what_is_shown(self, name, exhibit):
        section = make(exhibit, load_persona(name))

        steps = [sentence.step for sentence in section.sentences]
        most = {"comparison": 2, "code": 2, "diagram": 2, "definition": 2, "chart": 2, "quote": 1}
        assert steps == sorted(steps)
        assert steps[-1] == most[section.slide.layout]
        assert section.planned <= LIMITS[SectionKind.EXHIBIT].seconds
        assert section.locale == load_persona(name).locale


def test_an_exhibit_names_its_source():
    section = make(DEFINITION)

    assert section.slide.source == "Source: RFC 6335, Section 6"
    assert [source.title for source in section.sources] == ["RFC 6335"]
    assert (section.kind, section.slug) == (SectionKind.EXHIBIT, "exhibit-ports-1")


def test_a_gap_has_two_exhibits_at_most():
    assert len(exhibits(make_shown(*ALL), MENTOR)) == MOST_EXHIBITS


def test_an_exhibit_nobody_could_listen_to_is_left_out():
    endless = CodeNote(first=1, last=1, note="word " * 59 + "end.")
    long = LISTING.model_copy(update={"notes": (endless,)})

    [section] = exhibits(make_shown(long, QUOTATION), MENTOR)

    assert section.slug == "exhibit-ports-2"


# In a lesson


def make_script(outline, budget=300.0, **record):
    found = make_record(outline=[outline], **record)
    plan = plan_lesson(
        found, pseudonym="learner-1", lesson_id="lesson-1", persona=MENTOR, top_gaps=3, budget=budget
    )
    return plan, write_script(plan, found, MENTOR)


def with_prose(*shown):
    return make_outline(content_items=[*make_outline().content_items, *make_shown(*shown).content_items])


def test_exhibits_come_after_the_deep_dive_and_before_the_questions():
    plan, script = make_script(with_prose(COMPARISON, QUOTATION))

    assert [section.slug for section in script.sections] == [
        "opening",
        "deep-dive-ports",
        "exhibit-ports-1",
        "exhibit-ports-2",
        "remedy-q1-c",
        "closing",
    ]
    assert plan.exhibits == ("exhibit-ports-1", "exhibit-ports-2")
    assert script.causes[2] == script.causes[1]


def test_exhibits_are_the_first_to_go_when_time_is_short():
    whole = make_script(with_prose(COMPARISON, QUOTATION))[1]
    first = next(section for section in whole.sections if section.slug == "exhibit-ports-1")

    _, script = make_script(with_prose(COMPARISON, QUOTATION), budget=whole.planned - first.planned + 1)

    slugs = [section.slug for section in script.sections]
    assert "exhibit-ports-1" not in slugs
    assert {"deep-dive-ports", "remedy-q1-c"} <= set(slugs)
    assert script.planned <= whole.planned - first.planned + 1


def test_a_gap_with_nothing_but_an_exhibit_is_taught_by_it():
    plan, script = make_script(make_shown(DIAGRAM), answers=[])

    assert [section.slug for section in script.sections] == ["opening", "exhibit-ports-1", "closing"]
    assert plan.exhibits == ("exhibit-ports-1",)
