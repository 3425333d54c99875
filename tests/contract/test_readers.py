"""What every reader promises.

A new reader adds its sample to ``tests/contract/records``, under its own name: the learners L-1, L-2 and L-3
of the samples that are there, L-3 with an overall score of 131.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from presgen.errors import BadInput
from presgen.sources import load_records
from presgen.sources.readers import readers

KEY = b"a key of the tests, 32 bytes....."

SAMPLES = Path(__file__).parent / "records"


def sample(name: str) -> str:
    """Return the address of the reader's sample."""
    found = sorted(SAMPLES.glob(f"{name}*"))
    [path] = [path for path in found if path.stem == name]
    return str(path)


@pytest.fixture(params=readers.names())
def name(request):
    """Each reader's name in turn."""
    return request.param


def test_a_reader_has_a_sentence_about_itself(name):
    assert readers[name].__doc__


def test_the_good_records_are_believed_and_the_bad_one_is_set_aside(name):
    loaded = load_records(f"{name}:{sample(name)}", key=KEY)

    assert sorted(found.record.learner.id for found in loaded.records) == ["L-1", "L-2"]
    [bad] = loaded.quarantined
    assert (bad.field, bad.value) == ("gap_analysis.overall_score", "131")


def test_rows_come_in_the_same_order_every_time(name):
    assert list(readers[name](sample(name), max_bytes=10_000)) == list(
        readers[name](sample(name), max_bytes=10_000)
    )


def test_every_row_has_an_address_of_its_own_that_holds_no_learner_data(name):
    addresses = [row.where for row in readers[name](sample(name), max_bytes=10_000)]

    assert len(set(addresses)) == 3
    assert not [
        where for where in addresses if "learner" in where.lower() or "@" in where or "/home" in where
    ]


def test_a_record_that_is_too_large_is_a_problem_of_its_own(name):
    rows = list(readers[name](sample(name), max_bytes=1_000))

    assert len(rows) == 3
    assert all("at most 1,000" in row.problem.reason for row in rows)


def test_an_address_where_nothing_is_cannot_be_read(name, tmp_path):
    with pytest.raises(OSError, match="No such file"):
        list(readers[name](str(tmp_path / "nothing"), max_bytes=1_000))
    with pytest.raises(BadInput, match="nothing"):
        load_records(f"{name}:{tmp_path / 'nothing'}", key=KEY)
