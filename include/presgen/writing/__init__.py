"""The lesson's author: which gaps are taught, and in which words."""

from __future__ import annotations

from presgen.writing.pace import spoken_seconds
from presgen.writing.plan import plan_lesson
from presgen.writing.script import write_script

__all__ = ["plan_lesson", "spoken_seconds", "write_script"]
