"""A record as it leaves the readers."""

import copy
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from presgen.errors import BadRecord
from presgen.model.learner import (
    Answer,
    AssessmentRecord,
    ContentItem,
    GapAnalysis,
    Learner,
    SkillGap,
    SkillOutline,
)
from presgen.sources.cleaning import clean_record, learner_id
from tests.unit.sources.exports import make_export


def test_a_faultless_export_becomes_the_record_it_was_made_of():
    assert AssessmentRecord.model_validate(clean_record(make_export())) == AssessmentRecord.model_validate(
        make_export()
    )


def test_cleaning_leaves_the_export_as_it_is():
    export = make_export()
    before = copy.deepcopy(export)

    clean_record(export)

    assert export == before


def test_cleaning_again_changes_nothing_more():
    once = clean_record(make_export())

    assert clean_record(once) == once


def test_fields_nobody_knows_are_ignored_at_every_level():
    export = make_export()
    places = [
        export,
        export["learner"],
        export["gap_analysis"],
        export["answers"][0],
        export["certification"],
    ]
    places += [export["content_outline"][0], export["content_outline"][0]["content_items"][0]]
    for place in places:
        place["embedding"] = [0.1, 0.2]

    assert clean_record(export) == clean_record(make_export())


def test_ids_may_be_numbers_and_go_by_other_names():
    export = make_export()
    export["learner"]["learner_id"] = 1001
    export["certification"]["certification_id"] = 7
    del export["learner"]["id"], export["certification"]["id"]

    assert learner_id(export) == "1001"
    assert clean_record(export)["learner"]["id"] == "1001"
    assert clean_record(export)["certification"]["id"] == "7"


def test_names_are_decoded_and_empty_preferences_count_as_none():
    export = make_export()
    export["learner"] |= {
        "name": " Zoë\tMÃ¼ller ",
        "persona": "",
        "email": " ",
        "experience": None,
        "locale": None,
    }

    assert clean_record(export)["learner"] == {"id": "L-1", "name": "Zoë\tMÃ¼ller".replace("\t", " ")}


@pytest.mark.parametrize(
    ("part", "field", "value"),
    [
        ("learner", "id", "L\0-1"),
        ("learner", "id", "L-\u202e1"),
        ("learner", "name", "Ada\0"),
        ("learner", "name", "Ada \u202egnp.exe"),
        ("learner", "email", "a@example.org\x00"),
        ("certification", "id", "net\u2066"),
        ("gap_analysis", "workflow_id", "w\x1b[2J"),
    ],
)
def test_controls_in_ids_and_names_are_refused(part, field, value):
    export = make_export()
    export[part][field] = value

    with pytest.raises(BadRecord) as caught:
        clean_record(export)

    assert caught.value.field == f"{part}.{field}"
    assert caught.value.value == f"text of {len(value)} characters"


@pytest.mark.parametrize(
    "raw", [{}, {"learner": None}, {"learner": {}}, {"learner": {"id": True}}, [], None, "x"]
)
def test_where_no_id_can_be_read_there_is_none(raw):
    assert learner_id(raw) is None


EXPORT_NAMES = st.sampled_from(
    [
        name
        for model in (AssessmentRecord, Learner, GapAnalysis, SkillGap, Answer, SkillOutline, ContentItem)
        for name in model.model_fields
    ]
)
ANYTHING = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(EXPORT_NAMES, inner, max_size=5),
    max_leaves=25,
)


@given(st.dictionaries(EXPORT_NAMES, ANYTHING, max_size=6))
def test_no_export_however_wrong_raises_anything_but_a_bad_record(export):
    with suppress(BadRecord):
        assert isinstance(clean_record(export), dict)


@st.composite
def spoilt_exports(draw):
    """A faultless export with one value, anywhere, replaced by anything."""
    export = make_export()
    place, key = export, draw(st.sampled_from(sorted(export)))
    while draw(st.booleans()) and isinstance(place[key], dict | list) and place[key]:
        place = place[key]
        key = draw(st.sampled_from(sorted(place) if isinstance(place, dict) else range(len(place))))
    place[key] = draw(ANYTHING)
    return export


@given(spoilt_exports())
def test_one_wrong_value_anywhere_raises_nothing_but_a_bad_record(export):
    with suppress(BadRecord):
        assert isinstance(clean_record(export), dict)
