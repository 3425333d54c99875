"""The end of a lesson: what was learned and what to do next. Depends on the plan, not on the name."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from presgen.errors import BadScript
from presgen.model.lesson import BulletSlide, ClosingSlide, Gap, LessonPlan, Section, SectionKind
from presgen.personas import Persona
from presgen.writing.composing import cited, compose, first_that_fits, label
from presgen.writing.languages import Language, language_of
from presgen.writing.limits import allowance
from presgen.writing.phrasebook import Phrasebook, by_digest
from presgen.writing.plain_text import capitalised, shorten
from presgen.writing.wording import called, counted, enumerated, inside


def closing(plan: LessonPlan, taught: Sequence[Section], persona: Persona) -> Section:
    """Return the section that sums up the ``taught`` sections and says what to do next.

    Raises:
        BadScript: not even the recap and the farewell fit into the closing's share of the lesson.
    """
    return first_that_fits(_drafts(plan, taught, persona))


def _drafts(plan: LessonPlan, taught: Sequence[Section], persona: Persona) -> Iterator[Section | BadScript]:
    allowed = allowance(SectionKind.CLOSING, plan.budget)
    for brief in range(6):
        try:
            section = _section(plan, taught, persona, brief)
        except BadScript as fault:
            yield fault
            continue
        if section.planned <= allowed:
            yield section
        else:
            yield BadScript(
                f"The closing takes {section.planned:.0f} s at its shortest; "
                f"up to {allowed:.0f} s would have been fine in a lesson of {plan.budget:.0f} s."
            )


def _section(plan: LessonPlan, taught: Sequence[Section], persona: Persona, brief: int) -> Section:
    language = language_of(persona.locale)
    labels = language.labels
    context = " ".join(section.text for section in taught)
    sources = [source for section in taught for source in section.sources]
    reviewed = sum(section.kind is SectionKind.REMEDY for section in taught)
    left_out = [
        gap for gap in plan.left_out if gap.skill_name not in {taken.skill_name for taken in plan.gaps}
    ]
    values = {
        "brief": brief,
        "count": len(plan.gaps),
        "gap_count": counted(len(plan.gaps), language.gaps, language),
        "gaps": enumerated(
            [inside(gap.skill_name, language, context) for gap in plan.gaps], language, 3 if brief < 3 else 1
        ),
        "questions": _questions(reviewed, language),
        "source": called(sources[0].title, language) if sources else "",
        "later": language.listed([inside(gap.skill_name, language, context) for gap in left_out[:2]]),
    }
    beats = Phrasebook(persona).beats(
        "closing", by_digest("closing", *(gap.skill_id for gap in plan.gaps)), values
    )
    steps = []
    if reviewed:
        steps.append(capitalised(labels.answer_again.format(questions=values["questions"])))
    if sources:
        steps.append(labels.read.format(source=cited(sources[0])))
    if left_out:
        steps.append(labels.next_gap.format(gap=label(left_out[0].skill_name, 70, language)))
    return compose(
        SectionKind.CLOSING,
        "closing",
        persona,
        beats,
        title=labels.what_next,
        data=[value for value in values.values() if isinstance(value, str)],
        slide=ClosingSlide(
            kicker=label(plan.certification, 48, language),
            title=labels.takeaways,
            recap=tuple(_recapped(gap, taught, language) for gap in plan.gaps[:4]),
            next_steps=tuple(shorten(step, 80) for step in steps) or (labels.practice_test,),
        ),
    )


def _questions(reviewed: int, language: Language) -> str:
    if reviewed <= 1:
        return language.labels.the_question if reviewed else ""
    return language.labels.the_questions.format(count=counted(reviewed, language.questions, language))


def _recapped(gap: Gap, taught: Sequence[Section], language: Language) -> str:
    skill, title = label(gap.skill_name, 60, language), label(gap.skill_name, 64, language)
    for section in taught:
        if isinstance(slide := section.slide, BulletSlide) and slide.title == title:
            points = [inside(start, language, section.text) for start, _ in slide.points]
            return shorten(f"{skill}: {language.listed(points)}", 110)
    return skill
