"""Draws the slides of a section: typst sets the pages, which become pictures for the encoder."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import numpy as np
from numpy.typing import NDArray

from presgen.brands import Brand
from presgen.errors import BadInput
from presgen.media.formats import Format
from presgen.media.picture import Picture, picture_from_bgra
from presgen.model.lesson import BulletSlide, Slide, TitleSlide
from presgen.rendering.fonts import FAMILY, font_folders
from presgen.rendering.studio.scene import Scene, scale_of
from presgen.rendering.studio.slides.chart import GROWS, ChartPlace, paint_bars, place_of
from presgen.rendering.studio.slides.lettering import legible

if TYPE_CHECKING:
    import typst

CHART_STEP = 2
"""The step of a title slide that shows the chart."""

LABELS = {
    "why": "Why",
    "right": "Right answer",
    "chosen": "Your choice",
    "chart": "Your score by domain",
    "recap": "What you learned",
    "next": "Next steps",
}
"""The few words that are ours and not the writer's."""

Pixels = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Growth:
    """A part of a slide that moves by itself: the bars of the chart."""

    x: int
    y: int
    """Where it is within the paper, in pixels."""
    pictures: tuple[Picture, ...]
    """One a frame; the last one is what the slide shows from then on."""
    step: int = CHART_STEP
    """The step at which it grows."""


@dataclass(frozen=True, slots=True)
class Slides:
    """The pictures of one section's slide."""

    paper: Picture
    """The ground of all slides with that scene."""
    paper_pixels: Pixels
    """The same, (height, width, 4), uint8, BGRA."""
    steps: tuple[Picture, ...]
    """The slide at step 0, 1, …, with the part of the paper that it lies on."""
    growth: Growth | None
    """What moves when the slide reaches its step; None: nothing."""
    x: int = 0
    y: int = 0
    """Where the slide is within the paper, in pixels."""


def draw_slides(slide: Slide, steps: int, locale: str, scene: Scene, format: Format, brand: Brand) -> Slides:
    """Draw ``slide`` at steps 0 to ``steps``, where ``scene`` has it.

    Raises:
        BadInput: the scene has no slide, or typst cannot set it.
    """
    if scene.slide is None:
        raise BadInput(f"A scene framed {scene.framing.value!r} shows no slide.")
    scale = scale_of(format)
    paper, pixels = draw_paper(scene, format, brand)
    place = place_of(slide) if isinstance(slide, TitleSlide) else None
    _, *pages = _pages(slide, range(steps + 1), locale, scale, place)
    pictures = tuple(map(picture_from_bgra, pages))
    x = round((scene.slide.x - scene.paper.x) * scale)
    y = round((scene.slide.y - scene.paper.y) * scale)
    growth = None
    if isinstance(slide, TitleSlide) and place is not None and slide.domains and steps >= CHART_STEP:
        growth = _growth(slide, place, pages[CHART_STEP], scale)
        for picture in pictures[CHART_STEP:]:
            picture.put(growth.pictures[-1], growth.x, growth.y)
        growth = replace(growth, x=growth.x + x, y=growth.y + y)
    return Slides(paper, pixels, pictures, growth, x, y)


def draw_paper(
    scene: Scene,  # noqa: ARG001
    format: Format,
    brand: Brand,  # noqa: ARG001
) -> tuple[Picture, Pixels]:
    """Return the bare paper of ``scene``: as a picture, and as pixels, (height, width, 4), uint8, BGRA."""
    empty = BulletSlide(kicker="", title="", points=())
    pixels = _pages(empty, range(1), "en", scale_of(format), None)[0]
    return picture_from_bgra(pixels), pixels


@cache
def slides_fingerprint() -> str:
    """Return a digest over all templates: other templates, other slides."""
    digest = hashlib.sha256()
    for path in sorted(_folder().glob("*.typ")):
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def _pages(
    slide: Slide, steps: Sequence[int], locale: str, scale: float, place: ChartPlace | None
) -> list[Pixels]:
    """Return the bare paper and the slide at ``steps``.

    Raises:
        BadInput: typst cannot set the slide. The message holds none of its text, which may be personal.
    """
    import typst

    data = {
        "slide": _lettered(slide.model_dump(mode="json")),
        "steps": list(steps),
        "language": _language(locale),
        "labels": LABELS,
        "fonts": [FAMILY],
        "chart": None if place is None else place.plain(),
    }
    try:
        pages = _compiler().compile(format="png", ppi=72 * scale, sys_inputs={"data": json.dumps(data)})
    except typst.TypstError as error:
        raise BadInput(f"A slide of layout {slide.layout!r} cannot be set: {error.message}") from error
    # Several pages come as a list, and there are at least two: the paper and one step.
    return [_even(_decoded(page)) for page in cast(list[bytes], pages)]


def _growth(slide: TitleSlide, place: ChartPlace, page: Pixels, scale: float) -> Growth:
    """Return the bars as they grow, on the ground that ``page`` has there."""
    bars = place.bars
    x, y, width, height = (round(number * scale) for number in (bars.x, bars.y, bars.width, bars.height))
    ground = page[y : y + height, x : x + width]
    pictures = (
        picture_from_bgra(paint_bars(ground, slide.domains, frame / (GROWS - 1), scale))
        for frame in range(GROWS)
    )
    return Growth(x, y, tuple(pictures))


def _language(locale: str) -> str:
    """Return the language's code, by which typst chooses quotes and directions."""
    code = locale.split("-")[0].lower()
    return code if code.isascii() and code.isalpha() and len(code) in (2, 3) else "en"


def _lettered(value: Any) -> Any:
    """Return ``value`` with every text in it legible."""
    if isinstance(value, str):
        return legible(value)
    if isinstance(value, dict):
        return {name: _lettered(item) for name, item in value.items()}
    if isinstance(value, list):
        return [_lettered(item) for item in value]
    return value


@cache
def _compiler() -> typst.Compiler:
    import typst

    fonts = typst.Fonts(
        include_system_fonts=False,
        include_embedded_fonts=True,
        font_paths=[str(folder) for folder in font_folders()],
    )
    folder = _folder()
    return typst.Compiler(str(folder / "deck.typ"), root=str(folder), font_paths=fonts)


def _folder() -> Path:
    return Path(str(resources.files(__package__ or __name__)))


def _decoded(page: bytes) -> Pixels:
    import skia

    image = skia.Image.MakeFromEncoded(skia.Data(page))
    pixels = np.empty((image.height(), image.width(), 4), np.uint8)
    image.readPixels(skia.ImageInfo.MakeN32Premul(image.width(), image.height()), pixels, image.width() * 4)
    return pixels


def _even(pixels: Pixels) -> Pixels:
    height, width, _ = pixels.shape
    return pixels[: height // 2 * 2, : width // 2 * 2].copy()
