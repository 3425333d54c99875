"""Whether a mouth moves when its voice is heard: the offset inside the content, which no container tells.

The sound's envelope is compared with the brightness of every cell in which something moves as often as a
speaking face does. An open mouth is darker than a shut one, so some cells follow the voice; the lag at which
they follow it best is the offset. On the studio's films, cells follow with r 0.5 to 0.6, and moved by 300 ms
the sound is found to be off by 300 ms within 5.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from presgen.media.analysis import Heard, Seen
from presgen.model.base import Seconds
from presgen.model.media import PresenterPlace
from presgen.model.quality import Span
from presgen.quality.hearing import envelope
from presgen.quality.seeing import FEWEST_CELLS, MOVES, OFTEN, edges_of, within
from presgen.quality.spans import merged

MEASURED_WITHIN = Seconds(0.04)
"""A little more than a picture: what the measured offset may be off itself."""

EARLIEST = Seconds(-0.04 - MEASURED_WITHIN)
"""EBU R37 lets sound come 40 ms before its picture; beyond this it certainly comes earlier."""

LATEST = Seconds(0.06 + MEASURED_WITHIN)
"""EBU R37 lets sound come 60 ms after its picture; beyond this it certainly comes later."""

WINDOW = Seconds(20.0)
SHORTEST = Seconds(5.0)
"""Of speech with a face: in less, chance agrees as well as a voice."""

_FARTHEST = Seconds(1.0)
"""Offsets are looked for up to this."""
_SMOOTH = Seconds(1.0)
"""Slower changes, such as a turn of the head, say nothing of a voice."""
_CELLS = 6
"""The best ones count."""
_AGREES = 0.10
"""Mean r squared of those cells with the voice. Up to 0.08 comes about by chance; a mouth reaches 0.2."""
_STANDS_OUT = 1.3
"""By how much the best lag must agree better than any that lies apart from it."""
_APART = Seconds(0.2)


@dataclass(frozen=True, slots=True)
class Lips:
    """How the voice and the mouth agree."""

    offset: Seconds | None
    """By how much the sound comes later than the mouth moves; None: nobody speaks who could be seen."""
    off: tuple[Span, ...]
    """Where it is beyond what goes unnoticed."""


def read_lips(seen: Seen, heard: Heard, presenter: Sequence[PresenterPlace] | bool | None) -> Lips:
    """Return how the voice and the mouth of a film agree.

    Args:
        seen: the pictures.
        heard: the sound.
        presenter: where the presenter is; False: nobody is in the picture; True and None: find out.
    """
    if presenter is False or len(seen.moments) < 2 or not heard.channels.any():
        return Lips(None, ())
    loud = envelope(heard, seen.moments)
    places = presenter if isinstance(presenter, Sequence) else ()
    found: list[tuple[float, Span]] = []
    for span, cells in _windows(seen, places):
        inside = (seen.moments >= span.start) & (seen.moments < span.end)
        offset = _offset(seen, inside, loud[inside], cells)
        if offset is not None:
            found.append((offset, span))
    if not found:
        return Lips(None, ())
    off = merged(tuple(span for offset, span in found if not EARLIEST <= offset <= LATEST), 0.0)
    wrong = [offset for offset, _ in found if not EARLIEST <= offset <= LATEST]
    typical = float(np.median(wrong or [offset for offset, _ in found]))
    return Lips(Seconds(round(typical, 3)), off)


def _windows(seen: Seen, places: Sequence[PresenterPlace]) -> list[tuple[Span, NDArray[np.bool_] | None]]:
    """Return the stretches to look at one by one, each with the cells to look at; None: all of them."""
    edges = edges_of(seen)
    whole = [(float(edges[0]), float(edges[-1]), None)]
    stretches: list[tuple[float, float, Any]] = [
        (place.start, min(place.end, float(edges[-1])), within(seen, place)) for place in places
    ]
    windows = []
    for start, end, cells in stretches or whole:
        length = end - start
        if length < SHORTEST:
            continue
        count = max(1, round((length - WINDOW) / (WINDOW / 2)) + 1) if length > 1.2 * WINDOW else 1
        size = length if count == 1 else WINDOW
        for number in range(count):
            begin = start + (length - size) * number / max(count - 1, 1)
            windows.append((Span(start=Seconds(begin), end=Seconds(begin + size)), cells))
    return windows


def _offset(
    seen: Seen, inside: NDArray[np.bool_], loud: NDArray[np.float64], cells: NDArray[np.bool_] | None
) -> float | None:
    """Return the offset within a window, in seconds; None: no cells follow the voice."""
    motion = seen.motion[inside].reshape(len(loud), -1)
    alive = (motion >= MOVES).mean(axis=0) >= OFTEN
    if cells is not None:
        alive &= cells
    if np.count_nonzero(alive) < FEWEST_CELLS // 2 or loud.std() < 1:
        return None
    rate = 1 / float(np.median(np.diff(seen.moments)))
    light = seen.cells[inside].reshape(len(loud), -1)[:, alive].astype(np.float64)
    light = light[:, light.std(axis=0) > 1]
    if not light.size:
        return None
    light, voice = _quick(light, rate), _quick(loud[:, None], rate)
    light /= light.std(axis=0) + 1e-9
    voice /= voice.std() + 1e-9
    reach = round(_FARTHEST * rate)
    lags = np.arange(-reach, reach + 1)
    agreement = np.array([_agreement(light, voice, int(lag)) for lag in lags])
    best = int(agreement.argmax())
    apart = np.abs(lags - lags[best]) > _APART * rate
    if agreement[best] < _AGREES or agreement[best] < _STANDS_OUT * agreement[apart].max(initial=0.0):
        return None
    # The picture that follows the voice by `lag` comes later than the sound.
    return float(-(lags[best] + _between(agreement, best)) / rate)


def _agreement(light: NDArray[np.float64], voice: NDArray[np.float64], lag: int) -> float:
    """Return how well the best cells follow the voice when they are ``lag`` pictures later."""
    count = len(light)
    later, now = light[max(lag, 0) : count + min(lag, 0)], voice[max(-lag, 0) : count - max(lag, 0)]
    likeness = (later * now).sum(axis=0) / count
    return float(np.sort(likeness**2)[-_CELLS:].mean())


def _between(agreement: NDArray[np.float64], best: int) -> float:
    """Return where between two pictures the top of the parabola through the best lag lies."""
    if not 0 < best < len(agreement) - 1:
        return 0.0
    before, top, after = agreement[best - 1 : best + 2]
    bend = before - 2 * top + after
    return float(0.5 * (before - after) / bend) if bend < 0 else 0.0


def _quick(series: NDArray[np.float64], rate: float) -> NDArray[np.float64]:
    """Return the series without what changes slowly."""
    size = max(round(_SMOOTH * rate), 1) | 1
    padded = np.pad(series, ((size // 2, size // 2), (0, 0)), mode="edge")
    total = np.concatenate([np.zeros((1, series.shape[1])), padded.cumsum(axis=0)])
    quick: NDArray[np.float64] = series - (total[size:] - total[:-size]) / size
    return quick
