"""The typefaces that pictures are lettered in: they come with packages, never from the system."""

from __future__ import annotations

import hashlib
from functools import cache
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import skia

FAMILY = "Inter"
"""Latin, Greek and Cyrillic, in all weights from one variable font."""


@cache
def font_folder() -> Path:
    """Return the folder with the font files."""
    return Path(str(resources.files("fontpkg_inter") / "files"))


@cache
def fonts_fingerprint() -> str:
    """Return a digest over all font files: other fonts, other pictures."""
    digest = hashlib.sha256()
    for path in sorted(font_folder().iterdir()):
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


@cache
def typeface(weight: int, size: float = 28.0) -> skia.Typeface:
    """Return the typeface of that weight, 100 to 900, drawn for letters of ``size`` pixels.

    Raises:
        FileNotFoundError: the font package holds no upright variable font.
    """
    import skia

    [path] = [path for path in font_folder().glob("*wght*.ttf") if "Italic" not in path.name]
    # An empty manager: the default one reads the system's font configuration.
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
