"""What no record may hold, and how to name it without repeating it."""

import math

import pytest

from presgen.errors import BadRecord
from presgen.sources.faults import describe, dotted, refuse_faults
from presgen.sources.row import Refused
from tests.unit.sources.exports import make_export


def nested(levels: int):
    value: object = "deep"
    for _ in range(levels):
        value = [value]
    return {"extra": value}


def test_a_faultless_export_has_no_fault():
    refuse_faults(make_export())


@pytest.mark.parametrize(
    ("spoilt", "field", "value"),
    [
        ({"gap_analysis": {"overall_score": math.nan}}, "gap_analysis.overall_score", "nan"),
        ({"answers": [{}, {"is_correct": math.inf}]}, "answers[1].is_correct", "inf"),
        ({"learner": {"name": "A\ud800"}}, "learner.name", "text of 2 characters"),
        ({"learner": {"Ada Example": "\udfff"}}, "learner.*", "text of 1 characters"),
        ({"Ada\ud800": 1}, "*", "text of 4 characters"),
        ({"learner": {"id": Refused("NaN", "no")}}, "learner.id", "NaN"),
        (nested(40), "*[0][0]", "nested 33 levels"),
        ([], "record", "a list of 0"),
        ("Ada Example", "record", "text of 11 characters"),
        (17, "record", "a number"),
        (None, "record", "null"),
    ],
)
def test_a_fault_is_found_wherever_it_lies(spoilt, field, value):
    with pytest.raises(BadRecord) as caught:
        refuse_faults(spoilt)

    assert (caught.value.field, caught.value.value) == (field, value)


def test_a_hundred_thousand_levels_are_refused_and_not_climbed():
    value: list = []
    for _ in range(100_000):
        value = [value]

    with pytest.raises(BadRecord, match="nested"):
        refuse_faults({"extra": value})


@pytest.mark.parametrize(
    ("path", "value", "said"),
    [
        (("gap_analysis", "overall_score"), 131.5, "131.5"),
        (("gap_analysis", "overall_score"), "131,5 %", "'131,5 %'"),
        (("gap_analysis", "overall_score"), "Ada Example", "text of 11 characters"),
        (("gap_analysis", "overall_score"), "+49170123456", "text of 12 characters"),
        (("gap_analysis", "overall_score"), 491701234567, "a number"),
        (("gap_analysis", "performance_by_domain", "DNS"), -3, "-3"),
        (("learner", "id"), 491701234567, "a number"),
        (("learner", "name"), "0170 1234567", "text of 12 characters"),
        (("learner", "name"), "", "empty text"),
        (("learner", "name"), {"first": "Ada"}, "an object of 1 fields"),
        (("answers",), [1, 2], "a list of 2"),
        (("answers", 0, "is_correct"), True, "true"),
        ((), None, "null"),
    ],
)
def test_numbers_are_shown_where_numbers_belong_and_texts_never(path, value, said):
    assert describe(value, path) == said


def test_fields_are_named_as_people_write_them_and_unknown_keys_not_at_all():
    assert dotted(("answers", 3, "user_answer")) == "answers[3].user_answer"
    assert (
        dotted(("gap_analysis", "performance_by_domain", "Ada Example"))
        == "gap_analysis.performance_by_domain.*"
    )
    assert dotted(()) == "record"
