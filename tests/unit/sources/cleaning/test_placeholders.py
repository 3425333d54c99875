"""Text that only keeps a place is never narrated."""

import pytest

from presgen.sources.cleaning.placeholders import is_nothing, is_placeholder, without_placeholders


@pytest.mark.parametrize(
    "text",
    [
        "TBD",
        "tbd.",
        "Chapter TBD",
        "Section 3 (TBD)",
        "TODO",
        "TODO write this",
        "Summary TODO: ask the course owner",
        "FIXME",
        "Lorem ipsum dolor sit amet",
        "To be determined",
        "coming soon...",
        "Placeholder",
        "This is placeholder text.",
        "[Insert summary here]",
        "Enter text here",
        "...",
        "XXX",
    ],
)
def test_a_placeholder_is_recognised(text):
    assert is_placeholder(text)


@pytest.mark.parametrize(
    "text",
    [
        "El método todo lo puede",
        "Todo list applications keep state.",
        "A placeholder in SQL is written as a question mark.",
        "The route to be determined depends on the prefix.",
        "Coming soon after the handshake, the data follows.",
        "Wait... then try again.",
        "An abstract topic",
        "",
    ],
)
def test_a_sentence_that_says_something_is_none(text):
    assert not is_placeholder(text)


@pytest.mark.parametrize("text", ["", "N/A", "n/a", "null", "None", "-", "—", "?"])
def test_what_stands_for_nothing_is_nothing(text):
    assert is_nothing(text)


def item(**fields):
    return {"topic": "Ports", "source": "RFC 6335", "page_ref": "6", "summary": "DNS has port 53."} | fields


@pytest.mark.parametrize("field", ["topic", "source", "page_ref", "summary"])
def test_an_item_with_a_placeholder_in_any_field_goes(field):
    assert without_placeholders([item(), item(**{field: "Chapter TBD"})], None) == [item()]


@pytest.mark.parametrize("field", ["topic", "summary"])
def test_an_item_without_a_topic_or_summary_goes(field):
    assert without_placeholders([item(**{field: "N/A"}), item(**{field: ""})], None) == []


def test_a_source_or_page_that_is_nothing_becomes_empty():
    assert without_placeholders([item(source="N/A", page_ref="-")], None) == [item(source="", page_ref="")]


def test_the_default_score_beside_a_placeholder_gives_all_items_away():
    assert without_placeholders([item(), item(page_ref="Chapter TBD")], 0.75) == []


def test_the_default_score_alone_proves_nothing():
    assert without_placeholders([item()], 0.75) == [item()]


def test_an_item_of_another_type_is_left_for_the_model_to_refuse():
    assert without_placeholders(["Chapter 3", item(topic=7)], None) == ["Chapter 3", item(topic=7)]
