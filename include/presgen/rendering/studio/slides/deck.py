"""Draws the slides of a section: typst sets the pages, which become pictures for the encoder."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from functools import cache, lru_cache
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from presgen.brands import Brand
from presgen.errors import BadInput
from presgen.media.formats import Format
from presgen.media.picture import Picture, picture_from_bgra
from presgen.model.lesson import ChartSlide, DiagramSlide, Slide, TitleSlide
from presgen.rendering.fonts import FAMILY, MONO, families, font_folders
from presgen.rendering.studio.scene import Box, Scene, scale_of
from presgen.rendering.studio.slides.chart import GROWS, paint_bars
from presgen.rendering.studio.slides.diagram import lay_out
from presgen.rendering.studio.slides.lettering import legible, legible_code, runs_from_right
from presgen.rendering.studio.slides.pictures import CHART_STEP, Growth, Pixels, Slides
from presgen.rendering.studio.slides.syntax import code_theme
from presgen.rendering.studio.slides.wording import labels, language

if TYPE_CHECKING:
    import typst

LOGO_WIDTH = 150
"""Points a logo may be wide, in the upper corner."""

BARE = "bare paper"


def draw_slides(slide: Slide, steps: int, locale: str, scene: Scene, format: Format, brand: Brand) -> Slides:
    """Draw ``slide`` at steps 0 to ``steps``, where ``scene`` has it.

    Raises:
        BadInput: the scene has no slide, or typst cannot set it.
    """
    box = slide_box(scene)
    scale = scale_of(format)
    paper, ground = draw_paper(scene, format, brand)
    x, y = round((box.x - scene.paper.x) * scale), round((box.y - scene.paper.y) * scale)
    width, height = round(box.width * scale) // 2 * 2, round(box.height * scale) // 2 * 2
    under = ground[y : y + height, x : x + width]
    data = slide_data(slide, steps, locale, scene, brand)
    pages = [_laid_on(under, page) for page in _pages(slide.layout, data, scale, brand)]
    pictures = tuple(map(picture_from_bgra, pages))
    growth = None
    if isinstance(slide, TitleSlide | ChartSlide):
        growth = _growth(slide, pages, scale, brand, mirrored=data["mirrored"])
    if growth is not None:
        for picture in pictures[growth.step :]:
            picture.put(growth.pictures[-1], growth.x, growth.y)
        growth = Growth(growth.x + x, growth.y + y, growth.pictures, growth.step)
    return Slides(paper, ground, pictures, growth, x, y)


def draw_paper(scene: Scene, format: Format, brand: Brand) -> tuple[Picture, Pixels]:
    """Return the bare paper of ``scene``: as a picture, and as pixels, (height, width, 4), uint8, BGRA."""
    picture, pixels = _paper(scene.paper, scene.slide, scale_of(format), brand)
    return picture.copy(), pixels.copy()


def slide_box(scene: Scene) -> Box:
    """Return where slides draw.

    Raises:
        BadInput: the presenter has the whole picture.
    """
    if scene.slide is None:
        raise BadInput(f"A scene framed {scene.framing.value!r} shows no slide.")
    return scene.slide


@cache
def slides_fingerprint() -> str:
    """Return a digest over all templates and words of ours: others, and slides look different."""
    digest = hashlib.sha256()
    folder = _folder()
    for path in sorted((*folder.glob("*.typ"), *folder.glob("labels/*.toml"))):
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def slide_data(slide: Slide, steps: int, locale: str, scene: Scene, brand: Brand) -> dict[str, Any]:
    """Return all that the templates are told."""
    box = slide_box(scene)
    shown = dict(_lettered(slide.model_dump(mode="json")))
    data = _area(box, scene.paper, brand)
    plan = None
    if isinstance(slide, DiagramSlide):
        plan = _plan(slide, box, data["margin"], data["unit"])
    return {
        **data,
        "slide": shown,
        "steps": list(range(steps + 1)),
        "language": language(locale),
        "labels": dict(labels(locale)),
        "fonts": list(families(brand)),
        "mono": [MONO, *families(brand)],
        "mirrored": runs_from_right(_texts(shown)),
        "plan": plan,
        "code_theme": code_theme(brand.palette),
    }


def set_pages(data: Mapping[str, Any], scale: float, brand: Brand) -> list[bytes]:
    """Return the pages of ``data`` as PNG files.

    Raises:
        typst.TypstError: typst cannot set them.
    """
    told = {"data": json.dumps(data)}
    pages = _compiler(brand.font_folder).compile(format="png", ppi=72 * scale, sys_inputs=told)
    # Several pages come as a list, one comes by itself.
    return pages if isinstance(pages, list) else [cast(bytes, pages)]


def told_by(label: str, brand: Brand) -> list[dict[str, Any]]:
    """Return what the pages that were set last tell under that label."""
    found = _compiler(brand.font_folder).query(f"<{label}>", field="value")
    return cast(list[dict[str, Any]], json.loads(found))


def _pages(layout: str, data: Mapping[str, Any], scale: float, brand: Brand) -> list[bytes]:
    """Return the pages of a slide.

    Raises:
        BadInput: typst cannot set it. The message holds none of its text, which may be personal.
    """
    import typst

    try:
        return set_pages(data, scale, brand)
    except typst.TypstError as error:
        raise BadInput(f"A slide of layout {layout!r} cannot be set: {error.message}") from error


def _area(box: Box, paper: Box, brand: Brand) -> dict[str, Any]:
    """Return the measures, colours and logo that slide and paper share."""
    margin = 64 if box.width > 1000 else 56 if box.width > 800 else 44
    roomy = (box.width * box.height / (880 * 604)) ** 0.5
    return {
        "area": {**asdict(box), "x": box.x - paper.x, "y": box.y - paper.y},
        "paper": {"width": paper.width, "height": paper.height},
        "margin": margin,
        "unit": round(min(max(roomy, 0.9), 1.25), 3),
        "palette": brand.palette.model_dump(mode="json", exclude={"bars"}),
        "theme": brand.theme,
        "logo": LOGO_WIDTH + 16 if brand.logo is not None else 0,
        "mark": None,
        "mark_alt": brand.logo_alt,
        "measured": False,
        "fonts": [FAMILY],
        "language": "en",
        "labels": {},
        "mirrored": False,
    }


def _plan(slide: DiagramSlide, box: Box, margin: int, unit: float) -> dict[str, Any]:
    """Return where the boxes and arrows of a diagram are, under a title of up to two lines."""
    top = round(box.height * (0.22 if box.height > 800 else 0.31 if box.height < 560 else 0.29))
    foot = box.height - (14 if box.height < 560 else 16)
    bottom = foot - (10 if not slide.source else min(15 * unit, 18) + 26)
    width = box.width - 2 * margin
    return lay_out(len(slide.nodes), slide.edges, margin, top, width, bottom - top).plain()


def _growth(
    slide: TitleSlide | ChartSlide, pages: list[Pixels], scale: float, brand: Brand, *, mirrored: bool
) -> Growth | None:
    """Return the bars as they grow, on the ground that their page has there."""
    step = CHART_STEP if isinstance(slide, TitleSlide) else 1
    bars = slide.domains if isinstance(slide, TitleSlide) else slide.bars
    if not bars or len(pages) <= step:
        return None
    place = next(each for each in told_by("bars", brand) if each["page"] == step + 1)
    x, y, width, height = (round(place[name] * scale) for name in ("x", "y", "width", "height"))
    ground = pages[step][y : y + height, x : x + width]
    pictures = (
        picture_from_bgra(paint_bars(ground, bars, frame / (GROWS - 1), scale, brand, mirrored=mirrored))
        for frame in range(GROWS)
    )
    return Growth(x, y, tuple(pictures), step)


def _lettered(value: Any, name: str = "") -> Any:
    """Return ``value`` with every text in it legible."""
    if isinstance(value, str):
        return legible_code(value) if name == "code" else value if name == "language" else legible(value)
    if isinstance(value, dict):
        return {key: _lettered(item, key) for key, item in value.items()}
    if isinstance(value, list):
        return [_lettered(item) for item in value]
    return value


def _texts(value: Any) -> Iterator[str]:
    """Yield every text in ``value`` but what is code or a name of ours."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, item in value.items():
            if key not in ("layout", "language", "code"):
                yield from _texts(item)
    elif isinstance(value, list):
        for item in value:
            yield from _texts(item)


