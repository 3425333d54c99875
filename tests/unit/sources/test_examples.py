"""The example courses: learners whose lessons differ where their answers differ, and one in Spanish."""

import ipaddress
import json
import re
from pathlib import Path

import pytest

from presgen.sources import load_records

EXAMPLES = Path(__file__).parents[3] / "examples" / "networking"
SPANISH = EXAMPLES.parent / "redes"
KEY = b"a key of the tests, 32 bytes....."


@pytest.fixture(scope="module")
def records():
    """The three records: Ada's, Bo's and Cleo's."""
    loaded = load_records(f"folder:{EXAMPLES}", key=KEY)
    assert loaded.quarantined == ()
    return [found.record for found in loaded.records]


def wrong(record):
    return {answer.question_id: answer.user_answer for answer in record.wrong_answers}


def test_cleaning_finds_nothing_to_repair(records):
    for record, path in zip(records, sorted(EXAMPLES.glob("*.json")), strict=True):
        raw = json.loads(path.read_text(encoding="utf-8"))
        assert raw == json.loads(record.model_dump_json(exclude_unset=True))


def test_the_learners_are_plainly_fictional(records):
    assert [record.learner.name for record in records] == ["Ada Example", "Bo Sample", "Cleo Specimen"]
    assert all(record.learner.email.endswith("@example.org") for record in records)


def test_all_learners_answer_the_same_questions_of_five_domains(records):
    asked = [
        [answer.model_dump(exclude={"user_answer", "is_correct"}) for answer in record.answers]
        for record in records
    ]

    assert asked[0] == asked[1] == asked[2]
    assert len(asked[0]) == 15
    assert len({question["domain"] for question in asked[0]}) == 5


def test_every_question_has_four_options_and_an_explanation_for_the_ear(records):
    for answer in records[0].answers:
        assert len(set(answer.options)) == 4
        assert answer.correct_answer in answer.options
        sentences = re.split(r"(?<=[.!?]) ", answer.explanation)
        assert 1 <= len(sentences) <= 3
        assert all(len(sentence.split()) <= 22 for sentence in sentences)


def test_what_is_taught_about_one_skill_is_the_same_for_everybody(records):
    taught: dict[str, object] = {}
    for record in records:
        for outline in record.content_outline:
            assert taught.setdefault(outline.skill_id, outline) == outline
            assert len(outline.content_items) >= 3
            assert all(item.source and item.page_ref for item in outline.content_items)


def test_every_gap_has_wrong_answers_and_content(records):
    for record in records:
        outlines = {outline.skill_id for outline in record.content_outline}
        explained = [found for gap in record.gap_analysis.skill_gaps for found in gap.question_ids]
        assert sorted(explained) == sorted(wrong(record))
        assert {gap.skill_id for gap in record.gap_analysis.skill_gaps} == outlines


def test_ada_and_bo_share_choices_and_cleo_shares_none(records):
    ada, bo, cleo = (set(wrong(record).items()) for record in records)

    assert len(ada & bo) == 3
    assert not (ada | bo) & cleo
    assert [record.learner.persona for record in records] == ["mentor", None, "expert"]


def test_what_can_be_computed_about_addresses_is_right(records):
    right = {answer.question_id: answer for answer in records[0].answers}

    private = [option for option in right["q01"].options if ipaddress.ip_address(option).is_private]
    assert private == [right["q01"].correct_answer]
    assert int(right["q02"].correct_answer) == len(list(ipaddress.ip_network("10.0.0.0/26").hosts()))
    start = ipaddress.ip_interface("10.0.0.130/25").network.network_address
    assert right["q03"].correct_answer == f"At {int(start) % 256}"


def exhibits_of(record, kind):
    items = [item for outline in record.content_outline for item in outline.content_items]
    return [item.exhibit for item in items if item.exhibit is not None and item.exhibit.kind == kind]


def test_the_course_shows_every_kind_of_thing_but_charts(records):
    kinds = {
        item.exhibit.kind
        for record in records
        for outline in record.content_outline
        for item in outline.content_items
        if item.exhibit is not None
    }

    assert kinds == {"definition", "comparison", "code", "quote", "diagram"}


@pytest.mark.parametrize("path", [EXAMPLES / "ada.json", SPANISH / "ines.json"], ids=lambda path: path.stem)
def test_what_is_said_of_the_code_is_what_it_prints(path, capsys):
    [loaded] = load_records(f"json:{path}", key=KEY).records
    [listing] = exhibits_of(loaded.record, "code")

    exec(compile(listing.code, "listing", "exec"), {})

    printed = capsys.readouterr().out.split()
    assert printed == re.findall(r"# (\S+)", listing.code)
    assert printed[0] in listing.notes[1].note
    assert printed[1].endswith(re.findall(r"\d+", listing.notes[2].note)[-1])


def test_the_course_in_spanish_is_as_complete_as_the_other():
    [loaded] = load_records(f"folder:{SPANISH}", key=KEY).records
    record = loaded.record

    assert (record.learner.name, record.learner.locale) == ("Inés Ejemplo", "es-ES")
    assert (len(record.answers), len(record.gap_analysis.skill_gaps)) == (15, 3)
    assert sorted(
        question for gap in record.gap_analysis.skill_gaps for question in gap.question_ids
    ) == sorted(wrong(record))
    assert all(answer.correct_answer in answer.options for answer in record.answers)
    assert all(
        answer.question_text.count("¿") == answer.question_text.count("?") for answer in record.answers
    )
    raw = json.loads((SPANISH / "ines.json").read_text(encoding="utf-8"))
    assert raw == json.loads(record.model_dump_json(exclude_unset=True))
