"""Fields as exports hold them: under another name, null, as a number, twice."""

import math

import pytest

from presgen.errors import BadRecord
from presgen.model.learner import ContentItem
from presgen.sources.cleaning.fields import (
    as_count,
    as_id,
    as_percent,
    as_text,
    as_truth,
    known,
    unique,
    with_id,
)


def test_unknown_fields_go_and_nulls_count_as_left_out_where_there_is_a_default():
    raw = {"topic": None, "source": None, "summary": "x", "embedding": [0.1]}

    assert known(raw, ContentItem) == {"topic": None, "summary": "x"}


@pytest.mark.parametrize(
    ("raw", "found"),
    [({"id": 7}, "7"), ({"question_id": "q7", "id": 3}, "q7"), ({"question_id": None, "id": " q7 "}, "q7")],
)
def test_an_id_is_found_under_its_names_in_order(raw, found):
    assert with_id(raw, (), "question_id", "id")["question_id"] == found


def test_where_there_is_no_id_none_is_made():
    assert "question_id" not in with_id({"text": "x"}, (), "question_id", "id")


@pytest.mark.parametrize(
    ("raw", "found"),
    [(7, "7"), (7.0, "7"), (10**40, "1" + "0" * 40), ("7.0", "7.0"), (7.5, 7.5), (True, True)],
)
def test_numbers_become_ids(raw, found):
    assert as_id(raw) == found
    assert type(as_id(raw)) is type(found)


@pytest.mark.parametrize(
    ("raw", "found"),
    [("71%", 71.0), ("71 %", 71.0), (" 71,5 % ", 71.5), ("0.7%", 0.7), (71, 71), (0.71, 0.71)],
)
def test_percent_signs_are_understood(raw, found):
    assert as_percent(raw) == found


@pytest.mark.parametrize("raw", ["71", "0.71", "71%?", "-3 %", "about 70 %", "1e1%", None, [71]])
def test_what_is_not_certainly_percent_is_left_for_the_model(raw):
    assert as_percent(raw) is raw


@pytest.mark.parametrize(
    ("raw", "found"), [(15.0, 15), (15, 15), (15.5, 15.5), ("15", "15"), (math.inf, math.inf)]
)
def test_counts_are_whole(raw, found):
    assert as_count(raw) == found


@pytest.mark.parametrize(
    ("raw", "found"),
    [(True, True), (1, True), (0, False), (0.0, False), ("TRUE", True), ("no", False), (2, 2), ("", "")],
)
def test_marks_are_true_or_false(raw, found):
    assert as_truth(raw) == found
    assert type(as_truth(raw)) is type(found)


@pytest.mark.parametrize(
    ("raw", "found"), [(62, "62"), (0.5, "0.5"), (True, "True"), ("x", "x"), (None, None)]
)
def test_answers_become_text(raw, found):
    assert as_text(raw) == found


def test_a_repetition_goes_and_a_contradiction_is_refused():
    one, other = {"id": "a", "x": 1}, {"id": "a", "x": 2}

    assert unique([one, {"id": "b"}, dict(one)], "id", ()) == [one, {"id": "b"}]
    with pytest.raises(BadRecord, match="number 0 of the list has the same id"):
        unique([one, other], "id", ())