@lru_cache(maxsize=16)
def _paper(paper: Box, slide: Box | None, scale: float, brand: Brand) -> tuple[Picture, Pixels]:
    mark: str | list[int] | None = None
    if slide is not None and brand.logo is not None:
        mark = list(brand.logo.read_bytes())
    data = {**_area(slide or paper, paper, brand), "slide": None, "mark": mark}
    [page] = _pages(BARE, data, scale, brand)
    pixels = _even(_decoded(page))
    return picture_from_bgra(pixels), pixels


@cache
def _compiler(own: Path | None = None) -> typst.Compiler:
    import typst

    folders = font_folders() if own is None else (own, *font_folders())
    fonts = typst.Fonts(
        include_system_fonts=False,
        include_embedded_fonts=False,
        font_paths=[str(folder) for folder in folders],
    )
    folder = _folder()
    return typst.Compiler(str(folder / "deck.typ"), root=str(folder), font_paths=fonts)


def _folder() -> Path:
    return Path(str(resources.files(__package__ or __name__)))


def _laid_on(ground: Pixels, page: bytes) -> Pixels:
    """Return ``ground`` with a page, which is empty where nothing is set, laid on it."""
    import skia

    pixels = ground.copy()
    height, width, _ = pixels.shape
    info = skia.ImageInfo.MakeN32Premul(width, height)
    canvas = skia.Surface.MakeRasterDirect(info, pixels).getCanvas()
    canvas.drawImage(skia.Image.MakeFromEncoded(skia.Data(page)), 0, 0)
    return pixels


def _decoded(page: bytes) -> Pixels:
    import skia

    image = skia.Image.MakeFromEncoded(skia.Data(page))
    pixels = np.empty((image.height(), image.width(), 4), np.uint8)
    image.readPixels(skia.ImageInfo.MakeN32Premul(image.width(), image.height()), pixels, image.width() * 4)
    return pixels


def _even(pixels: Pixels) -> Pixels:
    height, width, _ = pixels.shape
    return pixels[: height // 2 * 2, : width // 2 * 2].copy()
