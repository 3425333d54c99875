"""The typefaces that pictures are lettered in: they come with packages, never from the system.

A brand's own typeface comes first, then Inter, which holds Latin, Greek and Cyrillic, then one for each other
script, East Asian ones and emoji last. Each letter is set in the first of them that has it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from presgen.brands import Brand
from presgen.brands.families import family_folder, family_of, folder_of, font_packages, upright_fonts
from presgen.model.lesson import CodeSlide, Section

if TYPE_CHECKING:
    import skia

FAMILY = "Inter"
MONO = "JetBrains Mono"
"""Letters code."""
_PACKAGES = (
    ("fontpkg_inter", "files"),
    ("manimgx_fonts", ""),
    ("noto_cjk_sans_jp_regular", ""),
    ("noto_cjk_sans_jp_bold", ""),
)
"""(package, folder in it), in the order in which letters are looked for."""
_LATE = ("Noto Sans CJK JP", "Noto Sans Symbols", "Noto Emoji")
"""Families that others come before: they also hold digits and marks, in a look of their own."""


@cache
def font_folders() -> tuple[Path, ...]:
    """Return the folders of all font packages, those we count on first."""
    ours = [folder for folder in (folder_of(*package) for package in _PACKAGES) if folder is not None]
    return (*ours, *(folder for folder in font_packages() if folder not in ours))


def font_files(brand: Brand | None = None) -> tuple[Path, ...]:
    """Return all upright fonts in the order in which letters are looked for, the brand's first."""
    return _files(brand.font, brand.font_folder) if brand is not None else _files(FAMILY, None)


def families(brand: Brand | None = None) -> tuple[str, ...]:
    """Return the names of all families in the order in which letters are looked for, the brand's first."""
    return tuple(dict.fromkeys(family_of(path) for path in font_files(brand)))


def fonts_fingerprint(section: Section, brand: Brand | None = None) -> str:
    """Return a digest over the font files that letter ``section``: other fonts, other pictures.

    A font counts only where the section has letters that it is the first to hold.
    """
    text = section.model_dump_json(include={"title", "sentences", "slide"})
    used = fonts_of(text, brand)
    if isinstance(section.slide, CodeSlide):
        used = (*used, *_mono())
    digest = hashlib.sha256()
    for path in used:
        digest.update(_digest(path))
    return digest.hexdigest()


def fonts_of(text: Iterable[str], brand: Brand | None = None) -> tuple[Path, ...]:
    """Return the fonts that letter ``text``; the first one always, since it also draws what nobody holds."""
    return _first_to_hold(font_files(brand), frozenset(text))


def covers(character: str) -> bool:
    """Return whether any of our fonts can draw ``character``."""
    return any(_has(path, character) for path in font_files())


@cache
def typeface(weight: int, size: float = 28.0, font: int | Path = 0) -> skia.Typeface:
    """Return the typeface of that weight, 100 to 900, drawn for letters of ``size`` pixels.

    ``font`` is one of `font_files`, or its number among them.
    """
    import skia

    path = font if isinstance(font, Path) else font_files()[font]
    # An empty manager, since the default one reads the system's font configuration.
    face = skia.FontMgr.New_Custom_Empty().makeFromFile(str(path))
    coordinates = skia.FontArguments.VariationPosition.Coordinates(
        [_coordinate("opsz", min(max(size, 14.0), 32.0)), _coordinate("wght", float(weight))]
    )
    arguments = skia.FontArguments()
    arguments.setVariationDesignPosition(skia.FontArguments.VariationPosition(coordinates))
    return face.makeClone(arguments)


def _coordinate(axis: str, value: float) -> Any:
    import skia

    tag = int.from_bytes(axis.encode(), "big")
    return skia.FontArguments.VariationPosition.Coordinate(tag, value)


@cache
def _files(first: str, own: Path | None) -> tuple[Path, ...]:
    """Return all fonts: those of the family ``first``, Inter, other scripts', and the late ones."""
    brand = () if first == FAMILY and own is None else _family(first, own)
    all_files = [path for folder in font_folders() for path in upright_fonts(folder)]
    others = [path for path in all_files if family_of(path) != FAMILY and _scripts(path)]
    late = {family: number for number, family in enumerate(_LATE, 1)}
    others.sort(key=lambda path: late.get(family_of(path), 0))
    return tuple(dict.fromkeys((*brand, *_family(FAMILY, None), *others)))


def _scripts(path: Path) -> bool:
    """Whether a font is there for other scripts: one more Latin family must not change a look."""
    return family_of(path).startswith("Noto ")


@cache
def _family(name: str, own: Path | None) -> tuple[Path, ...]:
    folder = family_folder(name, own)
    if folder is None:
        raise FileNotFoundError(f"No font package holds {name!r}.")
    return tuple(path for path in upright_fonts(folder) if family_of(path) == name)


def _mono() -> tuple[Path, ...]:
    return _family(MONO, None)


@lru_cache(maxsize=4096)
def _first_to_hold(files: tuple[Path, ...], characters: frozenset[str]) -> tuple[Path, ...]:
    letters = (character for character in characters if not character.isspace())
    firsts = {next((path for path in files if _has(path, letter)), files[0]) for letter in letters}
    named = {family_of(path) for path in firsts} | {family_of(files[0])}
    return tuple(path for path in files if family_of(path) in named)


@cache
def _has(path: Path, character: str) -> bool:
    return bool(typeface(400, font=path).unicharToGlyph(ord(character)))


@cache
def _digest(path: Path) -> bytes:
    return hashlib.sha256(path.name.encode() + b"\0" + path.read_bytes()).digest()
