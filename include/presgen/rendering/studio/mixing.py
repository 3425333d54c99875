"""Pictures blended into each other: crossfades, and drawings with soft edges laid over a picture."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from presgen.media.picture import Picture, picture_from_bgra

FULL = 64
"""The weight at which a crossfade is over. Differences of two levels times that fit 16 bits, which are twice
as fast as 32."""

_BLACK = (16, 128, 128)
"""What a black pixel is in the three planes: a drawing's empty pixels are black before they are laid over."""


class Crossfade:
    """Two pictures of one size, and all that lies between them."""

    def __init__(self, before: Picture, after: Picture) -> None:
        """Prepare the way from ``before`` to ``after``; both are looked at now, and may change later."""
        self._before = [plane.astype(np.int16) for plane in before.planes]
        self._difference = [
            other.astype(np.int16) - plane for plane, other in zip(self._before, after.planes, strict=True)
        ]
        self._mixed = [np.empty_like(plane) for plane in self._before]

    def show(self, into: Picture, share: float) -> None:
        """Make ``into`` that share, 0 to 1, of the second picture."""
        weight = round(FULL * share)
        parts = zip(into.planes, self._before, self._difference, self._mixed, strict=True)
        for plane, before, difference, mixed in parts:
            np.multiply(difference, weight, out=mixed)
            mixed += FULL // 2
            mixed >>= FULL.bit_length() - 1
            mixed += before
            np.copyto(plane, mixed, casting="unsafe")


def eased(share: float) -> float:
    """Return how far something has come that starts and ends softly, after that share of its time."""
    return share * share * (3 - 2 * share)


def lay_over(into: Picture, pixels: NDArray[np.uint8], opaque: tuple[int, int, int, int]) -> None:
    """Lay a drawing over a picture of its size: (height, width, 4), premultiplied BGRA.

    ``opaque`` is x, y, width and height, all even, of a box in which nothing shines through: copying is
    ten times as fast as blending.
    """
    drawing = picture_from_bgra(pixels)
    x, y, width, height = opaque
    if width <= 0 or height <= 0:
        _blend(into, drawing, pixels)
        return
    into.put(drawing.window(x, y, width, height), x, y)
    right, bottom = x + width, y + height
    for left, top, end, foot in (
        (0, 0, into.width, y),
        (0, bottom, into.width, into.height),
        (0, y, x, bottom),
        (right, y, into.width, bottom),
    ):
        if left < end and top < foot:
            part = (left, top, end - left, foot - top)
            _blend(into.window(*part), drawing.window(*part), pixels[top:foot, left:end])


def _blend(into: Picture, drawing: Picture, pixels: NDArray[np.uint8]) -> None:
    luma = pixels[..., 3]
    quads = luma.reshape(into.height // 2, 2, into.width // 2, 2)
    chroma = quads.astype(np.uint16).sum(axis=(1, 3)) >> 2
    for plane, drawn, alpha, black in zip(
        into.planes, drawing.planes, (luma, chroma, chroma), _BLACK, strict=True
    ):
        under = (plane.astype(np.int32) - black) * (255 - alpha.astype(np.int32))
        under += 127
        under //= 255
        under += drawn
        np.clip(under, 0, 255, out=under)
        np.copyto(plane, under, casting="unsafe")


def difference(one: Picture, other: Picture) -> tuple[int, int, int, int]:
    """Return x, y, width and height, all even, of the box outside which both pictures are the same."""
    rows = np.zeros(one.height // 2, bool)
    columns = np.zeros(one.width // 2, bool)
    for plane, others in zip(one.planes, other.planes, strict=True):
        differs = plane != others
        step = plane.shape[0] // len(rows)
        rows |= differs.any(axis=1).reshape(-1, step).any(axis=1)
        columns |= differs.any(axis=0).reshape(-1, step).any(axis=1)
    if not rows.any():
        return 0, 0, 0, 0
    [y], [x] = np.nonzero(rows), np.nonzero(columns)
    return 2 * int(x[0]), 2 * int(y[0]), 2 * int(x[-1] - x[0] + 1), 2 * int(y[-1] - y[0] + 1)
