"""A script to read before anything is rendered."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends

from presgen.api.bodies import body_of, taking
from presgen.api.desk import Caller, Desk, TheDesk
from presgen.api.principal import Right
from presgen.api.problems import Refusal, answers
from presgen.api.views.orders import ScriptRequest, WrittenScript, WrittenSection
from presgen.errors import BadInput
from presgen.model.base import Seconds
from presgen.model.lesson import LessonScript
from presgen.services import AvatarContentGenerator
from presgen.sources import believed_record
from presgen.writing.pace import word_count

router = APIRouter(tags=["scripts"])


@router.post(
    "/generate-script",
    summary="Write a script",
    responses=answers(400, 409, 413, 415),
    openapi_extra=taking(ScriptRequest),
)
async def generate_script(
    desk: TheDesk, caller: Caller, wanted: Annotated[ScriptRequest, Depends(body_of(ScriptRequest))]
) -> WrittenScript:
    """Write what a lesson would say, and render nothing; the same request gives the same script.

    Objectives give a script for nobody in particular, a record that learner's. Nothing is kept.
    """
    caller.must(Right.ORDER)
    return _written(await script_of(desk, wanted))


async def script_of(desk: Desk, wanted: ScriptRequest) -> LessonScript:
    """Return the script that a request is for.

    Raises:
        BadInput: it is about nothing, about two things, or cannot be written.
        Refusal: 409, nobody needs it.
    """
    generator = AvatarContentGenerator(desk.settings)
    if (wanted.record is None) == (not wanted.objectives):
        raise BadInput("A script is about objectives or about a record: give one of them.")
    choices = {"persona": wanted.persona, "locale": wanted.locale}
    if wanted.record is None:
        return await generator.generate_avatar_script(wanted.objectives, **choices, longest=wanted.seconds)
    record = believed_record(wanted.record.model_dump(mode="json"))
    found = await generator.generate_lesson_script(record, **choices, longest=wanted.seconds)
    if found is None:
        raise Refusal(
            409,
            "not-needed",
            "The record has no gap that this course can close: nobody needs a lesson.",
            remedy="Send a record with wrong answers, or objectives.",
        )
    return found


def _written(script: LessonScript) -> WrittenScript:
    sections = tuple(
        WrittenSection(
            kind=section.kind,
            slug=section.slug,
            title=section.title,
            text=section.text,
            words=word_count(section.text),
            seconds=Seconds(round(section.planned, 2)),
            sources=section.sources,
            skills=cause.skill_ids,
            questions=cause.question_ids,
        )
        for section, cause in zip(script.sections, script.causes, strict=True)
    )
    return WrittenScript(
        script_id=script.lesson_id,
        title=script.title,
        persona=script.persona,
        locale=script.locale,
        sections=sections,
        words=sum(section.words for section in sections),
        seconds=Seconds(round(script.planned, 2)),
        sources=tuple(dict.fromkeys(source for section in sections for source in section.sources)),
    )
