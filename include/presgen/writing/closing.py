"""The end of a lesson: what was learned and what to do next. Depends on the plan, not on the name."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from presgen.errors import BadScript
from presgen.model.lesson import BulletSlide, ClosingSlide, Gap, LessonPlan, Section, SectionKind
from presgen.personas import Persona
from presgen.writing.composing import compose, first_that_fits, label
from presgen.writing.limits import allowance
from presgen.writing.phrasebook import Phrasebook, by_digest
from presgen.writing.plain_text import capitalised, shorten
from presgen.writing.wording import called, counted, enumerated, inside, listed


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
    context = " ".join(section.text for section in taught)
    sources = [source for section in taught for source in section.sources]
    reviewed = sum(section.kind is SectionKind.REMEDY for section in taught)
    left_out = [
        gap for gap in plan.left_out if gap.skill_name not in {taken.skill_name for taken in plan.gaps}
    ]
    values = {
        "brief": brief,
        "count": len(plan.gaps),
        "gap_count": counted(len(plan.gaps), "gap"),
        "gaps": enumerated([_spoken(gap, context) for gap in plan.gaps], 3 if brief < 3 else 1),
        "questions": ("the question" if reviewed == 1 else f"the {counted(reviewed, 'question')}")
        if reviewed
        else "",
        "source": called(sources[0].title) if sources else "",
        "later": listed([_spoken(gap, context) for gap in left_out[:2]]),
    }
    beats = Phrasebook(persona).beats(
        "closing", by_digest("closing", *(gap.skill_id for gap in plan.gaps)), values
    )
    steps = []
    if reviewed:
        steps.append(capitalised(f"answer {values['questions']} from today again"))
    if sources:
        steps.append(f"Read {sources[0].title}, {sources[0].page}".rstrip(", "))
    if left_out:
        steps.append(f"Next: {label(left_out[0].skill_name, 70)}")
    return compose(
        SectionKind.CLOSING,
        "closing",
        persona,
        beats,
        title="What to do next",
        data=[value for value in values.values() if isinstance(value, str)],
        slide=ClosingSlide(
            kicker=label(plan.certification, 48),
            title="What you take with you",
            recap=tuple(_recapped(gap, taught) for gap in plan.gaps[:4]),
            next_steps=tuple(shorten(step, 80) for step in steps) or ("Take the practice test again",),
        ),
    )


def _spoken(gap: Gap, context: str) -> str:
    return inside(gap.skill_name, context)


def _recapped(gap: Gap, taught: Sequence[Section]) -> str:
    skill = label(gap.skill_name, 60)
    for section in taught:
        if isinstance(section.slide, BulletSlide) and section.slide.title == label(gap.skill_name, 64):
            points = [inside(start, section.text) for start, _ in section.slide.points]
            return shorten(f"{skill}: {listed(points)}", 110)
    return skill
