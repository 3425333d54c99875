"""From a task in Airflow's UI to what it has made."""

from __future__ import annotations

from typing import Any

from airflow.sdk import BaseOperatorLink

from presgen.model.references import LearnerRef, LessonRef, SectionRef
from presgen_airflow.references import PREFIX, VIEW


class MadeLink(BaseOperatorLink):
    """A button on a task: the page of the lesson or section that its first argument is."""

    name = "Lesson page"

    def get_link(self, operator: Any, *, ti_key: Any) -> str:  # noqa: ARG002 - Airflow gives it
        """Return the address within Airflow's UI; empty where the task is about neither."""
        from airflow.configuration import conf

        given = [*getattr(operator, "op_args", ()), *dict(getattr(operator, "op_kwargs", {})).values()]
        path = next(filter(None, map(_page_of, given)), "")
        root = conf.get("api", "base_url", fallback="/").rstrip("/")
        return f"{root}/plugin/{VIEW}{PREFIX}/{path}" if path else ""


def _page_of(value: Any) -> str:
    match value:
        case LessonRef() | LearnerRef():
            return f"lessons/{value.lesson_id}"
        case SectionRef():
            return f"sections/{value.key}"
        case _:
            return ""
