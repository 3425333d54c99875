"""Nothing bad gets out: what is measured on a film, what is found, and the verdict."""

from __future__ import annotations

from presgen.quality.data_docs import build_documents
from presgen.quality.inspection import (
    inspect_file,
    inspect_lesson,
    inspect_section,
    is_current,
    measure_section,
    read_expectation,
    validate_night,
)

__all__ = [
    "build_documents",
    "inspect_file",
    "inspect_lesson",
    "inspect_section",
    "is_current",
    "measure_section",
    "read_expectation",
    "validate_night",
]
