"""What a viewer would notice in a film's pictures, told from their cells."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from presgen.media.analysis import MOTION_STEPS, Seen
from presgen.model.base import Seconds
from presgen.model.media import PresenterPlace
from presgen.model.quality import Span
from presgen.quality.spans import bridged, merged, runs, spans

BRIGHT = 0.002
"""Share of a black picture that may be brighter than black: a speck, no word."""

MOVES = MOTION_STEPS // 2
"""Half a level of luma, the mean of a cell: more than what encoding a still picture again changes."""

OFTEN = 0.2
"""Share of the pictures in which the cells of a presenter move. Captions change in a tenth of them."""

FEWEST_CELLS = 12
"""Cells that move often, without which nobody is in the picture."""

SHORTEST_FREEZE = Seconds(1.0)
"""A presenter of ours breathes: none was still for more than 0.3 s in 4 minutes of film."""

SHORTEST_FREEZE_ANYWHERE = Seconds(1.5)
"""Where nobody says who is in the picture."""
PICTURES_BESIDE = 90
"""Moving pictures that a still one is held against, 3 s of ours."""

UNEVEN = 0.25
"""Part of a picture's time by which it may be off: files with coarse clocks round."""

FLASH = 0.1
"""Change of relative luminance that makes half a flash (WCAG 2.3.1)."""
DARKER = 0.8
"""Relative luminance the darker picture of a flash is below (WCAG 2.3.1)."""
FLASH_AREA = 0.25
"""Share of any third of the picture in both directions: 25 % of 341 x 256 pixels of 1024 x 768."""


@dataclass(frozen=True, slots=True)
class Seeing:
    """What was seen."""

    blacks: tuple[Span, ...]
    frozen: tuple[Span, ...]
    flashes: tuple[Span, ...]
    flash_rate: float
    uneven: tuple[Seconds, ...]


def see(seen: Seen, presenter: Sequence[PresenterPlace] | bool | None) -> Seeing:
    """Return what is to be noticed in the pictures of a film.

    Args:
        seen: the pictures.
        presenter: where the presenter is; False: nobody is in the picture; True and None: find out.
    """
    edges = edges_of(seen)
    if len(seen.moments) < 2:
        return Seeing((), (), (), 0.0, ())
    flashes, rate = _flashes(seen, edges)
    return Seeing(
        blacks=spans(seen.bright <= BRIGHT, edges),
        frozen=_frozen(seen, edges, presenter),
        flashes=flashes,
        flash_rate=rate,
        # Pictures that could not be decoded leave holes, which are no fault of their own.
        uneven=() if seen.damage else _uneven(seen),
    )


def edges_of(seen: Seen) -> NDArray[np.float64]:
    """Return when each picture comes, and when the last one goes."""
    moments = seen.moments
    if len(moments) < 2:
        return np.append(moments, moments + 1 / 30)
    return np.append(moments, moments[-1] + np.median(np.diff(moments)))


def lively(seen: Seen) -> NDArray[np.bool_]:
    """Return which cells, of all in a row, move as often as a speaking person does."""
    motion = seen.motion.reshape(len(seen.motion), -1)
    return cast(NDArray[np.bool_], (motion >= MOVES).mean(axis=0) >= OFTEN)


