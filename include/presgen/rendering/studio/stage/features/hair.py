"""Hair, one lock over the other: a lock lies between two guide curves and is full of strands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import skia

from presgen.rendering.studio.stage.paint import (
    Canvas,
    Guide,
    Path,
    along,
    faded,
    fill,
    inside,
    line,
    smooth,
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

    first: Guide
    last: Guide

    @property
    def outline(self) -> Path:
        """Return the closed outline."""
        path = guided(self.first)
        back = [*reversed(self.last)]
        path.lineTo(*back[0])
        for i in range(1, len(back) - 2, 3):
            path.cubicTo(*back[i], *back[i + 1], *back[i + 2])
        path.close()
        return path

    def mirrored(self) -> Lock:
        """Return the lock on the other side of the head."""
        return Lock([(-x, y) for x, y in self.first], [(-x, y) for x, y in self.last])


def guided(guide: Guide) -> Path:
    """Return the open curve along a guide."""
    return smooth(guide[0], [guide[i : i + 3] for i in range(1, len(guide) - 2, 3)])


def paint_lock(
    canvas: Canvas,
    lock: Lock,
    tones: HairTones,
    *,
    count: int = 50,
    seed: int = 1,
    shadow: float = 0.4,
    gleam: Sequence[float] = (0.18, 0.34),
) -> None:
    """Paint a lock with a shadow under it; it gleams between two shares of its height."""
    outline = lock.outline
    bounds = outline.getBounds()
    canvas.drawPath(outline, fill(faded(tones.dark, shadow), blur=6))
    top, bottom = (0, bounds.top()), (0, bounds.bottom())
    canvas.drawPath(outline, along(top, bottom, tones.base, tones.base, tones.dark, at=(0, 0.45, 1)))
    with inside(canvas, outline):
        start, end = gleam
        middle = (start + end) / 2
        nothing = faded(tones.light, 0)
        glint = along(
            top,
            bottom,
            nothing,
            nothing,
            faded(tones.light, 0.75),
            nothing,
            nothing,
            at=(0, max(0.0, start - 0.12), middle, min(1.0, end + 0.12), 1),
        )
        canvas.drawPaint(glint)
        colors = (tones.dark, tones.base, tones.light, tones.base, tones.light, tones.base, tones.dark)
        strands(canvas, lock.first, lock.last, colors, count, seed=seed)
        fine = (tones.light, tones.shine, tones.light)
        strands(
            canvas,
            lock.first,
            lock.last,
            fine,
            count // 4,
            width=(0.6, 1.5),
            alpha=(0.10, 0.34),
            seed=seed + 100,
        )
        for guide in (lock.first, lock.last):
            canvas.drawPath(guided(guide), line(faded(tones.dark, 0.55), 7, blur=4))


def light_edge(canvas: Canvas, lock: Lock, color: str, width: float = 5.0) -> None:
    """Let light from behind run along the first guide of a lock."""
    with inside(canvas, lock.outline):
        pen = line(color, width, blur=2.5)
        pen.setBlendMode(skia.BlendMode.kScreen)
        canvas.drawPath(guided(lock.first), pen)
