"""Builds what shows a section: for each of its framings a view, with paper, slide and presenter."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from presgen.brands import Brand
from presgen.media.formats import Format
from presgen.model.base import Seconds
from presgen.model.lesson import Framing, Section
from presgen.model.media import PresenterPlace
from presgen.personas import Persona
from presgen.rendering.studio.notice import presenter_label, voice_label
from presgen.rendering.studio.scene import Scene, scale_of, scene_of
from presgen.rendering.studio.slides import draw_paper, draw_slides
from presgen.rendering.studio.stage.label import baked_label
from presgen.rendering.studio.stage.layers import Crop
from presgen.rendering.studio.stage.presenter import Presenter
from presgen.rendering.studio.stage.presenters import presenters
from presgen.rendering.studio.timeline import Timeline
from presgen.rendering.studio.view import Actor, Overlay, View, frame_of, lay_out_backdrop

_PAPERS = 6
"""As many as one format has scenes, and a few more."""


def build_views(
    section: Section, persona: Persona, format: Format, brand: Brand, timeline: Timeline
) -> dict[Framing, View]:
    """Return a view for each framing in ``timeline``; the slide is in the one that teaches.

    Raises:
        BadInput: the slide cannot be set.
        UnknownName: the persona's presenter is not there.
    """
    framings = dict.fromkeys(shot.framing for shot in timeline.shots)
    teaching = timeline.teaching.framing
    return {
        framing: _view(section, persona, format, brand, timeline, framing, framing is teaching)
        for framing in framings
    }


def places_of(timeline: Timeline, format: Format) -> tuple[PresenterPlace, ...]:
    """Return where the presenter is seen, in order; while the framing changes, and while absent, nowhere."""
    scale = scale_of(format)
    ends = [shot.start for shot in timeline.shots[1:]] + [timeline.frames]
    places = []
    for shot, end in zip(timeline.shots, ends, strict=True):
        box = scene_of(format, shot.framing).presenter
        if box is not None and shot.settled < end:
            places.append(
                PresenterPlace(
                    start=Seconds(max(shot.settled, 0) / format.fps),
                    end=Seconds(end / format.fps),
                    x=round(box.x * scale),
                    y=round(box.y * scale),
                    width=round(box.width * scale),
                    height=round(box.height * scale),
                )
            )
    return tuple(places)


def _view(
    section: Section,
    persona: Persona,
    format: Format,
    brand: Brand,
    timeline: Timeline,
    framing: Framing,
    teaches: bool,
) -> View:
    scene, scale = scene_of(format, framing), scale_of(format)
    seen = scene.presenter is not None
    note = (presenter_label if seen else voice_label)(persona.title, section.locale)
    paper = _paper(scene, format, brand)
    backdrop = lay_out_backdrop(scene, paper, format.width, format.height, scale, brand.palette, note)
    slides = None
    if teaches and scene.slide is not None:
        steps = max((sentence.step for sentence in section.sentences), default=0)
        slides = draw_slides(section.slide, steps, section.locale, scene, format, brand)
    actor = None
    if scene.presenter is not None:
        place = scene.presenter
        # A tile shows the head alone, and has its label on the edge.
        shown = Framing.INSET if scene.inset_radius else framing
        width, height = round(place.width * scale), round(place.height * scale)
        label = baked_label(note, width, height, shown)
        actor = Actor(
            Presenter(presenters[persona.presenter], width, height, framing=shown),
            Crop.of(width, height, shown),
            round(place.x * scale),
            round(place.y * scale),
            None if label is None else Overlay(label.image, label.x, label.y),
            frame_of(scene, backdrop, scale, brand.palette, note),
        )
    return View(scene, scale, brand.palette, backdrop, timeline, slides, actor, note)


@lru_cache(maxsize=_PAPERS)
def _paper(scene: Scene, format: Format, brand: Brand) -> NDArray[np.uint8]:
    """Return the bare paper of ``scene``: the same for all sections."""
    _, pixels = draw_paper(scene, format, brand)
    return pixels
