"""Slides: what is shown beside the presenter, one picture for each step of a section."""

from presgen.rendering.studio.slides.deck import Growth, Slides, draw_paper, draw_slides, slides_fingerprint

__all__ = ["Growth", "Slides", "draw_paper", "draw_slides", "slides_fingerprint"]
