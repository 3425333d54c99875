"""JSON without the freedoms that Python's own parser takes."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from presgen.sources.row import Refused
from presgen.sources.strict_json import parse_row, parse_rows

JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**18), 10**18)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


def row(data: bytes | str, max_bytes: int = 10_000):
    return parse_row("x:1", data.encode() if isinstance(data, str) else data, max_bytes)


def rows(text: str, max_bytes: int = 10_000):
    return list(parse_rows("x", text, max_bytes))


@given(JSON)
def test_what_json_can_hold_is_read_as_it_is(value):
    assert row(json.dumps(value), 10**6).value == value


@given(st.lists(JSON.filter(lambda value: not isinstance(value, list)), min_size=1, max_size=5))
def test_a_list_is_cut_between_its_members_and_nowhere_else(values):
    read = rows(json.dumps(values), 10**6)

    assert [found.value for found in read] == values
    assert [found.where for found in read] == [f"x#{number}" for number in range(1, len(values) + 1)]


@given(st.text(max_size=200))
def test_no_text_stops_the_reading(text):
    assert all(found.where.startswith("x") for found in rows(text))


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ('{"a": NaN}', "NaN"),
        ('{"a": -Infinity}', "-Infinity"),
        ('{"a": 1e999}', "a number beyond 1.8e308"),
        ('{"a": ' + "7" * 5000 + "}", "an integer of 5000 digits"),
        ('{"a": 1, "a": 1}', "given more than once"),
    ],
)
def test_a_value_that_no_record_may_hold_is_refused_in_its_place(text, shown):
    refused = row(text).value["a"]

    assert isinstance(refused, Refused)
    assert refused.shown == shown


@pytest.mark.parametrize(
    ("data", "value", "reason"),
    [
        (b"", "0 bytes", "empty"),
        (b"  \n", "3 bytes", "empty"),
        (b"\xef\xbb\xbf{}", "a byte order mark", "UTF-8 without"),
        (b'{"a": "\xff"}', "byte 0xff at 7", "not UTF-8"),
        ('{"a": "ü"}'.encode("utf-16"), "byte 0xff at 0", "not UTF-8"),
        (b"[" * 200_000, "nested too deeply", "at most 32"),
        (b'{"a":' * 100_000 + b"1" + b"}" * 100_000, "nested too deeply", "at most 32"),
        (b'{"a": 1', "broken JSON", "column 8"),
        (b'{"a": 1}{"a": 2}', "broken JSON", "Extra data"),
        (b'{"a": "\n"}', "broken JSON", "Invalid control character"),
        (b"{'a': 1}", "broken JSON", "column 2"),
    ],
)
def test_what_is_no_json_object_becomes_a_problem(data, value, reason):
    problem = row(data, max_bytes=1_000_000).problem

    assert (problem.field, problem.value) == ("record", value)
    assert reason in problem.reason


def test_brackets_inside_text_are_no_nesting():
    assert row(json.dumps({"a": "[" * 2_000 + '"' + "{" * 2_000})).problem is None


def test_a_record_may_have_exactly_the_bytes_allowed():
    assert row('{"a":"ü"}', max_bytes=10).problem is None
    assert "at most 9" in row('{"a":"ü"}', max_bytes=9).problem.reason


def test_a_broken_record_in_a_list_leaves_its_neighbours_alone():
    first, second, third = rows('[{"a": 1}, {"a": }, {"a": 3}]')

    assert (first.value, third.value) == ({"a": 1}, {"a": 3})
    assert second.problem.value == "broken JSON"


@pytest.mark.parametrize("broken", ['{"a": 1}}', '{"a": [1]]}', "", '{"a": 1 1}', "[[}", '"'])
def test_the_record_before_a_broken_one_is_always_read(broken):
    first, *_, last = rows('[{"a": 1}, ' + broken + "]")

    assert first.value == {"a": 1}
    assert last.problem is not None


def test_a_record_of_a_list_is_measured_by_itself():
    small, large, small_again = rows('[{"a": 1}, {"a": "' + "x" * 50 + '"}, {"a": 2}]', max_bytes=40)

    assert large.problem.value == "60 bytes or more"
    assert (small.value, small_again.value) == ({"a": 1}, {"a": 2})


@pytest.mark.parametrize(
    ("text", "found"),
    [('[{"a": 1}', "no closing bracket"), ('[{"a": 1}]]', "more text"), ('[{"a": 1}] {"a": 2}', "more text")],
)
def test_a_list_that_was_cut_short_or_goes_on_is_reported(text, found):
    [first, second] = rows(text)

    assert first.value == {"a": 1}
    assert found in second.problem.reason


def test_an_empty_list_holds_nothing():
    assert rows(" [ ] ") == []


def test_endless_quotes_and_backslashes_are_cut_in_one_pass():
    [found] = rows('["' + '\\"' * 200_000 + "\\", max_bytes=100)[:1]

    assert found.problem is not None
