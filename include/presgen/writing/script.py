"""From the plan to the script: every sentence the learner will hear, and because of which answers."""

from __future__ import annotations

from presgen.errors import BadScript
from presgen.model.learner import AssessmentRecord, SkillOutline
from presgen.model.lesson import Cause, LessonPlan, LessonScript, Section
from presgen.personas import Persona
from presgen.writing.closing import closing
from presgen.writing.composing import label
from presgen.writing.content import outline_of
from presgen.writing.deep_dive import deep_dive
from presgen.writing.exhibit import exhibits
from presgen.writing.languages import Language, language_of
from presgen.writing.limits import check_lesson
from presgen.writing.opening import opening
from presgen.writing.plain_text import shorten
from presgen.writing.remedy import remedy
from presgen.writing.wording import called, inside

LONGEST_TITLE = 80
"""Characters of a lesson's title: two lines on the first slide."""


def write_script(plan: LessonPlan, record: AssessmentRecord, persona: Persona) -> LessonScript:
    """Return the script of the lesson that ``plan`` lays out for the learner of ``record``.

    Deep dives, exhibits and remedies are shared: for the same content and persona they are equal in
    every script.

    Raises:
        BadScript: a limit is broken or a required section is missing. The message names it.
        BadInput: the persona lacks a phrase.
    """
    if not plan.gaps:
        raise BadScript(f"Lesson {plan.lesson_id} has no gap to close: it has no script and needs none.")
    taught: list[Section] = []
    causes: list[Cause] = []
    waiting = list(plan.remedies)
    outlines: set[str] = set()
    answers = {answer.question_id: answer for answer in record.wrong_answers}
    for gap in plan.gaps:
        outline = outline_of(gap.skill_id, gap.skill_name, record)
        lesson = _deep_dive(outline, persona) if outline and outline.skill_id not in outlines else None
        shown = exhibits(outline, persona) if outline and outline.skill_id not in outlines else ()
        if outline is not None:
            outlines.add(outline.skill_id)
        for section in (lesson, *(each for each in shown if each.slug in plan.exhibits)):
            if section is not None:
                taught.append(section)
                causes.append(Cause(skill_ids=(gap.skill_id,), question_ids=gap.question_ids))
        for question_id in [each for each in waiting if each in gap.question_ids]:
            waiting.remove(question_id)
            taught.append(remedy(answers[question_id], persona))
            causes.append(Cause(skill_ids=(gap.skill_id,), question_ids=(question_id,)))
    if waiting:
        raise BadScript(
            f"Lesson {plan.lesson_id} plans a remedy for {waiting[0]}, which no gap of the plan names."
        )
    language = language_of(persona.locale)
    title = lesson_title(plan, language)
    everything = Cause(
        skill_ids=tuple(gap.skill_id for gap in plan.gaps),
        question_ids=tuple(dict.fromkeys(question for gap in plan.gaps for question in gap.question_ids)),
    )
    script = LessonScript(
        lesson_id=plan.lesson_id,
        pseudonym=plan.pseudonym,
        title=shorten(f"{label(plan.certification, 50, language)}: {title}", 120),
        persona=persona.name,
        locale=persona.locale,
        sections=(opening(plan, record, persona, title), *taught, closing(plan, taught, persona)),
        causes=(everything, *causes, everything),
    )
    check_lesson(script, persona, plan.budget)
    return script


def lesson_title(plan: LessonPlan, language: Language) -> str:
    """Return what the lesson is about, in at most `LONGEST_TITLE` characters; holds no learner data."""
    names = [called(gap.skill_name, language) for gap in plan.gaps]
    titles = []
    for told in range(min(3, len(names)), 0, -1):
        others = [inside(name, language, " ".join(names)) for name in names[1:told]]
        more = [language.labels.and_more] if told < len(names) else []
        titles.append(language.listed([names[0], *others, *more]))
    return next((title for title in titles if len(title) <= LONGEST_TITLE), shorten(names[0], LONGEST_TITLE))


def _deep_dive(outline: SkillOutline, persona: Persona) -> Section | None:
    try:
        return deep_dive(outline, persona)
    except BadScript:
        return None  # the plan counted on the same: nothing there that could be taught
