"""What a course shows, repaired or refused."""

import json

import pytest

from presgen.errors import BadRecord
from presgen.sources import load_records
from presgen.sources.cleaning.exhibits import clean_code, clean_exhibit
from presgen.sources.cleaning.outline import clean_outline
from tests.unit.sources.exports import make_export

PATH = ("content_outline", 0, "content_items", 0, "exhibit")
KEY = b"a key of the tests, 32 bytes....."
TABLE = {
    "kind": "comparison",
    "title": "TCP and UDP",
    "columns": ["TCP", "UDP"],
    "rows": [{"aspect": "Order", "cells": ["kept", "not kept"]}],
}
DIAGRAM = {
    "kind": "diagram",
    "title": "A lease",
    "nodes": ["Client", "Server"],
    "edges": [{"start": "Client", "end": "Server", "label": "Discover"}],
}
LISTING = {
    "kind": "code",
    "title": "Addresses",
    "code": "ip addr",
    "notes": [{"first": 1, "last": 1, "note": "It lists addresses."}],
}
CHART = {
    "kind": "chart",
    "title": "Points",
    "bars": [{"label": "DNS", "percent": 10}, {"label": "TCP", "percent": 20}],
}


@pytest.mark.parametrize("exhibit", [TABLE, DIAGRAM, LISTING, CHART])
def test_a_faultless_exhibit_stays_as_it_is(exhibit):
    assert clean_exhibit(exhibit, PATH) == exhibit


def test_all_texts_are_decoded():
    raw = {**TABLE, "title": "Itâ€™s  TCP", "columns": [" TCP ", "U\u200bDP"]}

    cleaned = clean_exhibit(raw, PATH)

    assert (cleaned["title"], cleaned["columns"]) == ("It’s TCP", ["TCP", "UDP"])


def test_other_names_of_the_same_are_understood():
    arrow = {"from": "Client", "to": "Server", "label": "Discover"}

    assert clean_exhibit({**TABLE, "kind": "table"}, PATH) == TABLE
    assert clean_exhibit({**DIAGRAM, "edges": [arrow]}, PATH) == DIAGRAM
    assert clean_exhibit({**CHART, "bars": [{"label": "DNS", "percent": "10 %"}]}, PATH)["bars"] == [
        {"label": "DNS", "percent": 10.0}
    ]


def test_code_keeps_its_lines_and_loses_what_nobody_sees():
    assert clean_code("\n\nif x:\r\n\treturn\u202e 1  \n\n") == "if x:\n    return 1"


@pytest.mark.parametrize("kind", ["film", None, 7])
def test_an_unknown_kind_is_refused_without_its_name(kind):
    with pytest.raises(BadRecord) as refused:
        clean_exhibit({**TABLE, "kind": kind}, PATH)

    assert "definition, comparison, code, quote, diagram, chart" in str(refused.value)
    assert "film" not in str(refused.value)


@pytest.mark.parametrize(
    "exhibit",
    [{**TABLE, "title": "TBD"}, {"kind": "definition", "term": "Port", "meaning": "Lorem ipsum dolor"}],
)
def test_an_exhibit_that_keeps_a_place_is_dropped_and_its_item_stays(exhibit):
    [item, _] = make_export()["content_outline"][0]["content_items"]
    [skill] = clean_outline(
        [make_export()["content_outline"][0] | {"content_items": [item | {"exhibit": exhibit}]}]
    )

    assert "exhibit" not in skill["content_items"][0]


def test_an_item_may_show_and_say_nothing():
    [item, _] = make_export()["content_outline"][0]["content_items"]
    shown = item | {"summary": "", "exhibit": TABLE}
    [skill] = clean_outline([make_export()["content_outline"][0] | {"content_items": [shown]}])

    assert skill["content_items"][0]["exhibit"] == TABLE


@pytest.mark.parametrize(
    ("exhibit", "field", "reason"),
    [
        ({**TABLE, "columns": ["TCP"]}, "exhibit.comparison.columns", "at least 2 items"),
        ({**TABLE, "columns": ["a", "b", "c"]}, "exhibit.comparison", "one cell for each column"),
        ({**TABLE, "rows": TABLE["rows"] * 7}, "exhibit.comparison.rows", "at most 6 items"),
        ({**TABLE, "title": "long " * 40}, "exhibit.comparison.title", "at most 80 characters"),
        ({**LISTING, "code": "x\n" * 30 + "y"}, "exhibit.code", "24 lines"),
        (
            {**LISTING, "notes": [{"first": 1, "last": 9, "note": "Canary."}]},
            "exhibit.code",
            "lines that are there",
        ),
        ({**DIAGRAM, "nodes": ["Client", "Canary"]}, "exhibit.diagram", "joins two of the nodes"),
        ({**CHART, "bars": [{"label": "DNS", "percent": 140}] * 2}, "percent", "less than or equal to 100"),
    ],
)
def test_a_broken_exhibit_sets_its_record_aside_and_says_why(tmp_path, exhibit, field, reason):
    record = make_export()
    record["content_outline"][0]["content_items"][0]["exhibit"] = exhibit
    (tmp_path / "r.json").write_text(json.dumps(record), encoding="utf-8")

    loaded = load_records(f"json:{tmp_path / 'r.json'}", key=KEY)

    assert loaded.records == ()
    [refused] = loaded.quarantined
    assert field in refused.field
    assert reason in refused.reason
    assert "anary" not in refused.model_dump_json()
