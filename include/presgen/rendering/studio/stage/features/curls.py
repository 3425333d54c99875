"""Curls: a mass of small rings, for tight hair, beards and crowns of hair."""

from __future__ import annotations

from collections.abc import Callable
from math import cos, pi, sin

import numpy as np

from presgen.rendering.studio.stage.features.hair import HairTones
from presgen.rendering.studio.stage.paint import Area, Canvas, Path, Point, blended, box, faded, line


def paint_curls(
    canvas: Canvas,
    tones: HairTones,
    area: Area,
    *,
    count: int,
    radius: Point,
    seed: int,
    alpha: Callable[[float, float], float] = lambda _x, _y: 0.75,
    width: float = 1.3,
) -> None:
    """Paint ``count`` curls all over ``area``; ``alpha`` tells how strong one at a point is."""
    dice = np.random.default_rng(seed)
    for _ in range(count):
        x, y = float(dice.uniform(area.left, area.right)), float(dice.uniform(area.top, area.bottom))
        size, turn = float(dice.uniform(*radius)), float(dice.uniform(0, 360))
        tone = blended(tones.dark, tones.light, float(dice.uniform(0, 1)) ** 2)
        ring = box(x - size, y - size, x + size, y + size)
        canvas.drawArc(ring, turn, 160, False, line(faded(tone, alpha(x, y)), width))


def cloud(centre: Point, radii: Point, puff: Point, count: int, seed: int) -> Path:
    """Return an oval with a soft, uneven rim: ``count`` puffs of sizes between two along it."""
    dice = np.random.default_rng(seed)
    path = Path()
    path.addOval(box(centre[0] - radii[0], centre[1] - radii[1], centre[0] + radii[0], centre[1] + radii[1]))
    for index in range(count):
        angle = 2 * pi * (index + float(dice.uniform(-0.3, 0.3))) / count
        x, y = centre[0] + radii[0] * cos(angle), centre[1] + radii[1] * sin(angle)
        path.addCircle(x, y, float(dice.uniform(*puff)))
    return path
