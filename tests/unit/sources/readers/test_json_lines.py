"""A file with one JSON record a line."""

import pytest

from presgen.sources.readers import readers


def rows(path, data, max_bytes=1_000):
    path.write_bytes(data)
    return list(readers["jsonl"](str(path), max_bytes=max_bytes))


def test_an_address_is_the_line_and_blank_lines_count(tmp_path):
    found = rows(tmp_path / "records.jsonl", b'{"a": 1}\r\n\n   \n{"a": 2}')

    assert [(row.where, row.value) for row in found] == [
        ("records.jsonl:1", {"a": 1}),
        ("records.jsonl:4", {"a": 2}),
    ]


@pytest.mark.parametrize("ending", [b"\n", b"\r\n", b""])
def test_a_line_may_have_exactly_the_bytes_allowed(tmp_path, ending):
    [fits] = rows(tmp_path / "records.jsonl", b'{"a": 1}' + ending, max_bytes=8)
    [too_long] = rows(tmp_path / "records.jsonl", b'{"a": 1}' + ending, max_bytes=7)

    assert fits.value == {"a": 1}
    assert "at most 7" in too_long.problem.reason


def test_the_line_after_one_that_is_too_long_keeps_its_number(tmp_path):
    long, short = rows(tmp_path / "records.jsonl", b'"' + b"x" * 200_000 + b'"\n{"a": 2}\n', max_bytes=100)

    assert long.problem is not None
    assert (short.where, short.value) == ("records.jsonl:2", {"a": 2})


def test_line_breaks_of_unicode_break_no_line(tmp_path):
    [row] = rows(tmp_path / "records.jsonl", '{"a": "\u2028\x85"}'.encode())

    assert row.value == {"a": "\u2028\x85"}


def test_an_empty_file_is_one_problem(tmp_path):
    [row] = rows(tmp_path / "records.jsonl", b"")

    assert "cut short" in row.problem.reason
