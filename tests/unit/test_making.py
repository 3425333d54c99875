from __future__ import annotations

import json

from presgen import quality
from presgen.making import evidence_of, key_of, take
from presgen.media.formats import formats
from presgen.model.quality import SectionEvidence
from tests.factories import make_section
from tests.nights import STAMP, make_night

SECTION = make_section()
STAMPED = formats[STAMP]


def test_evidence_is_measured_once(tmp_path, monkeypatch):
    night = make_night(tmp_path)
    key = key_of(night, SECTION, STAMPED)
    take(night, SECTION, STAMPED, key)
    monkeypatch.setattr(quality, "measure_section", None)

    assert evidence_of(night, SECTION, STAMPED, key).key == key


def test_a_section_of_which_less_was_measured_is_measured_again_and_only_once(tmp_path, monkeypatch):
    night = make_night(tmp_path)
    key = key_of(night, SECTION, STAMPED)
    stored = take(night, SECTION, STAMPED, key)
    new = evidence_of(night, SECTION, STAMPED, key)
    old = {**json.loads(new.model_dump_json()), "version": 1, "loudness": -40.0}
    with monkeypatch.context() as patch:
        # What lies in the store is sealed by its digests: so the old release is played by its answer.
        read = SectionEvidence.model_validate_json
        patch.setattr(
            SectionEvidence, "model_validate_json", classmethod(lambda cls, text: read(json.dumps(old)))
        )
        again = evidence_of(night, SECTION, STAMPED, key)

    assert again == new
    assert night.workspace.load("evidence", key, SectionEvidence) == new
    assert night.workspace.sections.get(key) == stored
