"""Every layout, presenter and format side by side, to be looked at."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

from presgen.brands import brand_names, load_brand
from presgen.crew import run_all
from presgen.errors import PresGenError
from presgen.media.formats import Format, formats
from presgen.model.base import Seconds
from presgen.model.lesson import Section
from presgen.personas import Persona, Voice, load_persona, persona_names
from presgen.rendering.gallery.samples import LAYOUTS, TEXTS
from presgen.workspace import write_whole

if TYPE_CHECKING:
    from presgen.rendering.gallery.contact_sheet import Pixels

GREETING = Seconds(1.5)
"""A moment at which the presenter has the whole picture of an opening."""

CONTACT_SHEET = "contact-sheet.png"
PAGE = "index.html"


class NotDrawn(PresGenError):
    """Some pictures of a gallery could not be drawn."""


@dataclass(frozen=True, slots=True)
class Exhibit:
    """One picture to draw."""

    section: Section
    presenter: str
    format: str
    brand: str
    moment: Seconds | None = None
    """Of the section; None: the one that stands for it."""

    @property
    def name(self) -> str:
        """What its file is called, without suffix."""
        what = self.section.slug if self.moment is None else f"{self.section.slug}-{self.moment:.1f}s"
        return f"{what}-{self.presenter}-{self.format}-{Path(self.brand).stem}"


@dataclass(frozen=True, slots=True)
class Wall:
    """Exhibits that belong together."""

    heading: str
    exhibits: tuple[Exhibit, ...]


def draw_gallery(
    folder: Path,
    *,
    brand: str = "house",
    pictures: bool = True,
    workers: int = 0,
    walls: Sequence[Wall] | None = None,
    on_progress: Callable[[int, int], None] = lambda _done, _all: None,
) -> tuple[Path, ...]:
    """Draw the gallery into ``folder`` and return what was written, the contact sheet first.

    Args:
        folder: made if need be.
        brand: whose look the layouts have; the texts are shown in every brand that is shipped.
        pictures: whether to keep every picture in full, with a page to leaf through.
        workers: processes at work; 0: one a processor.
        walls: what to show; None: every layout x presenter x shape, and texts that are hard to set.
        on_progress: told how many pictures are drawn, of how many.

    Raises:
        NotDrawn: some pictures could not be drawn; the message names them, and the others are there.
    """
    from presgen.rendering.gallery.contact_sheet import Row, contact_sheet, write_png

    shown = all_walls(brand) if walls is None else tuple(walls)
    exhibits = list(dict.fromkeys(exhibit for wall in shown for exhibit in wall.exhibits))
    folder.mkdir(parents=True, exist_ok=True)
    done = 0

    def count(_: object) -> None:
        nonlocal done
        done += 1
        on_progress(done, len(exhibits))

    on_progress(0, len(exhibits))
    job = partial(_draw, folder=folder if pictures else None)
    outcomes = run_all(job, exhibits, workers=workers, on_done=count)
    drawn = {each.item: each.made for each in outcomes if each.made is not None}
    rows = [
        Row(wall.heading, tuple((_label(each), drawn[each]) for each in wall.exhibits if each in drawn))
        for wall in shown
    ]
    written = [folder / CONTACT_SHEET]
    if rows := [row for row in rows if row.pictures]:
        write_png(contact_sheet(rows), written[0])
    if pictures:
        written += _presenter_sheets(folder, exhibits)
        written += [folder / f"{exhibit.name}.png" for exhibit in drawn]
        write_whole(folder / PAGE, _page(shown, drawn.keys()).encode())
        written.append(folder / PAGE)
    if failed := [each for each in outcomes if each.made is None]:
        told = "; ".join(f"{each.item.name}: {each.reason}" for each in failed[:5])
        raise NotDrawn(f"{len(failed)} of {len(outcomes)} pictures could not be drawn. {told}")
    return tuple(written)


def all_walls(brand: str) -> tuple[Wall, ...]:
    """Return every layout with every presenter in every shape, and the texts that are hard to set."""
    from presgen.rendering.studio.stage.presenters import presenters

    shapes = one_format_a_shape()
    layouts = [
        Wall(
            section.slide.layout,
            tuple(
                Exhibit(section, presenter, shape.name, brand)
                for shape in shapes
                for presenter in presenters.names()
            ),
        )
        for section in LAYOUTS
    ]
    greeting = Wall(
        "full frame, before the first slide",
        tuple(
            Exhibit(LAYOUTS[0], presenter, shape.name, brand, GREETING)
            for shape in shapes
            for presenter in presenters.names()
        ),
    )
    first, *_ = presenters.names()
    texts = [
        Wall(
            f"text: {section.slug}",
            tuple(Exhibit(section, first, shape.name, name) for name in brand_names() for shape in shapes),
        )
        for section in TEXTS
    ]
    return (greeting, *layouts, *texts)


def one_format_a_shape() -> tuple[Format, ...]:
    """Return the first format of each shape: others of it are laid out the same."""
    from presgen.rendering.studio.scene import shape_of

    found: dict[str, Format] = {}
    for _, format_ in formats:
        if format_.pictured and min(format_.width, format_.height) >= 720:
            found.setdefault(shape_of(format_), format_)
    return tuple(found.values())


def _draw(exhibit: Exhibit, folder: Path | None) -> Pixels:
    """Draw an exhibit, keep it in full if there is a folder, and return it small."""
    from presgen.media.picture import rgb_from_picture
    from presgen.rendering.gallery.contact_sheet import thumbnail, write_png
    from presgen.rendering.studio.still import still
    from presgen.rendering.studio.voice import narrate

    persona = _persona(exhibit.presenter)
    with tempfile.TemporaryDirectory() as spoken:
        # Whatever the language of the text, it is hummed.
        hummed = exhibit.section.model_copy(update={"locale": persona.locale})
        narration = narrate(hummed, persona, Path(spoken), None)
    brand = load_brand(exhibit.brand)
    picture = still(exhibit.section, persona, formats[exhibit.format], brand, narration, exhibit.moment)
    rgb = rgb_from_picture(picture)
    if folder is not None:
        write_png(rgb, folder / f"{exhibit.name}.png")
    return thumbnail(rgb)


def _presenter_sheets(folder: Path, exhibits: Sequence[Exhibit]) -> list[Path]:
    """Write every shown presenter's own sheet: framings, gestures, expressions, visemes."""
    from presgen.rendering.gallery.contact_sheet import write_png
    from presgen.rendering.studio.stage.presenters import presenters
    from presgen.rendering.studio.stage.sheet import presenter_sheet

    written = []
    for name in dict.fromkeys(exhibit.presenter for exhibit in exhibits):
        written.append(folder / presenter_file(name))
        write_png(presenter_sheet(presenters[name])[..., 2::-1], written[-1])
    return written


