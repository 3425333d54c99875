"""One moment of a section as a picture, without making its film."""

from __future__ import annotations

from presgen.brands import Brand
from presgen.media.captions import lay_out_cues
from presgen.media.formats import Format
from presgen.media.picture import Picture, blank
from presgen.model.base import Seconds
from presgen.model.lesson import Section
from presgen.model.media import Narration
from presgen.personas import Persona
from presgen.rendering.studio.assembly import Film, poster_frame
from presgen.rendering.studio.scene import shape_of
from presgen.rendering.studio.stage.presenter import perform
from presgen.rendering.studio.staging import build_views
from presgen.rendering.studio.timeline import lay_out

_STRIDE = 6
"""Frames from look to look on the way to the moment: what fades, moves or grows knows how far it is."""


def still(
    section: Section,
    persona: Persona,
    format: Format,
    brand: Brand,
    narration: Narration,
    moment: Seconds | None = None,
) -> Picture:
    """Return the section's picture at ``moment`` as its film would show it.

    Args:
        section: what is said and shown.
        persona: who says it.
        format: one with pictures.
        brand: whose look.
        narration: how the section is spoken.
        moment: seconds from the start; None: the one that stands for the section, as in its poster.

    Raises:
        BadInput: the slide cannot be set.
        UnknownName: the persona's presenter is not there.
    """
    frames = round(narration.duration * format.fps)
    cues = lay_out_cues(narration.words, until=narration.duration)
    timeline = lay_out(section, narration, cues, frames, format.fps, burned=format.burned)
    poses = perform(narration, frames, seed=0)
    last = poster_frame(timeline, poses) if moment is None else min(round(moment * format.fps), frames - 1)
    canvas = blank(format.width, format.height)
    views = build_views(section, persona, format, brand, timeline)
    film = Film(canvas, shape_of(format), timeline, views, brand.palette)
    for frame in (*range(last % _STRIDE, last, _STRIDE), last):
        film.show(frame, poses[frame])
    return canvas
