"""1,075 real learners, as records: what they share decides what has to be rendered."""

from collections import Counter

import pytest

from benchmarks.spisa_records import WRONG_CHOICE, spisa_records, write_spisa_records
from presgen.model.base import Seconds, digest_of
from presgen.model.lesson import SectionKind
from presgen.personas import load_persona
from presgen.sources import load_records
from presgen.writing import plan_lesson, write_script

KEY = b"a key of the tests, 32 bytes....."


@pytest.fixture(scope="module")
def folder(shared_data):
    """The data set's folder."""
    return shared_data / "spisa"


@pytest.fixture(scope="module")
def loaded(folder, tmp_path_factory):
    """All records, through the front door."""
    path = tmp_path_factory.mktemp("spisa") / "records.jsonl"
    write_spisa_records(folder, path)
    return load_records(f"jsonl:{path}", key=KEY)


def test_every_learner_answers_every_question_once(folder):
    records = list(spisa_records(folder))

    assert len({record["learner"]["id"] for record in records}) == 1_075
    assert {len({answer["question_id"] for answer in record["answers"]}) for record in records} == {45}


def test_all_records_are_believed_and_hold_what_the_data_tell(loaded):
    assert len(loaded.records) == 1_075
    assert loaded.quarantined == ()
    wrong = [answer for found in loaded.records for answer in found.record.wrong_answers]
    assert len(wrong) == 19_660
    assert {answer.user_answer for answer in wrong} == {WRONG_CHOICE}
    assert len({(answer.question_id, answer.user_answer) for answer in wrong}) == 45


def test_loading_explains_every_gap_and_measures_every_domain(loaded):
    analyses = [found.record.gap_analysis for found in loaded.records]
    gaps = [gap for analysis in analyses for gap in analysis.skill_gaps]

    assert all(gap.question_ids for gap in gaps)
    assert sum(len(gap.question_ids) for gap in gaps) == 19_660
    for analysis in analyses:
        assert len(analysis.performance_by_domain) == 5
        for gap in analysis.skill_gaps:
            lost = 100 - analysis.performance_by_domain[gap.exam_domain]
            assert lost == pytest.approx(100 * len(gap.question_ids) / 9, abs=0.1)


@pytest.mark.slow
def test_19_660_wrong_answers_lead_to_exactly_45_remedies(loaded):
    persona = load_persona("mentor")
    remedies = Counter()

    for found in loaded.records:
        plan = plan_lesson(
            found.record,
            pseudonym=found.pseudonym,
            lesson_id=found.lesson_id,
            persona=persona,
            top_gaps=20,
            budget=Seconds(100_000),
        )
        if plan.gaps:
            script = write_script(plan, found.record, persona)
            remedies.update(
                digest_of(section) for section in script.sections if section.kind is SectionKind.REMEDY
            )

    assert remedies.total() == 19_660
    assert len(remedies) == 45
