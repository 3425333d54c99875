"""The facade for programs: scripts and videos from values, in one awaited call.

    generator = AvatarContentGenerator(Settings())
    script = await generator.generate_avatar_script([outline_of_dns, "Getting an address by DHCP"])
    videos = await generator.create_personalized_videos(learner, content)

    night = await VideoPipelineManager(Settings()).orchestrate_video_creation(records)

Everything here is the pipeline's own functions, called in a thread; the event loop stays free while processes
render. A call takes minutes: a web server starts a DAG run instead and asks for its status.
"""

from __future__ import annotations

import asyncio
import secrets
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from pydantic import RootModel

from presgen import pipeline
from presgen.errors import BadInput, BadScript
from presgen.model.base import Model, Seconds, digest_of
from presgen.model.learner import (
    Answer,
    AssessmentRecord,
    Certification,
    GapAnalysis,
    Learner,
    Quarantined,
    SkillOutline,
)
from presgen.model.lesson import Cause, Gap, LessonPlan, LessonScript, Section
from presgen.model.publication import PublishedAsset
from presgen.model.references import LessonRef, NightReport
from presgen.orders import HANDED_IN, forget_handed_in
from presgen.personas import Persona, choose_persona, language_code, load_persona
from presgen.settings import Settings
from presgen.workspace import Workspace, write_whole


class LessonContent(Model):
    """What a lesson is made of beside the learner: what was answered, and what there is to teach."""

    gap_analysis: GapAnalysis
    answers: tuple[Answer, ...] = ()
    content_outline: tuple[SkillOutline, ...] = ()
    certification: Certification


class LessonVideo(Model):
    """What became of one learner's lesson."""

    lesson: LessonRef
    assets: tuple[PublishedAsset, ...]
    """Where its files are; empty unless it was published."""
    reason: str
    """Why there is no video; empty where there is one, or where none is needed."""


class Orchestration(Model):
    """What became of a set of assessment results."""

    report: NightReport
    videos: tuple[LessonVideo, ...]
    """In the order of the lessons' ids."""
    quarantined: tuple[Quarantined, ...]
    """Results that were refused, each with the reason."""


