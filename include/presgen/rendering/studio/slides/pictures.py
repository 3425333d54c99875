"""What slides are drawn to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from presgen.media.picture import Picture

CHART_STEP = 2
"""The step of a title slide that shows the chart."""

Pixels: TypeAlias = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Growth:
    """A part of a slide that moves by itself: the bars of the chart."""

    x: int
    y: int
    """Where it is within the paper, in pixels."""
    pictures: tuple[Picture, ...]
    """One a frame; the last one is what the slide shows from then on."""
    step: int = CHART_STEP
    """The step at which it grows."""


@dataclass(frozen=True, slots=True)
class Slides:
    """The pictures of one section's slide."""

    paper: Picture
    """The ground of all slides with that scene."""
    paper_pixels: Pixels
    """The same, (height, width, 4), uint8, BGRA."""
    steps: tuple[Picture, ...]
    """The slide at step 0, 1, …, with the part of the paper that it lies on."""
    growth: Growth | None
    """What moves when the slide reaches its step; None: nothing."""
    x: int = 0
    y: int = 0
    """Where the slide is within the paper, in pixels."""
