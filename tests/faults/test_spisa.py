"""Real learners' lessons on Drive: every file there once, every answer's seconds found, and back.

Twenty-four learners of SPISA; ``PRESGEN_TEST_SPISA=1075`` takes that many.
"""

from __future__ import annotations

import itertools
import json
import os

import pytest

from benchmarks.spisa_records import spisa_records
from presgen import pipeline
from tests.conftest import ROOT
from tests.deliveries import drive_here
from tests.nights import make_night
from tests.proofs import faults_on_drive, reckon

LEARNERS = int(os.environ.get("PRESGEN_TEST_SPISA", "24"))
FILES = 9
"""Of a lesson in one format."""
ALL_TAUGHT = {"budget": 1800.0, "top_gaps": 20}
DATA = ROOT.parent / "shared" / "data" / "spisa"

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not DATA.is_dir(), reason="needs the real data in ../shared/data"),
]


@pytest.fixture(scope="module")
def spisa(tmp_path_factory):
    """A deployment that has delivered everybody's lesson with all that they got wrong, and its Drive."""
    folder = tmp_path_factory.mktemp("spisa")
    # From all of them: those who come first are no sample.
    chosen = itertools.islice(spisa_records(DATA), 0, None, max(1, 1_075 // LEARNERS))
    lines = [json.dumps(record) + "\n" for record in itertools.islice(chosen, LEARNERS)]
    (folder / "records.jsonl").write_text("".join(lines), encoding="utf-8")
    with drive_here(folder / "google") as drive:
        night = make_night(folder, "run-1", **drive.settings(), **ALL_TAUGHT)
        assert pipeline.produce(night, f"jsonl:{folder / 'records.jsonl'}").passed
        yield folder, drive, night


def test_every_file_is_on_drive_once_with_its_bytes(spisa):
    _, drive, night = spisa

    assert list(faults_on_drive(night, drive.storage, FILES)) == []
    assert len(list(drive.storage.files())) == FILES * LEARNERS


def test_every_wrong_answer_has_its_seconds_and_every_second_its_reason(spisa):
    _, _, night = spisa

    found = reckon(night, step=10.0 if LEARNERS < 100 else 3600.0)

    assert found.faults == []
    assert found.lessons == LEARNERS
    assert found.taught == found.answers > 10 * LEARNERS
    assert found.left_out == 0


def test_a_second_night_uploads_nothing(spisa):
    folder, drive, _ = spisa
    drive.emulator.calls.clear()

    night = make_night(folder, "run-2", **drive.settings(), **ALL_TAUGHT)
    assert pipeline.produce(night, f"jsonl:{folder / 'records.jsonl'}").passed

    assert not [name for name in drive.emulator.calls if name.startswith("upload") or "create" in name]
    assert list(faults_on_drive(night, drive.storage, FILES)) == []
