"""Finds what a lesson says twice."""

from __future__ import annotations

import re
from collections import Counter

from presgen.model.learner import AssessmentRecord
from presgen.model.lesson import LessonScript
from presgen.writing.languages import Language, language_of
from presgen.writing.plain_text import plain_text, sentences_of


def repeated_sentences(script: LessonScript) -> list[str]:
    """Return the sentences that occur more than once."""
    counts = Counter(sentence.text for section in script.sections for sentence in section.sentences)
    return [text for text, count in counts.items() if count > 1]


def repeated_runs(script: LessonScript, record: AssessmentRecord, length: int = 4) -> list[tuple[str, ...]]:
    """Return the runs of ``length`` of the persona's own words that occur in more than one section."""
    content = _content(record, language_of(script.locale))
    counts: Counter[tuple[str, ...]] = Counter()
    for section in script.sections:
        runs: set[tuple[str, ...]] = set()
        for sentence in section.sentences:
            for part in _own_parts(sentence.text, content):
                words = re.findall(r"[\w’]+", part.lower())
                runs |= {tuple(words[i : i + length]) for i in range(len(words) - length + 1)}
        counts.update(runs)
    return sorted(run for run, count in counts.items() if count > 1)


def _own_parts(text: str, content: list[str]) -> list[str]:
    text = re.sub(r"“[^”]*”|«[^»]*»", "|", text)
    for value in content:
        text = re.sub(re.escape(value), "|", text, flags=re.IGNORECASE)
    return re.split(r"[|.!?¿¡]", text)


def _content(record: AssessmentRecord, language: Language) -> list[str]:
    texts = [record.certification.name]
    for outline in record.content_outline:
        texts += [outline.skill_name, outline.exam_domain]
        texts += [text for item in outline.content_items for text in (item.topic, item.summary, item.source)]
    texts += [gap.skill_name for gap in record.gap_analysis.skill_gaps]
    texts += list(record.gap_analysis.performance_by_domain)
    for answer in record.answers:
        texts += [
            answer.question_text,
            answer.explanation,
            answer.correct_answer,
            *answer.options,
            answer.domain,
        ]
    plain = {plain_text(text, language) for text in texts}
    parts = {sentence for text in plain for sentence in sentences_of(text, language)} | {
        text.rstrip(".") for text in plain
    }
    return sorted((part for part in parts if len(part) > 1), key=lambda part: (-len(part), part))
