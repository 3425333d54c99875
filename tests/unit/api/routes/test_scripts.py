from __future__ import annotations

import asyncio
import json

import pytest

from presgen.api.views import ScriptRequest
from presgen.client import ApiError, Conflict, NotAllowed
from tests.desks import client_of, make_desk
from tests.factories import make_answer, make_outline
from tests.nights import make_learner_record


@pytest.fixture
def desk(tmp_path):
    return make_desk(tmp_path)


def write(desk, who="owner", **fields):
    async def ask():
        async with client_of(desk, who) as client:
            return await client.generate_script(ScriptRequest(**fields))

    return asyncio.run(ask())


def test_objectives_become_sections_with_words_seconds_and_sources(desk):
    script = write(desk, objectives=(make_outline(),), seconds=120)

    assert [section.kind.value for section in script.sections] == ["deep_dive", "closing"]
    assert script.words == sum(len(section.text.split()) for section in script.sections)
    assert 10 < script.seconds < 120
    assert [source.title for source in script.sources] == ["RFC 6335", "Networking Essentials Handbook"]
    assert script.sections[0].skills == ("ports",)


def test_a_record_becomes_its_lesson_with_the_answers_behind_each_section(desk):
    record = make_learner_record()

    script = write(desk, record=record, persona="coach")

    assert script.persona == "coach"
    assert any(section.questions == ("q1",) for section in script.sections)
    assert not desk.workspace.root.exists() or not list(desk.workspace.root.glob("records/*"))


def test_the_same_request_gives_the_same_script(desk):
    assert write(desk, record=make_learner_record()) == write(desk, record=make_learner_record())


def test_the_language_decides_who_teaches(desk):
    assert write(desk, objectives=(make_outline(),), locale="es-ES").locale.startswith("es")


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({}, "objectives or about a record"),
        ({"objectives": ("Quantum physics",)}, "teaches no"),
        ({"objectives": (make_outline(),), "persona": "nobody"}, "No persona is called"),
        ({"objectives": (make_outline(),), "persona": "mentor", "locale": "es-ES"}, "speaks en"),
    ],
)
def test_what_cannot_be_written_is_refused_with_the_reason(desk, fields, told):
    with pytest.raises(ApiError, match=told) as refused:
        write(desk, **fields)

    assert refused.value.problem.status == 422


def test_nobody_needs_a_script_without_a_gap(desk):
    with pytest.raises(Conflict, match="no gap"):
        write(desk, record=make_learner_record(gaps=(), answers=[make_answer(is_correct=True)]))


def test_a_viewer_has_nothing_written(desk):
    with pytest.raises(NotAllowed):
        write(desk, who="viewer", objectives=(make_outline(),))


def test_the_request_of_the_documentation_is_fine(desk):
    [example] = ScriptRequest.model_config["json_schema_extra"]["examples"]

    assert write(desk, **ScriptRequest.model_validate_json(json.dumps(example)).model_dump()).sections
