"""Hair, one lock over the other: a lock lies between two guide curves and is full of strands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import skia

from presgen.rendering.studio.stage.paint import (
    Canvas,
    Path,
    Point,
    along,
    curve,
    faded,
    fill,
    inside,
    line,
    points_of,
    strands,
)


@dataclass(frozen=True, slots=True)
class HairTones:
    """The colours of hair, from the depth of a curl to where the light breaks on it."""

    dark: str
    base: str
    light: str
    shine: str


@dataclass(frozen=True, slots=True)
class Lock:
    """A lock of hair between two guides that start at the scalp and have equally many points."""

    first: str
    """M and C, as ``curve`` reads it."""
    last: str

    @property
    def outline(self) -> Path:
        """Return the closed outline."""
        path = skia.Path(curve(self.first))
        start, *rest = reversed(points_of(self.last))
        path.lineTo(*start)
        for i in range(0, len(rest), 3):
            path.cubicTo(*rest[i], *rest[i + 1], *rest[i + 2])
        path.close()
        return path

    def strands(self, canvas: Canvas, colors: Sequence[str], count: int, seed: int, **pen: Point) -> None:
        """Draw strands from one guide to the other; ``pen`` is passed on to ``strands``."""
        strands(canvas, points_of(self.first), points_of(self.last), colors, count, seed=seed, **pen)


def paint_lock(
    canvas: Canvas,
    lock: Lock,
    tones: HairTones,
    *,
    count: int = 50,
    seed: int = 1,
    shadow: float = 0.4,
    gleam: Point = (0.18, 0.34),
) -> None:
    """Paint a lock with a shadow under it; it gleams between two shares of its height."""
    outline = lock.outline
    bounds = outline.getBounds()
    top, bottom = (0, bounds.top()), (0, bounds.bottom())
    canvas.drawPath(outline, fill(faded(tones.dark, shadow), blur=6))
    canvas.drawPath(outline, along(top, bottom, tones.base, tones.base, tones.dark, at=(0, 0.45, 1)))
    nothing, bright = faded(tones.light, 0), faded(tones.light, 0.75)
    stops = (0, max(0.0, gleam[0] - 0.12), sum(gleam) / 2, min(1.0, gleam[1] + 0.12), 1)
    canvas.drawPath(outline, along(top, bottom, nothing, nothing, bright, nothing, nothing, at=stops))
    colors = (tones.dark, tones.base, tones.light, tones.base, tones.light, tones.base, tones.dark)
    lock.strands(canvas, colors, count, seed)
    fine = (tones.light, tones.shine, tones.light)
    lock.strands(canvas, fine, count // 4, seed + 100, width=(0.6, 1.5), alpha=(0.10, 0.34))
    with inside(canvas, outline):
        for guide in (lock.first, lock.last):
            canvas.drawPath(curve(guide), line(faded(tones.dark, 0.55), 7, blur=4))


def light_edge(canvas: Canvas, lock: Lock, color: str, width: float = 5.0) -> None:
    """Let light from behind run along the first guide of a lock."""
    with inside(canvas, lock.outline):
        pen = line(color, width, blur=2.5)
        pen.setBlendMode(skia.BlendMode.kScreen)
        canvas.drawPath(curve(lock.first), pen)
