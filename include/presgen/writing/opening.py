"""The personal start of a lesson: the only section that speaks the learner's name."""

from __future__ import annotations

from collections.abc import Iterator

from presgen.errors import BadScript
from presgen.model.base import Percent
from presgen.model.learner import AssessmentRecord
from presgen.model.lesson import LessonPlan, Section, SectionKind, TitleSlide
from presgen.personas import Persona
from presgen.writing.composing import compose, first_that_fits, label
from presgen.writing.languages import Language, language_of
from presgen.writing.limits import allowance
from presgen.writing.phrasebook import Phrasebook, by_digest
from presgen.writing.plain_text import is_placeholder, plain_text, shorten
from presgen.writing.wording import called, counted, enumerated, inside, percent, spoken_name

HIGH = Percent(80.0)
"""From here on a score is praised."""

MIDDLE = Percent(55.0)
"""From here on a score is a base to build on; below, the start of the way."""

NAMING_ONE = (3, 5, 6)
"""Of the stages of being brief: where only the first gap is named, since the slide's title has them all. The
domain that the chart is about is worth more than a list."""

MOST_DOMAINS = 6
"""Bars that fit on the slide."""


def opening(plan: LessonPlan, record: AssessmentRecord, persona: Persona, title: str) -> Section:
    """Return the section that greets the learner, says where they stand, and what tonight is about.

    It is as rich as fits into the time that is planned for it. Where even the shortest takes longer, it is
    that, as long as the lesson is not too short for it.

    Raises:
        BadScript: not even the greeting and the score fit into the opening's share of the lesson.
    """
    drafts = list(_drafts(plan, record, persona, title))
    fitting = [draft for draft in drafts if isinstance(draft, Section)]
    wanted = (draft for draft in fitting if draft.planned <= plan.opening)
    if (found := next(wanted, None)) is not None:
        return found
    return min(fitting, key=lambda draft: draft.planned) if fitting else first_that_fits(drafts)


def _drafts(
    plan: LessonPlan, record: AssessmentRecord, persona: Persona, title: str
) -> Iterator[Section | BadScript]:
    allowed = allowance(SectionKind.OPENING, plan.budget)
    for brief in range(7):
        try:
            section = _section(plan, record, persona, title, brief)
        except BadScript as fault:
            yield fault
            continue
        if section.planned <= allowed:
            yield section
        else:
            yield BadScript(
                f"The opening takes {section.planned:.0f} s at its shortest; "
                f"up to {allowed:.0f} s would have been fine in a lesson of {plan.budget:.0f} s."
            )


def _section(plan: LessonPlan, record: AssessmentRecord, persona: Persona, title: str, brief: int) -> Section:
    language = language_of(persona.locale)
    labels = language.labels
    analysis = record.gap_analysis
    domains = _domains(plan, record, language)
    name = spoken_name(record.learner.name, language)
    course = called(plan.certification, language)
    score = percent(analysis.overall_score, language)
    context = " ".join(
        f"{item.topic} {item.summary}" for outline in record.content_outline for item in outline.content_items
    )
    spread = len(domains) > 1 and domains[0][1] - domains[-1][1] >= 1
    values = {
        "brief": brief,
        "name": name,
        "presenter": persona.title,
        "mood": "high"
        if analysis.overall_score >= HIGH
        else "middle"
        if analysis.overall_score >= MIDDLE
        else "low",
        "score": score,
        "course": labels.your_course if is_placeholder(course, language) else course,
        "right": str(analysis.correct_answers),
        "total": str(analysis.total_questions)
        if 0 < analysis.correct_answers <= analysis.total_questions
        else "",
        "strongest": inside(domains[0][0], language, context) if spread else "",
        "strongest_score": percent(domains[0][1], language) if spread else "",
        "weakest": inside(domains[-1][0], language, context) if spread else "",
        "weakest_score": percent(domains[-1][1], language) if spread else "",
        "count": len(plan.gaps),
        "gap_count": counted(len(plan.gaps), language.gaps, language),
        "gaps": enumerated(
            [inside(gap.skill_name, language, context) for gap in plan.gaps],
            language,
            1 if brief in NAMING_ONE else 3,
        ),
    }
    beats = Phrasebook(persona).beats("opening", by_digest("opening", plan.lesson_id), values)
    cards = [(score, labels.overall_score)]
    if analysis.total_questions:
        cards.append((f"{analysis.correct_answers}/{analysis.total_questions}", labels.answers_right))
    cards.append((str(len(plan.gaps)), labels.gap_to_close if len(plan.gaps) == 1 else labels.gaps_to_close))
    return compose(
        SectionKind.OPENING,
        "opening",
        persona,
        beats,
        title=labels.where_you_stand,
        data=[value for value in values.values() if isinstance(value, str)],
        slide=TitleSlide(
            kicker=label(plan.certification, 48, language),
            title=title,
            subtitle=labels.prepared_for.format(name=shorten(name, 40)) if name else labels.prepared_for_you,
            cards=tuple(cards),
            domains=tuple((shorten(domain, 36), score) for domain, score in domains),
        ),
    )


def _domains(plan: LessonPlan, record: AssessmentRecord, language: Language) -> list[tuple[str, Percent]]:
    """Return the domains to show, best first; of equal ones, the first gap's domain last.

    Where there are more than fit: those of tonight's gaps, the best one, and then the weakest.
    """
    scores = [
        (plain_text(domain, language), score)
        for domain, score in record.gap_analysis.performance_by_domain.items()
    ]
    tonight = [plain_text(gap.domain, language) for gap in plan.gaps]
    ranked = sorted(
        ((domain, score) for domain, score in scores if not is_placeholder(domain, language)),
        key=lambda pair: (-pair[1], pair[0] in tonight[:1], pair[0] in tonight, pair[0]),
    )
    wanted = [pair for pair in ranked if pair[0] in tonight][: MOST_DOMAINS - 1]
    for pair in (*ranked[:1], *reversed(ranked)):
        if pair not in wanted and len(wanted) < MOST_DOMAINS:
            wanted.append(pair)
    return [pair for pair in ranked if pair in wanted]