class AvatarContentGenerator:
    """Writes scripts and makes videos for one learner or for none in particular."""

    def __init__(self, settings: Settings | None = None, course: Sequence[SkillOutline] = ()) -> None:
        """Take the deployment's settings (the environment's by default) and what the course teaches.

        ``course`` is where learning objectives that are only named are looked up.
        """
        self._settings = settings or Settings()
        self._course = tuple(course)

    async def generate_avatar_script(
        self,
        learning_objectives: Sequence[str | SkillOutline],
        *,
        persona: str | None = None,
        locale: str | None = None,
        longest: Seconds | None = None,
    ) -> LessonScript:
        """Return a script that teaches the objectives in this order, to nobody in particular.

        Without a learner there is nobody to greet and no score to tell: the script has a deep dive and the
        exhibits of each objective and the closing, and no pseudonym. An objective is an outline with content,
        or the id or name of one in the course; nothing is made up for an objective without content. The same
        objectives give the same script.

        Args:
            learning_objectives: what to teach.
            persona: who teaches; None: whoever speaks the language.
            locale: the language wanted; None: the persona's.
            longest: how long it may be, as planned; what comes last is left out for it. None: as long as the
                objectives take.

        Raises:
            BadInput: there is no objective, one is not in the course, or the persona speaks another language.
            BadScript: an objective has no content that can be taught, or too much, or not even the first one
                fits into that time.
            UnknownName: there is no such persona.
        """
        return await asyncio.to_thread(
            self._script, tuple(learning_objectives), self._teacher(persona, locale), longest
        )

    async def generate_lesson_script(
        self,
        record: AssessmentRecord,
        *,
        persona: str | None = None,
        locale: str | None = None,
        longest: Seconds | None = None,
    ) -> LessonScript | None:
        """Return the script of one learner's lesson, and keep nothing; None: there is no gap to close.

        The arguments are those of `generate_avatar_script`; what is None is as the learner wishes and the
        deployment has chosen. The script has no pseudonym, and its id follows from what it is made of.

        Raises:
            BadInput: the persona speaks another language than ``locale``.
            BadScript: the script breaks a limit or lacks a section.
            UnknownName: there is no such persona.
        """
        return await asyncio.to_thread(self._lesson_script, record, persona, locale, longest)

    async def create_personalized_videos(
        self, user_profile: Learner, content: LessonContent
    ) -> tuple[LessonVideo, ...]:
        """Make, check and publish the learner's lesson; return it, or why there is none.

        The same profile and content again publish nothing new. Empty where the content was refused as no
        clean record: `VideoPipelineManager.orchestrate_video_creation` tells the reason.

        Raises:
            StoreUnavailable: the workspace or the ledger is away.
        """
        record = AssessmentRecord(learner=user_profile, **dict(content))
        made = await VideoPipelineManager(self._settings).orchestrate_video_creation([record])
        return made.videos

    def _lesson_script(
        self, record: AssessmentRecord, persona: str | None, locale: str | None, longest: Seconds | None
    ) -> LessonScript | None:
        wished = {"persona": persona or record.learner.persona, "locale": locale or record.learner.locale}
        if persona is not None:
            self._teacher(persona, locale)
        record = record.model_copy(update={"learner": record.learner.model_copy(update=wished)})
        settings = self._settings
        if longest is not None:
            settings = settings.model_copy(update={"budget": longest})
        script_id = f"script-{digest_of([record, settings.persona, settings.budget])[:16]}"
        return pipeline.draft_lesson(settings, record, "", script_id, persona)[1]

    def _teacher(self, name: str | None, locale: str | None) -> Persona:
        if name is None and locale is not None:
            return choose_persona(None, locale, self._settings.persona).persona
        found = load_persona(name or self._settings.persona)
        if locale is not None and language_code(locale) != found.language:
            raise BadInput(
                f"{found.name} speaks {found.locale}. Leave out persona or locale, or make them fit."
            )
        return found

    def _script(
        self, objectives: tuple[str | SkillOutline, ...], persona: Persona, longest: Seconds | None
    ) -> LessonScript:
        if not objectives:
            raise BadInput("There is no learning objective: a script needs at least one.")
        outlines = tuple(
            self._outline(each) if isinstance(each, str) else each for each in dict.fromkeys(objectives)
        )
        script_id = f"script-{digest_of([persona.name, longest, *outlines])[:16]}"
        written = [_taught(outline, persona) for outline in outlines]
        for count in range(len(outlines), 0, -1):
            script = _joined(script_id, outlines[:count], written[:count], persona, self._settings.budget)
            if longest is None or script.planned <= longest:
                return script
        raise BadScript(
            f"{outlines[0].skill_name!r} takes {script.planned:.0f} s to teach; {longest:.0f} s are allowed."
        )

    def _outline(self, named: str) -> SkillOutline:
        """Return the course's outline of that id or name; a sentence that contains the name will do."""
        wanted = " ".join(named.split()).casefold()
        for outline in self._course:
            if wanted in (outline.skill_id.casefold(), outline.skill_name.casefold()):
                return outline
        for outline in self._course:
            if outline.skill_name.casefold() in wanted:
                return outline
        known = ", ".join(outline.skill_name for outline in self._course) or "none: give outlines instead"
        raise BadInput(f"The course teaches no {named!r}. It teaches: {known}.")


