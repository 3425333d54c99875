"""Ears, and what hangs from them."""

from __future__ import annotations

from presgen.rendering.studio.stage.features.face import Skin
from presgen.rendering.studio.stage.paint import Canvas, along, curve, faded, fill, glow, line, mirrored

_EAR = curve("M94 268 C104 256 118 264 117 287 C115 309 109 328 97 328 Z")
_SHELL = curve("M102 278 C111 275 113 289 109 301 C107 309 103 313 101 317")


def paint_ears(canvas: Canvas, skin: Skin) -> None:
    """Paint both ears, and the sides of the skull between them."""
    skull = curve("M-90 200 C-98 214 -102 236 -101 262 L-98 330 L98 330 L101 262 C102 236 98 214 90 200 Z")
    canvas.drawPath(skull, along((-100, 0), (100, 0), skin.base, skin.shade))
    for side in (-1, 1):
        ear, shell = (_EAR, _SHELL) if side > 0 else (mirrored(_EAR), mirrored(_SHELL))
        first = skin.base if side < 0 else skin.shade
        canvas.drawPath(ear, along((0, 258), (0, 330), first, skin.shade))
        glow(canvas, (side * 110, 274), (7, 11), faded(skin.light, 0.6 if side < 0 else 0.3))
        glow(canvas, (side * 106, 318), (8, 9), faded(skin.blush, 0.34))
        canvas.drawPath(shell, line(faded(skin.deep, 0.55), 3, blur=1))


def paint_studs(canvas: Canvas, color: str, size: float = 4.6, y: float = 322.0, x: float = 105.0) -> None:
    """Paint an earring in each lobe."""
    for side in (-1, 1):
        canvas.drawCircle(side * x + 1, y + 1.6, size, fill("#140A0A66", blur=1.2))
        canvas.drawCircle(side * x, y, size, fill(color))
        canvas.drawCircle(side * x - size * 0.3, y - size * 0.35, size * 0.36, fill("#FFFFFFC8", blur=0.3))
