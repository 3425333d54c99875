"""Whose lessons they are: colours, logo and typeface of the organisation, one TOML file each.

``house.toml`` and ``dusk.toml`` in this folder are ours, light and dark; an organisation brings its own.
"""

from __future__ import annotations

import hashlib
import re
import tomllib
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, ValidationError, model_validator

from presgen.brands.families import family_folder
from presgen.errors import BadInput
from presgen.model.base import Model

LEAST_CONTRAST = 4.5
"""WCAG 2.2, 1.4.3: text against its ground."""

LOGOS = (".svg", ".png")

TEXT_ON: tuple[tuple[str, str], ...] = (
    ("ink", "paper"),
    ("ink", "paper_deep"),
    ("ink", "surface"),
    ("ink_soft", "paper"),
    ("ink_soft", "paper_deep"),
    ("ink_soft", "surface"),
    ("accent", "paper"),
    ("accent", "surface"),
    ("accent", "accent_tint"),
    ("accent_deep", "surface"),
    ("accent_deep", "accent_tint"),
    ("on_accent", "accent"),
    ("on_accent", "accent_deep"),
    ("ink", "accent_tint"),
    ("ink_soft", "accent_tint"),
    ("good", "accent_tint"),
    ("bad", "accent_tint"),
    ("good", "surface"),
    ("good", "good_tint"),
    ("ink", "good_tint"),
    ("on_accent", "good"),
    ("bad", "surface"),
    ("bad", "bad_tint"),
    ("ink", "bad_tint"),
    ("on_accent", "bad"),
    ("caption", "caption_ground"),
    ("caption_marked", "caption_ground"),
)
"""(text role, ground role): every pair that is lettered somewhere; each must reach `LEAST_CONTRAST`."""


def _colour(text: str) -> str:
    if not re.fullmatch(r"#[0-9A-Fa-f]{6}", text):
        raise ValueError(f"{text!r} is no colour; #2B55CC would be one")
    return text.upper()


Colour = Annotated[str, AfterValidator(_colour)]
"""``#RRGGBB``."""


class Palette(Model):
    """Colours by role. A role whose name starts with another's is a shade of it."""

    paper: Colour
    """The ground, at its upper left …"""
    paper_deep: Colour
    """… and at its lower right."""
    surface: Colour
    """Cards."""
    ink: Colour
    ink_soft: Colour
    accent: Colour
    accent_deep: Colour
    accent_tint: Colour
    accent_line: Colour
    on_accent: Colour
    """Lettering on accent, good and bad."""
    good: Colour
    good_tint: Colour
    good_line: Colour
    bad: Colour
    bad_tint: Colour
    bad_line: Colour
    hairline: Colour
    glow: Colour
    glow_end: Colour
    """The progress line and small ornaments run from one to the other."""
    shadow: Colour
    bars: tuple[Colour, Colour, Colour, Colour]
    """Of a chart: from 85, from 60, from 45 percent, and below. Numbers say the same beside them."""
    caption: Colour
    caption_marked: Colour
    caption_ground: Colour

    @model_validator(mode="after")
    def _readable(self) -> Self:
        for text, ground in TEXT_ON:
            ratio = contrast(getattr(self, text), getattr(self, ground))
            if ratio < LEAST_CONTRAST:
                raise ValueError(
                    f"{text} {getattr(self, text)} on {ground} {getattr(self, ground)} has a contrast of "
                    f"{ratio:.2f}:1; text needs {LEAST_CONTRAST}:1"
                )
        return self


class Brand(Model):
    """An organisation's look."""

    name: str
    """The file's name without its suffix."""
    theme: Literal["light", "dark"]
    font: str = "Inter"
    """Family name of the slides' and captions' typeface; Inter letters what it lacks."""
    font_folder: Path | None = None
    """Where its files lie, where no font package holds it."""
    logo: Path | None = None
    """SVG or PNG, shown small in the slides' upper corner."""
    logo_alt: str = ""
    palette: Palette

    @property
    def digest(self) -> str:
        """SHA-256 over everything that shapes pixels: colours, font and logo by content, not by path."""
        digest = hashlib.sha256()
        digest.update(self.model_dump_json(include={"theme", "font", "palette"}).encode())
        files = [self.logo] if self.logo else []
        files += sorted(self.font_folder.glob("*.[to]tf")) if self.font_folder else []
        for path in files:
            digest.update(b"\0" + hashlib.sha256(path.read_bytes()).digest())
        return digest.hexdigest()


def load_brand(name: str) -> Brand:
    """Return the shipped brand of that name, or the one in the TOML file at that path.

    A brand's own file may hold only what differs: the rest comes from the shipped one of its ``theme``.
    Paths in it count from the file's folder.

    Raises:
        BadInput: there is no such brand or file, it cannot be read, its font is nowhere, or a text would be
            hard to read; the message names the pair of colours and their contrast.
    """
    return _shipped(name) if name in brand_names() else _own(Path(name))


@cache
def brand_names() -> tuple[str, ...]:
    """Return the names of all shipped brands, sorted."""
    files = resources.files(__name__).iterdir()
    return tuple(sorted(file.name.removesuffix(".toml") for file in files if file.name.endswith(".toml")))


def contrast(first: str, second: str) -> float:
    """Return the contrast of two colours, 1 to 21 (WCAG 2.2)."""
    dark, light = sorted((_luminance(first), _luminance(second)))
    return (light + 0.05) / (dark + 0.05)


@cache
def _shipped(name: str) -> Brand:
    text = (resources.files(__name__) / f"{name}.toml").read_text(encoding="utf-8")
    return Brand.model_validate({"name": name, **tomllib.loads(text)})


def _own(path: Path) -> Brand:
    known = ", ".join(brand_names())
    try:
        told = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise BadInput(
            f"Brand {str(path)!r} is neither shipped ({known}) nor a TOML file that can be read."
        ) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadInput(f"Brand file {path.name} is no TOML: {error}") from error
    base = _shipped("dusk" if told.get("theme") == "dark" else "house").model_dump(mode="json")
    told["palette"] = {**base["palette"], **told.get("palette", {})}
    for key in ("logo", "font_folder"):
        if told.get(key):
            told[key] = path.parent / told[key]
            if not told[key].exists():
                raise BadInput(f"Brand file {path.name}: {key} {told[key].name!r} is not there.")
    try:
        brand = Brand.model_validate({**base, "name": path.stem, **told})
    except ValidationError as error:
        reasons = "; ".join(str(each["msg"]) for each in error.errors())
        raise BadInput(f"Brand file {path.name}: {reasons}") from error
    if brand.logo is not None and brand.logo.suffix.lower() not in LOGOS:
        raise BadInput(f"Brand file {path.name}: logo {brand.logo.name!r} is neither SVG nor PNG.")
    if family_folder(brand.font, brand.font_folder) is None:
        raise BadInput(
            f"Brand file {path.name}: no font is called {brand.font!r}. Install its package, such as "
            f"fontpkg-{brand.font.lower().replace(' ', '-')}, or name a font_folder that holds it."
        )
    return brand


def _luminance(colour: str) -> float:
    channels = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    linear = [each / 12.92 if each <= 0.04045 else ((each + 0.055) / 1.055) ** 2.4 for each in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
