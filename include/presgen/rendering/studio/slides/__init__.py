"""Slides: what is shown beside the presenter, one picture for each step of a section."""

from presgen.rendering.studio.slides.deck import Slides, draw_slides, slides_fingerprint

__all__ = ["Slides", "draw_slides", "slides_fingerprint"]
