"""Font files by the name of their family: from font packages or a brand's own folder."""

from __future__ import annotations

from functools import cache
from importlib.metadata import entry_points
from importlib.util import find_spec
from pathlib import Path


@cache
def font_packages() -> tuple[Path, ...]:
    """Return the folders of all installed ``fontpkg-…`` packages, sorted by the package's name."""
    modules = sorted({point.module for point in entry_points(group="fontpkg.family")})
    folders = (folder_of(module, "files") for module in modules)
    return tuple(folder for folder in folders if folder is not None)


def folder_of(package: str, within: str = "") -> Path | None:
    """Return the folder of an installed package, or one in it; None: it is not installed."""
    spec = find_spec(package)
    if spec is None or spec.origin is None:
        return None
    folder = Path(spec.origin).parent / within
    return folder if folder.is_dir() else None


@cache
def upright_fonts(folder: Path) -> tuple[Path, ...]:
    """Return the font files in that folder that are not slanted, sorted."""
    return tuple(sorted(path for path in folder.glob("*.[to]tf") if "Italic" not in path.name))


@cache
def family_of(path: Path) -> str:
    """Return the name of a font file's family; empty: it is no font."""
    import skia

    face = skia.FontMgr.New_Custom_Empty().makeFromFile(str(path))
    return "" if face is None else str(face.getFamilyName())


def family_folder(name: str, own: Path | None = None) -> Path | None:
    """Return the folder that holds the family ``name``: ``own``, or a font package's; None: nobody has it."""
    folders = (own, *font_packages()) if own is not None else font_packages()
    return next(
        (folder for folder in folders if any(family_of(path) == name for path in upright_fonts(folder))), None
    )
