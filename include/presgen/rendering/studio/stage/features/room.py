"""Rooms behind the presenter, out of focus: light, depth and nothing to read."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from presgen.rendering.studio.stage.paint import (
    Area,
    Canvas,
    Point,
    along,
    around,
    box,
    curve,
    faded,
    fill,
    glow,
    line,
    softened,
)

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
        x, y = float(dice.uniform(-900, 900)), float(dice.uniform(*spread))
        radius, alpha = float(dice.uniform(5, 22)), float(dice.uniform(0.10, 0.34))
        tint = colors[int(dice.integers(len(colors)))]
        canvas.drawCircle(x, y, radius, fill(faded(tint, alpha), blur=1.4))
        canvas.drawCircle(x, y, radius - 1, line(faded(tint, alpha * 0.7), 1.6, blur=0.8))


def paint_shelves(
    canvas: Canvas,
    tones: Sequence[str],
    board: str,
    *,
    alpha: float,
    seed: int,
    left: float = -900,
    right: float = 900,
) -> None:
    """Paint shelf over shelf of books, far out of focus, between two walls."""
    dice = np.random.default_rng(seed)
    for shelf in range(-7, 12):
        foot = 120.0 + 148 * shelf
        x = left
        while x < right:
            width, height = float(dice.uniform(14, 36)), float(dice.uniform(84, 126))
            tone = tones[int(dice.integers(len(tones)))]
            canvas.drawRect(
                box(x, foot - height, min(x + width, right), foot), fill(faded(tone, alpha), blur=5)
            )
            x += width + float(dice.choice((1, 2, 2, 30), p=(0.3, 0.3, 0.3, 0.1)))
        canvas.drawRect(box(left, foot, right, foot + 16), fill(board, blur=5))


def paint_leaf(
    canvas: Canvas, foot: Point, length: float, heading: float, tone: str, blur: float = 7
) -> None:
    """Paint one long leaf out of focus that grows from ``foot`` and points to ``heading`` degrees."""
    canvas.save()
    canvas.translate(*foot)
    canvas.rotate(heading)
    canvas.scale(length / 100, length / 100)
    canvas.drawPath(curve("M0 0 C22 -26 66 -26 100 0 C66 22 24 20 0 0 Z"), fill(tone, blur=blur))
    canvas.drawPath(curve("M6 0 C36 -6 66 -6 92 0"), line(faded("#FFFFFF", 0.16), 1.6, blur=1.6))
    canvas.restore()


def paint_window(canvas: Canvas, area: Area, *colors: str, frame: str, panes: int = 2) -> None:
    """Paint a bright window with bars, out of focus."""
    canvas.drawRect(
        box(area.left, area.top, area.right, area.bottom),
        softened(along((0, area.top), (0, area.bottom), *colors), 9),
    )
    for bar in range(panes + 1):
        x = area.left + (area.right - area.left) * bar / panes
        canvas.drawRect(box(x - 7, area.top, x + 7, area.bottom), fill(frame, blur=5))


def paint_vignette(canvas: Canvas, text: str, strength: float) -> None:
    """Darken the corners and let the middle, where the head is, keep its light."""
    canvas.save()
    canvas.translate(0, 300)
    canvas.scale(1.5, 1)
    brush = around((0, 0), 660, faded(text, 0), faded(text, 0), faded(text, strength), at=(0, 0.34, 1))
    canvas.drawRect(box(-900, -1100, 900, 1200), brush)
    canvas.restore()


def paint_halo(canvas: Canvas, text: str, centre: Point = (0, 260), radii: Point = (330, 330)) -> None:
    """Lighten the wall behind the head, so that hair stands off it."""
    glow(canvas, centre, radii, text)
