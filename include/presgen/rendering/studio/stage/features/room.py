"""Rooms behind the presenter, out of focus: light, depth and nothing to read."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from presgen.rendering.studio.stage.paint import Canvas, Point, along, around, box, faded, fill, glow, line

WALL = box(-900, -700, 900, 1400)
"""More than any framing shows."""


def paint_wall(canvas: Canvas, *colors: str) -> None:
    """Paint the whole background, from the upper left to the lower right."""
    canvas.drawRect(WALL, along((-240, 0), (240, 720), *colors))


def paint_lights(
    canvas: Canvas, colors: Sequence[str], count: int, seed: int, spread: Point = (20, 330)
) -> None:
    """Paint small lamps far away, each a soft disc with a brighter rim, between two heights."""
    dice = np.random.default_rng(seed)
    for _ in range(count):
        x, y = float(dice.uniform(-420, 420)), float(dice.uniform(*spread))
        radius, alpha = float(dice.uniform(5, 22)), float(dice.uniform(0.10, 0.34))
        tint = colors[int(dice.integers(len(colors)))]
        canvas.drawCircle(x, y, radius, fill(faded(tint, alpha), blur=1.4))
        canvas.drawCircle(x, y, radius - 1, line(faded(tint, alpha * 0.7), 1.6, blur=0.8))


def paint_vignette(canvas: Canvas, text: str, strength: float) -> None:
    """Darken the corners and let the middle, where the head is, keep its light."""
    brush = around((0, 280), 640, faded(text, 0), faded(text, 0), faded(text, strength), at=(0, 0.38, 1))
    canvas.drawRect(WALL, brush)


def paint_halo(canvas: Canvas, text: str, centre: Point = (0, 260), radii: Point = (330, 330)) -> None:
    """Lighten the wall behind the head, so that hair stands off it."""
    glow(canvas, centre, radii, text)
