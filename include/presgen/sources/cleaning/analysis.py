"""The gap analysis: every gap with the wrong answers behind it, every domain with its score."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from presgen.model.learner import GapAnalysis, SkillGap
from presgen.sources.cleaning.choices import same
from presgen.sources.cleaning.fields import (
    Fields,
    as_count,
    as_percent,
    checked_id,
    clean_texts,
    each,
    known,
    unique,
    with_id,
)
from presgen.sources.cleaning.placeholders import is_placeholder
from presgen.sources.cleaning.text import clean_text
from presgen.sources.faults import Path, refuse

_PATH: Path = ("gap_analysis",)


def clean_analysis(raw: Mapping[str, Any], answers: Any) -> Fields:
    """Return the analysis, completed from the clean answers where the export left something out.

    A severity that contradicts the score stays: weighing the two is for the planning.

    Raises:
        BadRecord: the score is a fraction, or a gap or domain is there twice with different values.
    """
    analysis = known(raw, GapAnalysis)
    if "workflow_id" in analysis:
        analysis["workflow_id"] = checked_id(analysis["workflow_id"], (*_PATH, "workflow_id"))
    clean_texts(analysis, "text_summary", "generated_at")
    if isinstance(text := analysis.get("text_summary"), str) and is_placeholder(text):
        analysis["text_summary"] = ""
    if analysis.get("generated_at") == "":
        del analysis["generated_at"]
    for name in ("total_questions", "correct_answers", "incorrect_answers"):
        if name in analysis:
            analysis[name] = as_count(analysis[name])
    if "overall_score" in analysis:
        analysis["overall_score"] = as_percent(analysis["overall_score"])
        _refuse_fraction(analysis)
    if isinstance(gaps := analysis.get("skill_gaps"), list):
        path: Path = (*_PATH, "skill_gaps")
        analysis["skill_gaps"] = explain_gaps(unique(each(gaps, _gap, path), "skill_id", path), answers)
    if isinstance(scores := analysis.get("performance_by_domain", {}), dict):
        analysis["performance_by_domain"] = _by_domain(scores) or measure_domains(
            answers, analysis.get("total_questions")
        )
    return analysis


def explain_gaps(gaps: list[Any], answers: Any) -> list[Any]:
    """Give every gap the wrong answers behind it, where the export left them out.

    An answer that names a gap's skill belongs to that gap. Any other belongs to the gaps of its domain that
    name no answers, unless another gap names it. An id that is no wrong answer of the record is left out.
    """
    if not all(isinstance(gap, dict) and isinstance(gap.get("question_ids", []), list) for gap in gaps):
        return gaps  # for the model to refuse
    wrong = {
        answer["question_id"]: answer
        for answer in (answers if isinstance(answers, list) else ())
        if isinstance(answer, dict)
        and answer.get("is_correct") is False
        and isinstance(answer.get("question_id"), str)
    }
    named = [[found for found in gap.get("question_ids", ()) if found in wrong] for gap in gaps]
    claimed = {found for ids in named for found in ids}
    skills = {gap["skill_id"] for gap in gaps if isinstance(gap.get("skill_id"), str)}
    free = [answer for found, answer in wrong.items() if found not in claimed]
    return [
        {
            **gap,
            "question_ids": ids
            or [answer["question_id"] for answer in free if _belongs(answer, gap, skills)],
        }
        for gap, ids in zip(gaps, named, strict=True)
    ]


def measure_domains(answers: Any, total: Any) -> dict[str, float]:
    """Compute percent right by domain; nothing where answers are missing: some exports hold only wrong ones.

    The percentages are rounded to one decimal, as people write them.
    """
    if not isinstance(answers, list) or not isinstance(total, int) or len(answers) < total:
        return {}
    marks: dict[str, list[bool]] = {}
    for answer in answers:
        if isinstance(answer, dict) and isinstance(answer.get("is_correct"), bool):
            domain = answer.get("domain")
            if isinstance(domain, str) and domain:
                marks.setdefault(domain, []).append(answer["is_correct"])
    return {domain: round(100 * sum(right) / len(right), 1) for domain, right in marks.items()}


def _belongs(answer: Mapping[str, Any], gap: Mapping[str, Any], skills: set[str]) -> bool:
    if answer.get("skill_id") in skills:
        return bool(answer["skill_id"] == gap.get("skill_id"))
    names = (gap.get("exam_domain"), gap.get("skill_name"))
    domain = answer.get("domain")
    return isinstance(domain, str) and any(isinstance(name, str) and same(domain, name) for name in names)


def _gap(raw: Mapping[str, Any], path: Path) -> Fields:
    gap = known(with_id(raw, path, "skill_id", "id"), SkillGap)
    clean_texts(gap, "skill_name", "exam_domain", "exam_subsection")
    if isinstance(ids := gap.get("question_ids"), list):
        found = [checked_id(value, (*path, "question_ids", number)) for number, value in enumerate(ids)]
        gap["question_ids"] = [value for number, value in enumerate(found) if value not in found[:number]]
    return gap


def _by_domain(raw: Mapping[str, Any]) -> Fields:
    scores: Fields = {}
    for domain, value in raw.items():
        score = as_percent(value)
        if score is not None and scores.setdefault(clean_text(domain), score) != score:
            refuse((*_PATH, "performance_by_domain", domain), score, "the same domain has another score too.")
    return scores


def _refuse_fraction(analysis: Fields) -> None:
    """Refuse 0.73 where 73 is meant, which the counts tell."""
    score, right, total = (
        analysis.get(name) for name in ("overall_score", "correct_answers", "total_questions")
    )
    if not isinstance(score, float) or not isinstance(right, int) or not isinstance(total, int) or total < 1:
        return
    counted = 100 * right / total
    if 0 < score <= 1 and abs(100 * score - counted) < abs(score - counted):
        reason = f"{right} of {total} answers are right; give percent, 0 to 100, and not a fraction."
        refuse((*_PATH, "overall_score"), score, reason)
