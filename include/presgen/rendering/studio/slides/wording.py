"""The few words on slides that are ours and not the writer's, by language."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources
from types import MappingProxyType

FALLBACK = "en"


def labels(locale: str) -> Mapping[str, str]:
    """Return our words in the language of ``locale``; in English where nobody translated them yet."""
    code = language(locale)
    return _read(code if code in languages() else FALLBACK)


def language(locale: str) -> str:
    """Return the language's code, by which typst chooses quotes and directions."""
    code = locale.split("-")[0].lower()
    return code if code.isascii() and code.isalpha() and len(code) in (2, 3) else FALLBACK


@cache
def languages() -> tuple[str, ...]:
    """Return the codes of the languages that our words are there in."""
    files = (resources.files(__package__ or __name__) / "labels").iterdir()
    return tuple(sorted(file.name.removesuffix(".toml") for file in files if file.name.endswith(".toml")))


@cache
def _read(code: str) -> Mapping[str, str]:
    text = (resources.files(__package__ or __name__) / "labels" / f"{code}.toml").read_text(encoding="utf-8")
    return MappingProxyType(tomllib.loads(text))