class VideoPipelineManager:
    """Runs the whole pipeline over assessment results that are at hand as values."""

    def __init__(self, settings: Settings | None = None) -> None:
        """Take the deployment's settings; the environment's by default."""
        self._settings = settings or Settings()

    async def orchestrate_video_creation(
        self, assessment_results: Sequence[AssessmentRecord]
    ) -> Orchestration:
        """Make, check and publish a lesson for each result; one that fails stops no other.

        The results take the same way as those of a file: cleaned, validated as a table, deduplicated.

        Raises:
            BadInput: there are no results.
            StoreUnavailable: the workspace or the ledger is away.
        """
        return await asyncio.to_thread(self._orchestrate, tuple(assessment_results))

    def _orchestrate(self, records: tuple[AssessmentRecord, ...]) -> Orchestration:
        if not records:
            raise BadInput("There are no assessment results: a run needs at least one.")
        night = pipeline.open_night(self._settings, f"order-{secrets.token_hex(8)}")
        with _handed_in(night.workspace, night.run_id, records) as source:
            report = pipeline.produce(night, source)
        return Orchestration(
            report=report, videos=lesson_videos(night), quarantined=night.ledger.quarantined(night.run_id)
        )


def lesson_videos(night: pipeline.Night) -> tuple[LessonVideo, ...]:
    """Return what has become of the run's lessons, in the order of their ids.

    Their files are those of the first publisher.
    """
    main, *_ = night.settings.publishers
    return tuple(
        LessonVideo(
            lesson=entry.ref(),
            assets=night.ledger.assets(entry.lesson_id, main) if entry.status == "published" else (),
            reason=entry.reason,
        )
        for entry in night.ledger.lessons(night.run_id)
    )


class _Records(RootModel[tuple[AssessmentRecord, ...]]):
    """A JSON list of records, as the reader ``json`` takes it."""


@contextmanager
def _handed_in(workspace: Workspace, run_id: str, records: tuple[AssessmentRecord, ...]) -> Iterator[str]:
    """Lay the records down as a source for as long as the run needs them."""
    with workspace.at_work(run_id, run_id):
        forget_handed_in(workspace)
        folder = workspace.folder(HANDED_IN, run_id)
        try:
            path = folder / "records.json"
            write_whole(path, _Records(records).model_dump_json().encode())
            yield f"json:{path}"
        finally:
            shutil.rmtree(folder)


def _joined(
    script_id: str,
    outlines: Sequence[SkillOutline],
    written: Sequence[Sequence[Section]],
    persona: Persona,
    budget: Seconds,
) -> LessonScript:
    """Return the script that has those sections, and a closing about them."""
    from presgen.writing.closing import closing

    plan = LessonPlan(
        lesson_id=script_id,
        pseudonym="",
        persona=persona.name,
        locale=persona.locale,
        certification=outlines[0].exam_domain,
        gaps=tuple(_gap(outline) for outline in outlines),
        remedies=(),
        left_out=(),
        budget=budget,
    )
    taught = [section for sections in written for section in sections]
    causes = [
        Cause(skill_ids=(outline.skill_id,))
        for outline, sections in zip(outlines, written, strict=True)
        for _ in sections
    ]
    return LessonScript(
        lesson_id=script_id,
        pseudonym="",
        title=" · ".join(outline.skill_name for outline in outlines),
        persona=persona.name,
        locale=persona.locale,
        sections=(*taught, closing(plan, taught, persona)),
        causes=(*causes, Cause(skill_ids=tuple(outline.skill_id for outline in outlines))),
    )


def _taught(outline: SkillOutline, persona: Persona) -> list[Section]:
    """Return the sections that teach ``outline``: what is told, then what is shown.

    Raises:
        BadScript: nothing of it can be taught.
    """
    from presgen.writing.deep_dive import deep_dive
    from presgen.writing.exhibit import exhibits

    shown = list(exhibits(outline, persona))
    try:
        return [deep_dive(outline, persona), *shown]
    except BadScript:
        if not shown:
            raise
        return shown


def _gap(outline: SkillOutline) -> Gap:
    return Gap(
        skill_id=outline.skill_id,
        skill_name=outline.skill_name,
        domain=outline.exam_domain,
        weight=0.0,
        score=None,
        question_ids=(),
    )
