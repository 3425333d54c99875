"""A presenter on one sheet: every framing, gesture, expression and viseme, to be looked at."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np
import skia
from numpy.typing import NDArray

from presgen.model.lesson import Framing
from presgen.rendering.fonts import typeface
from presgen.rendering.studio.stage.look import Look
from presgen.rendering.studio.stage.paint import color, fill
from presgen.rendering.studio.stage.pose import REST, Gesture, Pose
from presgen.rendering.studio.stage.presenter import Presenter
from presgen.rendering.studio.stage.visemes import VISEMES

_GAP = 16
_CAPTION = 26
"""Pixels under a picture for its name."""

_WIDTH = 1920
_GROUND = "#F3F5FA"
_INK = "#2A3350"
_FONT = 15.0

EXPRESSIONS: dict[str, Pose] = {
    "at rest": REST,
    "to the slide": replace(REST, gaze_x=-0.85, gaze_y=0.15, yaw=-2.0),
    "slide below": replace(REST, gaze_x=-0.1, gaze_y=0.85, pitch=1.6),
    "brows raised": replace(REST, brow=1.0),
    "frowning": replace(REST, brow=-1.0, mouth=VISEMES["silence"]),
    "blinking": replace(REST, blink=0.5),
    "eyes shut": replace(REST, blink=1.0),
    "leaning": Pose(yaw=3.0, pitch=-1.0, roll=2.5, lean=0.5, mouth=VISEMES["e"]),
}
"""What a face does besides speaking."""


@dataclass(frozen=True, slots=True)
class _Tile:
    name: str
    pixels: NDArray[np.uint8]


def presenter_sheet(look: Look) -> NDArray[np.uint8]:
    """Return the sheet: (height, 1920, 4), uint8, BGRA, opaque."""
    full, tall, square = ((608, 342), (342, 608), (608, 608))
    gestures = {
        "hands at home": REST,
        "offering": replace(REST, gesture=Gesture.OFFER, reach=1.0, mouth=VISEMES["a"]),
        "open": replace(REST, gesture=Gesture.OPEN, reach=1.0, mouth=VISEMES["e"]),
    }
    framings = [
        _Tile("full, portrait", _drawn(look, REST, tall, Framing.FULL)),
        _Tile("full, square", _drawn(look, REST, square, Framing.FULL)),
        _Tile("beside", _drawn(look, REST, (338, 608), Framing.BESIDE)),
        _Tile("beside, portrait", _drawn(look, REST, (540, 330), Framing.BESIDE)),
    ]
    return _stacked(
        [
            [_Tile(name, _drawn(look, pose, full, Framing.FULL)) for name, pose in gestures.items()],
            framings,
            _tiles(look, EXPRESSIONS.items(), (222, 260)),
            *_rows(_tiles(look, ((name, replace(REST, mouth=mouth)) for name, mouth in VISEMES.items()))),
        ]
    )


def _tiles(look: Look, poses: Iterable[tuple[str, Pose]], size: tuple[int, int] = (160, 160)) -> list[_Tile]:
    return [_Tile(name, _drawn(look, pose, size, Framing.INSET)) for name, pose in poses]


def _drawn(look: Look, pose: Pose, size: tuple[int, int], framing: Framing) -> NDArray[np.uint8]:
    return Presenter(look, *size, "AI presenter", framing).draw(pose).pixels


def _rows(tiles: list[_Tile]) -> list[list[_Tile]]:
    """Break a long row into as many as the sheet's width asks for."""
    each = (_WIDTH - _GAP) // (tiles[0].pixels.shape[1] + _GAP)
    return [tiles[start : start + each] for start in range(0, len(tiles), each)]


def _stacked(rows: list[list[_Tile]]) -> NDArray[np.uint8]:
    heights = [max(tile.pixels.shape[0] for tile in row) + _CAPTION + _GAP for row in rows]
    sheet: NDArray[np.uint8] = np.zeros((sum(heights) + _GAP, _WIDTH, 4), np.uint8)
    info = skia.ImageInfo.MakeN32Premul(_WIDTH, sheet.shape[0])
    surface = skia.Surface.MakeRasterDirect(info, sheet)
    canvas = surface.getCanvas()
    canvas.clear(color(_GROUND))
    font = skia.Font(typeface(500, _FONT), _FONT)
    y = _GAP
    for row, height in zip(rows, heights, strict=True):
        x = _GAP
        for tile in row:
            high, wide = tile.pixels.shape[:2]
            sheet[y : y + high, x : x + wide] = tile.pixels
            canvas.drawString(tile.name, x + 2, y + high + 18, font, fill(_INK))
            x += wide + _GAP
        y += height
    return sheet
