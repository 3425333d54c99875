"""What the course has to teach: each skill once, and only what teaches something."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from presgen.model.learner import ContentItem, SkillOutline
from presgen.sources.cleaning.exhibits import clean_exhibit
from presgen.sources.cleaning.fields import Fields, clean_texts, each, known, with_id
from presgen.sources.cleaning.placeholders import without_placeholders
from presgen.sources.faults import Path

_PATH: Path = ("content_outline",)


def clean_outline(raw: Any) -> Any:
    """Return the outlines, those of one skill put together, and none that has nothing to teach.

    Raises:
        BadRecord: a skill's id holds a control character.
    """
    outlines = each(raw, _skill, _PATH)
    if not isinstance(outlines, list):
        return outlines
    kept: list[Any] = []
    by_skill: dict[str, Fields] = {}
    for outline in outlines:
        skill = outline.get("skill_id") if isinstance(outline, dict) else None
        if not isinstance(skill, str) or by_skill.setdefault(skill, outline) is outline:
            kept.append(outline)
        elif isinstance(outline["content_items"], list) and isinstance(
            by_skill[skill]["content_items"], list
        ):
            by_skill[skill]["content_items"] += [
                item for item in outline["content_items"] if item not in by_skill[skill]["content_items"]
            ]
    return [outline for outline in kept if not isinstance(outline, dict) or outline["content_items"]]


def _skill(raw: Mapping[str, Any], path: Path) -> Fields:
    skill = known(with_id(raw, path, "skill_id", "id"), SkillOutline)
    clean_texts(skill, "skill_name", "exam_domain", "exam_guide_section")
    items = each(skill.get("content_items", []), _item, (*path, "content_items"))
    skill["content_items"] = (
        without_placeholders(items, skill.get("rag_retrieval_score")) if isinstance(items, list) else items
    )
    return skill


def _item(raw: Mapping[str, Any], path: Path) -> Fields:
    item = known(raw, ContentItem)
    if "exhibit" in item:
        shown = clean_exhibit(item["exhibit"], (*path, "exhibit"))
        item = known({**item, "exhibit": shown}, ContentItem)
    clean_texts(item, "topic", "source", "page_ref", "summary")
    return item
