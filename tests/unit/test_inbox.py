"""Records are taken once they are whole, several at a time, and the same ones once."""

from __future__ import annotations

import os
import time

from presgen.inbox import delivery_in


def put(folder, name, text, age=100.0):
    path = folder / name
    path.write_text(text)
    os.utime(path, (time.time() - age, time.time() - age))
    return path


def test_an_empty_inbox_delivers_nothing(tmp_path):
    assert delivery_in(tmp_path, 60) is None


def test_nothing_is_taken_while_any_file_is_fresh(tmp_path):
    put(tmp_path, "a.jsonl", "{}")
    fresh = put(tmp_path, "b.jsonl", "{", age=5)

    assert delivery_in(tmp_path, 60) is None

    os.utime(fresh, (0, 0))
    found = delivery_in(tmp_path, 60)
    assert found is not None
    assert found.files == 2


def test_what_has_not_its_name_yet_is_passed_over(tmp_path):
    put(tmp_path, "a.jsonl", "{}")
    alone = delivery_in(tmp_path, 60)

    for name in (".b.jsonl", "b.jsonl.part", "notes.txt"):
        put(tmp_path, name, "x", age=0)

    assert delivery_in(tmp_path, 60) == alone


def test_the_same_records_are_the_same_run_under_whatever_name(tmp_path):
    first = put(tmp_path, "a.jsonl", "{}")
    before = delivery_in(tmp_path, 60)

    first.rename(tmp_path / "z.jsonl")
    put(tmp_path, "copy.jsonl", "{}")
    renamed = delivery_in(tmp_path, 60)
    put(tmp_path, "c.jsonl", "[]")
    more = delivery_in(tmp_path, 60)

    assert before.run_id == renamed.run_id != more.run_id