def within(seen: Seen, place: PresenterPlace) -> NDArray[np.bool_]:
    """Return which cells, of all in a row, lie in the presenter's box."""
    rows, columns = seen.cells.shape[1:]
    inside = np.zeros((rows, columns), bool)
    side = seen.pixels
    inside[
        -(-place.y // side) : (place.y + place.height) // side,
        -(-place.x // side) : (place.x + place.width) // side,
    ] = True
    return inside.ravel()


def _uneven(seen: Seen) -> tuple[Seconds, ...]:
    shown = np.diff(seen.moments)
    usual = float(np.median(shown))
    [odd] = np.nonzero(np.abs(shown - usual) > UNEVEN * usual)
    return tuple(Seconds(float(seen.moments[number])) for number in odd[:20])


def _frozen(
    seen: Seen, edges: NDArray[Any], presenter: Sequence[PresenterPlace] | bool | None
) -> tuple[Span, ...]:
    if presenter is False:
        return ()
    motion = seen.motion.reshape(len(seen.motion), -1)
    if presenter is None or presenter is True or not presenter:
        cells = lively(seen)
        if np.count_nonzero(cells) < FEWEST_CELLS:
            return ()
        still = _still(motion[:, cells])
        found = spans(still, edges, SHORTEST_FREEZE_ANYWHERE)
        return tuple(span for span in found if _still_there(seen, cells, ~still, span))
    found = ()
    for place in presenter:
        there = (seen.moments >= place.start) & (seen.moments < place.end)
        if there.any():
            still = _still(motion[there][:, within(seen, place)])
            [at] = np.nonzero(there)
            found += spans(still, edges[at[0] : at[-1] + 2], SHORTEST_FREEZE)
    return found


def _still(motion: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """Return in which pictures nothing moves; a key frame in the midst of a freeze does not end it."""
    still = (motion >= MOVES).sum(axis=1) < max(2, motion.shape[1] // 100)
    steady = np.zeros(len(still), bool)
    for start, stop in zip(*runs(still), strict=True):
        steady[start:stop] = stop - start >= 8
    return bridged(steady, 2)


def _still_there(seen: Seen, cells: NDArray[np.bool_], moving: NDArray[np.bool_], span: Span) -> bool:
    """Whether a still presenter looks like the moving one before: else there is a slide in that place."""
    flat = seen.cells.reshape(len(seen.cells), -1)[:, cells].astype(np.float32)
    inside = (seen.moments >= span.start) & (seen.moments < span.end)
    # One slide after another looks alike, too: what is still says nothing of who moves.
    [before] = np.nonzero(moving & (seen.moments < span.start))
    before = before[-PICTURES_BESIDE:]
    if before.size < 10:
        [before] = np.nonzero(moving & (seen.moments >= span.end))
        before = before[:PICTURES_BESIDE]
    if not before.size:
        return False
    one, other = flat[inside].mean(axis=0), flat[before].mean(axis=0)
    if one.std() < 1 or other.std() < 1:
        return False
    return float(np.corrcoef(one, other)[0, 1]) > 0.8 and float(np.abs(one - other).mean()) < 20


def _flashes(seen: Seen, edges: NDArray[Any]) -> tuple[tuple[Span, ...], float]:
    """Find general flashes (WCAG 2.3.1): pairs of opposing changes of luminance, over a part of the picture.

    Returns:
        The stretches with more than three in a second, and how many there are in the worst second.
    """
    rows, columns = seen.cells.shape[1:]
    rate = 1 / float(np.median(np.diff(seen.moments)))
    table = (np.clip((np.arange(256) - 16) / 219, 0, 1) ** 2.2).astype(np.float32)
    # Only where something changes by that much at all.
    busy = (seen.cells.max(axis=0) - seen.cells.min(axis=0)) >= 16
    if np.count_nonzero(busy) < FLASH_AREA * rows * columns / 9:
        return (), 0.0
    light = table[seen.cells[:, busy]]
    changes = _opposing_changes(light)
    second = max(round(rate), 1)
    total = np.concatenate(
        [np.zeros((1, changes.shape[1]), np.int32), changes.cumsum(axis=0, dtype=np.int32)]
    )
    within_second = total[second:] - total[:-second] if len(total) > second else total[-1:] - total[:1]
    worst = np.zeros(len(within_second), np.float32)
    for pairs in range(1, int(within_second.max(initial=0)) // 2 + 1):
        [candidates] = np.nonzero((within_second >= 2 * pairs).sum(axis=1) >= FLASH_AREA * rows * columns / 9)
        if not candidates.size:
            break
        for number in candidates:
            area = np.zeros((rows, columns), np.int32)
            area[busy] = within_second[number] >= 2 * pairs
            if _crowded(area):
                worst[number] = pairs
    unsafe = np.zeros(len(changes), bool)
    for number in np.flatnonzero(worst > MOST_FLASHES):
        unsafe[number : number + second] = True
    return merged(spans(unsafe, edges), 0.5), float(worst.max(initial=0.0))


MOST_FLASHES = 3
"""In any second (WCAG 2.3.1)."""


def _opposing_changes(light: NDArray[np.float32]) -> NDArray[np.uint8]:
    """Return for each picture and cell whether the light has just turned by half a flash."""
    lowest, highest = light[0].copy(), light[0].copy()
    rising = np.zeros(light.shape[1], np.int8)
    changes = np.zeros(light.shape, np.uint8)
    for number in range(1, len(light)):
        now = light[number]
        np.minimum(lowest, now, out=lowest)
        np.maximum(highest, now, out=highest)
        up = (now - lowest >= FLASH) & (lowest < DARKER) & (rising <= 0)
        down = (highest - now >= FLASH) & (now < DARKER) & (rising >= 0)
        turned = up | down
        if turned.any():
            changes[number] = turned
            rising[up], rising[down] = 1, -1
            lowest[turned] = now[turned]
            highest[turned] = now[turned]
    return changes


def _crowded(area: NDArray[np.int32]) -> bool:
    """Whether a quarter of any third of the picture, in both directions, is in it."""
    height, width = (max(length // 3, 1) for length in area.shape)
    total = np.zeros((area.shape[0] + 1, area.shape[1] + 1), np.int64)
    total[1:, 1:] = area.cumsum(axis=0).cumsum(axis=1)
    box = (
        total[height:, width:] - total[:-height, width:] - total[height:, :-width] + total[:-height, :-width]
    )
    return bool(box.max() >= FLASH_AREA * height * width)
