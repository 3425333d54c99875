"""Assessment records of 1,075 real learners, made of the data set SPISA.

    python benchmarks/spisa_records.py ../shared/data/spisa records.jsonl

SPISA (R package psychotree, GPL-2) tells which of 45 questions about five topics each learner got right, but
not what was chosen instead; so every wrong choice is the same here. Names and e-mail addresses are made up.
``question_ids`` and ``performance_by_domain`` are left out: loading has to fill them in.
"""

from __future__ import annotations

import csv
import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

WRONG_CHOICE = "(another answer)"
"""The data do not tell which."""


def spisa_records(folder: Path) -> Iterator[dict[str, Any]]:
    """Yield a record for each learner of ``answers.csv``, about the questions of ``items.csv``."""
    with (folder / "items.csv").open(encoding="utf-8", newline="") as file:
        items = [{**item, "question": _asked(item["question"])} for item in csv.DictReader(file)]
    with (folder / "answers.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            yield _record(row, items)


def write_spisa_records(folder: Path, path: Path) -> int:
    """Write the records as JSON lines and return how many there are."""
    lines = [json.dumps(record, ensure_ascii=False) + "\n" for record in spisa_records(folder)]
    path.write_text("".join(lines), encoding="utf-8")
    return len(lines)


def _record(row: dict[str, str], items: list[dict[str, str]]) -> dict[str, Any]:
    learner = row["learner_id"]
    right = {item["item_id"]: row[item["item_id"]] == "1" for item in items}
    correct = sum(right.values())
    topics = {topic: _marks(topic, items, right) for topic in dict.fromkeys(item["topic"] for item in items)}
    return {
        "learner": {"id": learner, "name": f"Learner {learner[1:]}", "email": f"{learner}@example.org"},
        "certification": {"id": "spisa-general-knowledge", "name": "General Knowledge"},
        "gap_analysis": {
            "workflow_id": "spisa-2009",
            "overall_score": round(100 * correct / len(items), 1),
            "total_questions": len(items),
            "correct_answers": correct,
            "incorrect_answers": len(items) - correct,
            "skill_gaps": [
                {
                    "skill_id": topic.lower().replace(" ", "-"),
                    "skill_name": topic,
                    "exam_domain": topic,
                    "severity": round(10 * marks.count(False) / len(marks), 1),
                    "question_ids": [],
                }
                for topic, marks in topics.items()
                if not all(marks)
            ],
            "performance_by_domain": {},
        },
        "answers": [
            {
                "question_id": item["item_id"],
                "question_text": item["question"],
                "options": [],
                "user_answer": item["correct_answer"] if right[item["item_id"]] else WRONG_CHOICE,
                "correct_answer": item["correct_answer"],
                "domain": item["topic"],
                "is_correct": right[item["item_id"]],
            }
            for item in items
        ],
        "content_outline": [],
    }


def _asked(question: str) -> str:
    """Put the manual's note on a picture into the question: ``Who is this (picture)?``."""
    return re.sub(r"\? (\([^)]*\))$", r" \1?", question)


def _marks(topic: str, items: list[dict[str, str]], right: dict[str, bool]) -> list[bool]:
    return [right[item["item_id"]] for item in items if item["topic"] == topic]


if __name__ == "__main__":
    written = write_spisa_records(Path(sys.argv[1]), Path(sys.argv[2]))
    print(f"{written:,} records in {sys.argv[2]}")