def presenter_file(presenter: str) -> str:
    """Return what a presenter's own sheet is called."""
    return f"presenter-{presenter}.png"


def _persona(presenter: str) -> Persona:
    """Return who looks like that, humming: a picture needs the time of words, and no voice."""
    personas = [load_persona(name) for name in persona_names()]
    found = next((each for each in personas if each.presenter == presenter), None)
    persona = found or personas[0].model_copy(
        update={"presenter": presenter, "title": presenter.capitalize()}
    )
    voice = Voice(engine="tone", name="high", sentence_pause=persona.voice.sentence_pause)
    return persona.model_copy(update={"voice": voice})


def _label(exhibit: Exhibit) -> str:
    return f"{exhibit.presenter} · {exhibit.format} · {Path(exhibit.brand).stem}"


def _page(walls: Sequence[Wall], drawn: Any) -> str:
    from jinja2 import Environment, StrictUndefined

    text = (resources.files(__package__) / "gallery.html.jinja").read_text(encoding="utf-8")
    template = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True).from_string(text)
    return template.render(
        sheet=CONTACT_SHEET,
        presenters=[
            (name, presenter_file(name))
            for name in dict.fromkeys(each.presenter for wall in walls for each in wall.exhibits)
        ],
        walls=[
            {
                "heading": wall.heading,
                "pictures": [
                    {
                        "file": f"{each.name}.png",
                        "label": _label(each),
                        "width": formats[each.format].width,
                        "height": formats[each.format].height,
                    }
                    for each in wall.exhibits
                    if each in drawn
                ],
            }
            for wall in walls
        ],
    )
