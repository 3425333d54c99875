"""The answers: each question once, choices as text, right or wrong."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from presgen.model.learner import Answer
from presgen.sources.cleaning.choices import resolve_choices, same
from presgen.sources.cleaning.fields import (
    Fields,
    as_id,
    as_text,
    as_truth,
    clean_texts,
    each,
    known,
    unique,
    with_id,
)
from presgen.sources.cleaning.placeholders import is_placeholder
from presgen.sources.cleaning.text import clean_text
from presgen.sources.faults import Path, refuse

_PATH: Path = ("answers",)


def clean_answers(raw: Any) -> Any:
    """Return the answers with what the model knows, and the ``skill_id`` where the export has one.

    Raises:
        BadRecord: a choice cannot be told, a mark contradicts the choice, or one question has two answers.
    """
    answers = each(raw, _answer, _PATH)
    if not isinstance(answers, list):
        return answers
    return unique(each(resolve_choices(answers), _marked, _PATH), "question_id", _PATH)


def without_extras(answers: Any) -> Any:
    """Return the answers with nothing but what the model knows."""
    return each(answers, lambda answer, _: known(answer, Answer), _PATH)


def _answer(raw: Mapping[str, Any], path: Path) -> Fields:
    answer = known(with_id(raw, path, "question_id", "id"), Answer)
    answer["skill_id"] = as_id(raw.get("skill_id"))
    match answer.get("options"):
        case list() as options:
            answer["options"] = [_option(option) for option in options]
        case dict() as options:
            answer["options"] = {key: _option(option) for key, option in options.items()}
    clean_texts(answer, "question_text", "user_answer", "correct_answer", "explanation", "domain")
    if isinstance(text := answer.get("explanation"), str) and is_placeholder(text):
        answer["explanation"] = ""
    if "is_correct" in answer:
        answer["is_correct"] = as_truth(answer["is_correct"])
    return answer


def _option(raw: Any) -> Any:
    option = as_text(raw)
    return clean_text(option) if isinstance(option, str) else option


def _marked(raw: Mapping[str, Any], path: Path) -> Fields:
    """Give the answer its mark where the export left it out."""
    answer = dict(raw)
    chosen, right = (as_text(answer.get(name)) for name in ("user_answer", "correct_answer"))
    answer.update(user_answer=chosen, correct_answer=right)
    if isinstance(chosen, str) and isinstance(right, str):
        if answer.get("is_correct") is None:
            answer["is_correct"] = same(chosen, right)
        elif answer["is_correct"] is False and same(chosen, right):
            refuse((*path, "is_correct"), False, "but the learner chose the right answer.")
    return answer
