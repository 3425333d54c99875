"""Which gaps a lesson closes, in which order, and how much fits into the time.

How a gap is weighed
--------------------

``weight = (severity + 2 x lost) / 3 + min(1, wrong / 4) + over-confidence / 2``

- ``severity`` (0-10) is the export's opinion, ``lost`` (0-10) is what was measured: a tenth of the percentage
  that the learner got wrong in the gap's domain (overall, where the domain was not measured). The measurement
  counts twice, so a domain at 95 % with severity 9 weighs 3.3 and one at 40 % with severity 6 weighs 6:
  however an export rates them, what the learner cannot do is taught first.
- ``wrong`` are the wrong answers behind the gap: each adds a quarter, four or more add one.
- ``over-confidence`` (0-1) is how far the learner's self-assessment lies above the measurement: those who
  believe they know do not look it up. It adds at most one half.

The last two decide between gaps of about the same size and can never lift a gap over one that is 1.5 worse.
Ties go to the lower score, then to more wrong answers, then to the skill id: equal records give equal plans.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from presgen.errors import BadScript
from presgen.model.base import Percent, Seconds
from presgen.model.learner import Answer, AssessmentRecord, SkillGap
from presgen.model.lesson import Gap, LessonPlan, SectionKind
from presgen.personas import Persona
from presgen.writing.content import outline_of, same
from presgen.writing.deep_dive import deep_dive
from presgen.writing.exhibit import exhibits
from presgen.writing.languages import Language, language_of
from presgen.writing.limits import LIMITS, allowance
from presgen.writing.plain_text import is_placeholder
from presgen.writing.remedy import remedy
from presgen.writing.wording import called

_WRONG_ANSWERS_THAT_COUNT = 4
_OWN_SHARE = 0.6
"""Of the teaching time: a gap that would take more is reviewed by its first questions, so that one
topic with twenty wrong answers leaves room for another."""


@dataclass(slots=True)
class _Candidate:
    """A gap and what it would take to teach it."""

    gap: Gap
    deep_dive: float = 0.0
    """Seconds; 0: the course has no content for it. Where it has only exhibits, the first one stands in."""
    stand_in: tuple[str, ...] = ()
    """Slug of that exhibit."""
    exhibits: list[tuple[str, float]] = field(default_factory=list)
    """Slugs and seconds of the others: shown when there is time left."""
    remedies: list[tuple[str, float]] = field(default_factory=list)
    """Of the wrong answers no weightier gap reviews already."""

    @property
    def teachable(self) -> bool:
        return self.deep_dive > 0 or bool(self.remedies)

    @property
    def least(self) -> float:
        """The deep dive and the shortest remedy."""
        return self.deep_dive + min((seconds for _, seconds in self.remedies), default=0.0)

    @property
    def seconds(self) -> float:
        """The deep dive and all remedies."""
        return self.deep_dive + sum(seconds for _, seconds in self.remedies)


def plan_lesson(
    record: AssessmentRecord,
    *,
    pseudonym: str,
    lesson_id: str,
    persona: Persona,
    top_gaps: int,
    budget: Seconds,
    opening: Seconds = LIMITS[SectionKind.OPENING].seconds,
) -> LessonPlan:
    """Return which of the record's gaps are taught, at most ``top_gaps``, in at most ``budget`` seconds.

    ``opening`` are the seconds that the learner's own opening should take at the most.

    A gap is taught whole, with its deep dive and a remedy for each of its wrong answers, or left out; its
    exhibits are shown in the time that is left. The one exception is a gap that would take more than three
    fifths of the teaching time: as many of its wrong answers are reviewed as fit. Wrong answers without a
    remedy are listed as ``unreviewed``. A plan without gaps means that there is nothing to teach.

    Raises:
        BadScript: the budget is too short for even one section between opening and closing.
    """
    candidates = _candidates(record, persona)
    teachable = [candidate for candidate in candidates if candidate.teachable]
    opening = min(opening, allowance(SectionKind.OPENING, budget))
    time = budget - opening - allowance(SectionKind.CLOSING, budget)
    taken = _taken(teachable, top_gaps, time)
    if teachable and not taken:
        shortest = min(_shortest(candidate) for candidate in teachable)
        raise BadScript(
            f"Lesson {lesson_id} has a budget of {budget:.0f} s, which leaves {max(0.0, time):.0f} s for "
            f"teaching; its shortest section takes {shortest:.0f} s. "
            f"A budget of {_enough(shortest):.0f} s would have been fine."
        )
    planned = {question for _, questions in taken for question in questions}
    time -= sum(_seconds(candidate, questions) for candidate, questions in taken)
    return LessonPlan(
        lesson_id=lesson_id,
        pseudonym=pseudonym,
        persona=persona.name,
        locale=persona.locale,
        certification=record.certification.name,
        gaps=tuple(candidate.gap for candidate, _ in taken),
        remedies=tuple(question for _, questions in taken for question in questions),
        exhibits=_exhibits([candidate for candidate, _ in taken], time),
        left_out=tuple(
            each.gap for each in candidates if all(each is not candidate for candidate, _ in taken)
        ),
        unreviewed=tuple(
            answer.question_id for answer in record.wrong_answers if answer.question_id not in planned
        ),
        budget=budget,
        opening=opening,
    )


def weigh(severity: float, lost: Percent, wrong: int, confidence_delta: float | None) -> float:
    """Return the weight of a gap; see the module's text.

    ``lost`` is the percentage of wrong answers. ``confidence_delta`` counts from 0 to 1 or, where it is
    larger than 1, in percent: exports do both.
    """
    delta = max(0.0, confidence_delta or 0.0)
    over_confidence = min(1.0, delta if delta <= 1 else delta / 100)
    corrected = (severity + 2 * lost / 10) / 3
    return round(corrected + min(1.0, wrong / _WRONG_ANSWERS_THAT_COUNT) + over_confidence / 2, 6)


def _taken(teachable: Sequence[_Candidate], top_gaps: int, time: float) -> list[tuple[_Candidate, list[str]]]:
    """Return the gaps to teach, in order, each with the questions to review."""
    most = min(top_gaps, len(teachable))
    share = time * _OWN_SHARE if most > 1 else time
    taken: list[tuple[_Candidate, list[str]]] = []
    for candidate in teachable:
        if len(taken) == most:
            break
        if (candidate.seconds if candidate.seconds <= share else candidate.least) > time:
            continue
        questions = [question for question, _ in candidate.remedies]
        if candidate.seconds > share:
            questions = _first(
                candidate.remedies, min(time, max(share, candidate.least)) - candidate.deep_dive
            )
        taken.append((candidate, questions))
        time -= _seconds(candidate, questions)
    if not taken:
        taken = _anything(teachable, time)
        time -= sum(_seconds(candidate, questions) for candidate, questions in taken)
    for candidate, questions in taken:
        more = _first([each for each in candidate.remedies if each[0] not in questions], time)
        questions += more
        time -= sum(seconds for question, seconds in candidate.remedies if question in more)
    return [
        (candidate, [question for question, _ in candidate.remedies if question in questions])
        for candidate, questions in taken
    ]


def _exhibits(taken: Sequence[_Candidate], time: float) -> tuple[str, ...]:
    """Return what is shown besides, in ``time`` seconds that deep dives and remedies have left."""
    wanted = [each for candidate in taken for each in candidate.exhibits]
    fitting = _first(wanted, time)
    return tuple(
        slug
        for candidate in taken
        for slug in (*candidate.stand_in, *(slug for slug, _ in candidate.exhibits if slug in fitting))
    )


def _anything(teachable: Iterable[_Candidate], time: float) -> list[tuple[_Candidate, list[str]]]:
    """Return the weightiest gap of which a part fits: in a very short lesson the whole of none does."""
    for candidate in teachable:
        if 0 < candidate.deep_dive <= time:
            return [(candidate, [])]
        if candidate.deep_dive == 0 and (questions := _first(candidate.remedies, time)):
            return [(candidate, questions)]
    return []


def _first(remedies: Sequence[tuple[str, float]], time: float) -> list[str]:
    questions = []
    for question, seconds in remedies:
        if seconds <= time:
            questions.append(question)
            time -= seconds
    return questions


def _seconds(candidate: _Candidate, questions: Sequence[str]) -> float:
    return candidate.deep_dive + sum(
        seconds for question, seconds in candidate.remedies if question in questions
    )


def _shortest(candidate: _Candidate) -> float:
    return candidate.deep_dive or min(seconds for _, seconds in candidate.remedies)


def _enough(teaching: float) -> float:
    budget = Seconds(30.0)
    while budget - allowance(SectionKind.OPENING, budget) - allowance(SectionKind.CLOSING, budget) < teaching:
        budget = Seconds(budget + 10)
    return budget


def _candidates(record: AssessmentRecord, persona: Persona) -> list[_Candidate]:
    """Return all gaps by weight, each wrong answer assigned to the weightiest gap that names it."""
    candidates = [_Candidate(gap) for gap in _gaps(record, language_of(persona.locale))]
    answers = {answer.question_id: answer for answer in record.wrong_answers}
    reviewed: set[str] = set()
    taught: set[str] = set()
    for candidate in candidates:
        outline = outline_of(candidate.gap.skill_id, candidate.gap.skill_name, record)
        if outline is not None and outline.skill_id not in taught:
            taught.add(outline.skill_id)
            candidate.exhibits = [(shown.slug, shown.planned) for shown in exhibits(outline, persona)]
            try:
                candidate.deep_dive = deep_dive(outline, persona).planned
            except BadScript:  # placeholders only: nothing to teach but what is shown
                if candidate.exhibits:
                    slug, candidate.deep_dive = candidate.exhibits.pop(0)
                    candidate.stand_in = (slug,)
        for question in candidate.gap.question_ids:
            if question not in reviewed:
                reviewed.add(question)
                with suppress(BadScript):  # a question without text or answer: listed as unreviewed
                    candidate.remedies.append((question, remedy(answers[question], persona).planned))
    return candidates


def _gaps(record: AssessmentRecord, language: Language) -> list[Gap]:
    analysis = record.gap_analysis
    wrong = {answer.question_id: answer for answer in record.wrong_answers}
    questions: dict[str, list[str]] = {
        gap.skill_id: [each for each in dict.fromkeys(gap.question_ids) if each in wrong]
        for gap in analysis.skill_gaps
    }
    skills = list({gap.skill_id: gap for gap in analysis.skill_gaps}.values())
    named = {question for each in questions.values() for question in each}
    for answer in record.wrong_answers:
        if answer.question_id not in named:
            skill = _home(answer, skills, record)
            questions.setdefault(skill.skill_id, []).append(answer.question_id)
            if skill not in skills:
                skills.append(skill)
    order = {question: place for place, question in enumerate(wrong)}
    gaps = [
        _weighed(skill, sorted(questions[skill.skill_id], key=order.__getitem__), record, language)
        for skill in skills
    ]
    return sorted(
        gaps,
        key=lambda gap: (
            -gap.weight,
            101.0 if gap.score is None else gap.score,
            -len(gap.question_ids),
            gap.skill_id,
        ),
    )


def _home(answer: Answer, skills: Sequence[SkillGap], record: AssessmentRecord) -> SkillGap:
    """Return the gap that a wrong answer belongs to which no gap names: one of its domain, or a new one."""
    neighbours = [skill for skill in skills if same(skill.exam_domain, answer.domain)]
    if neighbours:
        return min(neighbours, key=lambda skill: (-skill.severity, skill.skill_id))
    lost = _lost(answer.domain, record)
    outlines = [outline for outline in record.content_outline if same(outline.exam_domain, answer.domain)]
    if len(outlines) == 1 and all(skill.skill_id != outlines[0].skill_id for skill in skills):
        skill_id, name = outlines[0].skill_id, outlines[0].skill_name
    else:
        skill_id, name = f"domain:{answer.domain}"[:200], answer.domain or record.certification.name
    return SkillGap(skill_id=skill_id, skill_name=name, exam_domain=answer.domain, severity=lost / 10)


def _weighed(skill: SkillGap, questions: Sequence[str], record: AssessmentRecord, language: Language) -> Gap:
    return Gap(
        skill_id=skill.skill_id,
        skill_name=_name(skill, record, language),
        domain=skill.exam_domain,
        weight=weigh(
            skill.severity, _lost(skill.exam_domain, record), len(questions), skill.confidence_delta
        ),
        score=_score(skill.exam_domain, record),
        question_ids=tuple(questions),
    )


def _name(skill: SkillGap, record: AssessmentRecord, language: Language) -> str:
    """Return what the gap is called: a skill without a name goes by its domain's, or by the course's."""
    for name in (skill.skill_name, skill.exam_domain, record.certification.name):
        if not is_placeholder(called(name, language), language):
            return name
    return language.labels.practice


def _score(domain: str, record: AssessmentRecord) -> Percent | None:
    for name, score in sorted(record.gap_analysis.performance_by_domain.items()):
        if same(name, domain):
            return score
    answers = [answer for answer in record.answers if domain and same(answer.domain, domain)]
    return Percent(100 * sum(answer.is_correct for answer in answers) / len(answers)) if answers else None


def _lost(domain: str, record: AssessmentRecord) -> Percent:
    score = _score(domain, record)
    return Percent(100 - (record.gap_analysis.overall_score if score is None else score))
