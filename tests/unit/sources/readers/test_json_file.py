"""One JSON file with one record, or a list of them."""

import json

from presgen.sources.readers import readers


def rows(path, data, max_bytes=1_000):
    path.write_bytes(data if isinstance(data, bytes) else json.dumps(data).encode())
    return [(row.where, row.value) for row in readers["json"](str(path), max_bytes=max_bytes)]


def test_one_record_goes_by_the_name_of_the_file(tmp_path):
    assert rows(tmp_path / "records.json", {"a": 1}) == [("records.json", {"a": 1})]


def test_the_records_of_a_list_are_counted(tmp_path):
    assert rows(tmp_path / "records.json", [{"a": 1}, {"a": 2}]) == [
        ("records.json#1", {"a": 1}),
        ("records.json#2", {"a": 2}),
    ]


def test_a_list_may_be_larger_than_a_record(tmp_path):
    assert len(rows(tmp_path / "records.json", [{"a": "x" * 80}] * 50, max_bytes=100)) == 50


def test_a_file_beyond_all_measure_is_one_problem(tmp_path):
    [row] = rows(tmp_path / "records.json", b"[" + b" " * 100_001 + b"]", max_bytes=100)

    assert row == ("records.json", None)


def test_an_empty_file_is_one_problem_and_an_empty_list_none(tmp_path):
    assert rows(tmp_path / "records.json", b"") == [("records.json", None)]
    assert rows(tmp_path / "records.json", []) == []
