from __future__ import annotations

import asyncio
import inspect

import pytest

from presgen.errors import BadInput, BadScript, UnknownName
from presgen.model.learner import ContentItem, Definition
from presgen.model.lesson import LessonScript, LessonStatus, SectionKind
from presgen.services import AvatarContentGenerator, LessonContent, Orchestration, VideoPipelineManager
from tests.factories import make_answer, make_outline
from tests.nights import make_learner_record, make_settings

PORTS = make_outline()
NAMES = make_outline("dns", skill_name="Names and addresses", exam_domain="DNS")


def generate(objectives, settings, **choices):
    generator = AvatarContentGenerator(settings, course=(PORTS, NAMES))
    return asyncio.run(generator.generate_avatar_script(objectives, **choices))


def content_of(record):
    return LessonContent(**record.model_dump(exclude={"learner"}))


def files(folder):
    return {path: path.stat().st_mtime_ns for path in folder.rglob("*") if path.is_file()}


def test_the_facade_has_the_names_and_the_parameters_of_the_specification():
    for method, parameters in (
        (AvatarContentGenerator.generate_avatar_script, ["self", "learning_objectives"]),
        (AvatarContentGenerator.create_personalized_videos, ["self", "user_profile", "content"]),
        (VideoPipelineManager.orchestrate_video_creation, ["self", "assessment_results"]),
    ):
        assert inspect.iscoroutinefunction(method)
        named = inspect.signature(method).parameters.values()
        assert [each.name for each in named if each.kind is not each.KEYWORD_ONLY] == parameters


def test_a_script_teaches_its_objectives_in_order_to_nobody_in_particular(tmp_path):
    script = generate([NAMES, "Well-known ports"], make_settings(tmp_path))

    assert [section.kind for section in script.sections] == [
        SectionKind.DEEP_DIVE,
        SectionKind.DEEP_DIVE,
        SectionKind.CLOSING,
    ]
    assert [cause.skill_ids for cause in script.causes] == [("dns",), ("ports",), ("dns", "ports")]
    assert script.pseudonym == ""
    assert LessonScript.model_validate_json(script.model_dump_json()) == script
    assert not list(tmp_path.iterdir())


def test_a_script_shows_what_the_course_has_to_show(tmp_path):
    drawn = ContentItem(
        topic="Port",
        exhibit=Definition(term="Port", meaning="A number that leads a packet to its program."),
    )
    told = PORTS.model_copy(update={"content_items": (*PORTS.content_items, drawn)})
    only_shown = PORTS.model_copy(update={"skill_id": "drawn", "content_items": (drawn,)})

    script = generate([told, only_shown], make_settings(tmp_path))

    assert [section.kind for section in script.sections] == [
        SectionKind.DEEP_DIVE,
        SectionKind.EXHIBIT,
        SectionKind.EXHIBIT,
        SectionKind.CLOSING,
    ]
    assert [cause.skill_ids for cause in script.causes[:3]] == [("ports",), ("ports",), ("drawn",)]


@pytest.mark.parametrize(
    "named", ["ports", "PORTS", "well-known  ports", "Explain the well-known ports to a beginner"]
)
def test_an_objective_may_be_named_by_its_id_or_name(tmp_path, named):
    settings = make_settings(tmp_path)

    assert generate([named], settings) == generate([PORTS], settings)


def test_an_objective_given_twice_is_taught_once(tmp_path):
    settings = make_settings(tmp_path)

    assert generate([PORTS, NAMES, PORTS], settings) == generate([PORTS, NAMES], settings)


@pytest.mark.parametrize(
    ("objectives", "told"), [([], "at least one"), (["Quantum knitting"], "Well-known ports")]
)
def test_an_objective_without_content_is_refused_not_made_up(tmp_path, objectives, told):
    with pytest.raises(BadInput, match=told):
        generate(objectives, make_settings(tmp_path))


def test_the_script_is_in_the_teachers_words(tmp_path):
    settings = make_settings(tmp_path)

    assert generate([PORTS], settings, persona="expert").persona == "expert"
    with pytest.raises(UnknownName):
        generate([PORTS], settings, persona="nobody")


def test_a_learner_gets_a_video_and_asking_again_makes_no_other(tmp_path):
    generator = AvatarContentGenerator(make_settings(tmp_path))
    record = make_learner_record()

    [video] = asyncio.run(generator.create_personalized_videos(record.learner, content_of(record)))
    before = files(tmp_path / "output")
    [again] = asyncio.run(generator.create_personalized_videos(record.learner, content_of(record)))

    assert (video.lesson.status, video.reason) == (LessonStatus.PUBLISHED, "")
    assert {asset.role for asset in video.assets} >= {"video", "captions_vtt", "transcript", "report"}
    assert again == video
    assert files(tmp_path / "output") == before


def test_results_are_orchestrated_as_a_night_that_leaves_no_copy_of_them(tmp_path):
    manager = VideoPipelineManager(make_settings(tmp_path))
    finished = make_learner_record(2, answers=[make_answer("q1", is_correct=True)], gaps=[], outline=[])

    made = asyncio.run(manager.orchestrate_video_creation([make_learner_record(1), finished]))

    assert made.report.lessons == {"not_needed": 1, "published": 1}
    assert made.report.passed
    assert sorted(video.lesson.status for video in made.videos) == [
        LessonStatus.NOT_NEEDED,
        LessonStatus.PUBLISHED,
    ]
    assert Orchestration.model_validate_json(made.model_dump_json()) == made
    assert not list((tmp_path / "workspace" / "inbox").iterdir())


def test_no_results_are_no_night(tmp_path):
    with pytest.raises(BadInput):
        asyncio.run(VideoPipelineManager(make_settings(tmp_path)).orchestrate_video_creation([]))


def test_a_script_that_may_not_last_leaves_out_what_comes_last(tmp_path):
    whole = generate([PORTS, NAMES], make_settings(tmp_path))

    short = generate([PORTS, NAMES], make_settings(tmp_path), longest=whole.planned - 1)

    assert [cause.skill_ids for cause in short.causes] == [("ports",), ("ports",)]
    assert short.planned < whole.planned
    with pytest.raises(BadScript, match="are allowed"):
        generate([PORTS], make_settings(tmp_path), longest=1)


def test_a_script_is_in_the_language_that_is_wanted(tmp_path):
    script = generate([PORTS], make_settings(tmp_path), locale="es-ES")

    assert script.locale.startswith("es")
    with pytest.raises(BadInput, match="mentor speaks en"):
        generate([PORTS], make_settings(tmp_path), persona="mentor", locale="es-ES")


def draft(record, settings, **choices):
    return asyncio.run(AvatarContentGenerator(settings).generate_lesson_script(record, **choices))


def test_a_record_s_script_is_its_lesson_s_and_nothing_is_kept(tmp_path):
    settings = make_settings(tmp_path)

    script = draft(make_learner_record(), settings, persona="coach", longest=120)

    assert script.sections[0].kind is SectionKind.OPENING
    assert (script.persona, script.pseudonym) == ("coach", "")
    assert script == draft(make_learner_record(), settings, persona="coach", longest=120)
    assert script.lesson_id != draft(make_learner_record(2), settings, persona="coach").lesson_id
    assert not list(tmp_path.iterdir())


def test_a_record_without_a_gap_needs_no_script(tmp_path):
    record = make_learner_record(gaps=(), answers=[make_answer(is_correct=True)])

    assert draft(record, make_settings(tmp_path)) is None
