"""Stretches of time in which something is true, found in series of measurements."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from presgen.model.base import Seconds
from presgen.model.quality import Span


def runs(true: NDArray[np.bool_]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return where the stretches of True begin, and where each is over."""
    edges = np.diff(np.concatenate([[0], true.astype(np.int8), [0]]))
    return np.flatnonzero(edges == 1), np.flatnonzero(edges == -1)


def bridged(true: NDArray[np.bool_], longest: int) -> NDArray[np.bool_]:
    """Return the series with stretches of False of up to ``longest`` in its midst made True."""
    filled = true.copy()
    for start, stop in zip(*runs(~true), strict=True):
        if start > 0 and stop < len(true) and stop - start <= longest:
            filled[start:stop] = True
    return filled


def spans(true: NDArray[np.bool_], edges: NDArray[Any], shortest: float = 0.0) -> tuple[Span, ...]:
    """Return the stretches of True that last ``shortest`` seconds or more.

    Args:
        true: one value for each step.
        edges: when each step begins, and when the last one ends: one more than there are steps.
        shortest: in seconds.
    """
    return tuple(
        Span(start=Seconds(float(edges[start])), end=Seconds(float(edges[stop])))
        for start, stop in zip(*runs(true), strict=True)
        if edges[stop] - edges[start] >= shortest - 1e-6
    )


def merged(found: tuple[Span, ...], gap: float) -> tuple[Span, ...]:
    """Return the spans, in order, with those joined that lie no more than ``gap`` seconds apart."""
    joined: list[Span] = []
    for span in sorted(found, key=lambda each: each.start):
        if joined and span.start - joined[-1].end <= gap:
            end = max(joined[-1].end, span.end)
            joined[-1] = Span(start=joined[-1].start, end=end)
        else:
            joined.append(span)
    return tuple(joined)
