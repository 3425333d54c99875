"""Slides: what is shown beside the presenter, one picture for each step of a section."""

from presgen.rendering.studio.slides.deck import draw_paper, draw_slides, slides_fingerprint
from presgen.rendering.studio.slides.measure import Block, faults, measure
from presgen.rendering.studio.slides.pictures import Growth, Slides
from presgen.rendering.studio.slides.wording import labels

__all__ = [
    "Block",
    "Growth",
    "Slides",
    "draw_paper",
    "draw_slides",
    "faults",
    "labels",
    "measure",
    "slides_fingerprint",
]
