"""What bodies share: the neck and the shadow the head throws on it."""

from __future__ import annotations

from presgen.rendering.studio.stage.features.face import Skin
from presgen.rendering.studio.stage.paint import (
    Canvas,
    along,
    curve,
    faded,
    fill,
    glow,
    inside,
    line,
    mirrored,
    smooth,
)


def paint_neck(canvas: Canvas, skin: Skin, half_width: float = 43.0) -> None:
    """Paint neck and upper chest, down to where clothes cover them."""
    half = half_width
    neck = smooth(
        (-half, 380),
        [
            ((-half + 1, 440), (-half + 2, 470), (-half - 14, 494)),
            ((-half - 40, 512), (-120, 524), (-150, 540)),
            ((-90, 640), (-40, 700), (0, 720)),
            ((40, 700), (90, 640), (150, 540)),
            ((120, 524), (half + 40, 512), (half + 14, 494)),
            ((half - 2, 470), (half - 1, 440), (half, 380)),
        ],
    )
    canvas.drawPath(
        neck, along((-150, 0), (170, 0), skin.light, skin.base, skin.base, skin.shade, at=(0, 0.3, 0.5, 1))
    )
    with inside(canvas, neck):
        canvas.drawPath(
            curve("M-80 372 L-62 424 C-40 462 -18 476 6 476 C34 476 58 456 74 420 L84 372 Z"),
            fill(faded(skin.deep, 0.72), 12),
        )
        canvas.drawPath(
            curve("M28 400 C34 440 34 480 50 510 L80 520 L70 380 Z"), fill(faded(skin.deep, 0.24), 16)
        )
        tendon = curve("M30 470 C26 492 18 508 8 522")
        for path, alpha in ((tendon, 0.26), (mirrored(tendon), 0.18)):
            canvas.drawPath(path, line(faded(skin.deep, alpha), 5, blur=3))
        for side in (-1, 1):
            glow(canvas, (side * 52, 534), (42, 9), faded(skin.light, 0.40))
            collarbone = curve("M12 538 C34 528 62 526 92 528")
            canvas.drawPath(
                collarbone if side > 0 else mirrored(collarbone), line(faded(skin.deep, 0.24), 5, blur=3)
            )
        glow(canvas, (0, 533), (14, 9), faded(skin.deep, 0.34))
