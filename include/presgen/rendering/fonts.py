"""The typefaces that pictures are lettered in: they come with packages, never from the system.

Inter holds Latin, Greek and Cyrillic. Other scripts need a font package beside it (any ``fontpkg-…``, such
as ``fontpkg-noto-sans-arabic``): whatever is installed is used for letters that Inter lacks.
"""

from __future__ import annotations

import hashlib
from functools import cache
from importlib.metadata import entry_points
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from presgen.model.lesson import Section

if TYPE_CHECKING:
    import skia

FAMILY = "Inter"
_PACKAGE = "fontpkg_inter"


@cache
def font_folders() -> tuple[Path, ...]:
    """Return the folders of all font packages: Inter first, then those for other scripts by name."""
    others = {point.module for point in entry_points(group="fontpkg.family")} - {_PACKAGE}
    folders = (_folder(package) for package in (_PACKAGE, *sorted(others)))
    return tuple(folder for folder in folders if folder is not None and folder.is_dir())


def fonts_fingerprint(section: Section) -> str:
    """Return a digest over the font files that letter ``section``: other fonts, other pictures.

    Fonts for other scripts count only where the section has letters that Inter lacks.
    """
    letters = set(section.model_dump_json(include={"title", "sentences", "slide"}))
    plain = all(point.isspace() or _has(0, point) for point in letters)
    digest = hashlib.sha256()
    for folder in font_folders()[:1] if plain else font_folders():
        digest.update(_digest(folder))
    return digest.hexdigest()


def covers(character: str) -> bool:
    """Return whether any of our fonts can draw ``character``."""
    return any(_has(number, character) for number in range(len(font_folders())))


@cache
def typeface(weight: int, size: float = 28.0, folder: int = 0) -> skia.Typeface:
    """Return the typeface of that weight, 100 to 900, drawn for letters of ``size`` pixels.

    ``folder`` counts through `font_folders`.

    Raises:
        FileNotFoundError: the font package holds no upright font.
    """
    import skia

    fonts = sorted(path for path in font_folders()[folder].glob("*.[to]tf") if "Italic" not in path.name)
    if not fonts:
        raise FileNotFoundError(f"{font_folders()[folder]} holds no upright font.")
    # An empty manager, since the default one reads the system's font configuration. A static family may
    # have a file a weight: then the regular one is good enough for the few letters it draws.
    chosen = next((path for path in fonts if "[" in path.name or "Regular" in path.name), fonts[0])
    face = skia.FontMgr.New_Custom_Empty().makeFromFile(str(chosen))
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
def _has(folder: int, character: str) -> bool:
    return bool(typeface(400, folder=folder).unicharToGlyph(ord(character)))


@cache
def _digest(folder: Path) -> bytes:
    digest = hashlib.sha256()
    for path in sorted(folder.iterdir()):
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.digest()


def _folder(package: str) -> Path | None:
    spec = find_spec(package)
    return None if spec is None or spec.origin is None else Path(spec.origin).parent / "files"
