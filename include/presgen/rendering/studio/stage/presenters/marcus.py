"""Marcus: short hair and beard, glasses, a rust-red sweater, a study by lamplight."""

from __future__ import annotations

import numpy as np

from presgen.rendering.studio.stage.features.body import paint_neck
from presgen.rendering.studio.stage.features.brows import BrowShape
from presgen.rendering.studio.stage.features.cloth import arc_points, paint_folds, paint_ribs, paint_shadow
from presgen.rendering.studio.stage.features.eyes import APART, LEVEL, EyeShape
from presgen.rendering.studio.stage.features.face import FaceShape, Skin, paint_skin
from presgen.rendering.studio.stage.features.mouth import LipShape
from presgen.rendering.studio.stage.features.nose import NoseShape
from presgen.rendering.studio.stage.features.room import paint_halo, paint_vignette, paint_wall
from presgen.rendering.studio.stage.look import Area, Look, Piece
from presgen.rendering.studio.stage.paint import (
    Canvas,
    Paint,
    Path,
    along,
    blended,
    box,
    curve,
    faded,
    fill,
    glow,
    inside,
    line,
    mirrored,
)
from presgen.rendering.studio.stage.presenters import presenters

SKIN = Skin(light="#B97F57", base="#94603D", shade="#6B3F27", deep="#351A10", blush="#B4573F")
HAIR_DARK, HAIR, HAIR_LIGHT = "#120C0A", "#211714", "#4A362C"
RUST_DARK, RUST, RUST_LIGHT = "#6E2C1C", "#A4492C", "#CE7248"
LINEN, LINEN_SHADE = "#F6EEDF", "#CDBFA8"
FRAME, FRAME_LIGHT = "#2A1C16", "#8C6646"

FACE = FaceShape(
    top=(0, 138),
    segments=(
        ((58, 138), (96, 172), (98, 244)),
        ((100, 300), (97, 346), (84, 378)),
        ((66, 413), (36, 437), (0, 437)),
    ),
)

HAIR_SHAPE = curve(
    "M-101 262 C-108 176 -100 104 0 98 C100 104 108 176 101 262 L95 262 C94 232 91 210 82 188 "
    "C72 172 56 166 36 163 C14 159 -14 159 -36 163 C-56 166 -72 172 -82 188 C-91 210 -94 232 -95 262 Z"
)
BEARD = curve(
    "M-106 276 C-98 300 -94 330 -80 348 C-66 362 -54 366 -46 372 "
    "C-40 360 -24 352 0 356 C24 352 40 360 46 372 "
    "C54 366 66 362 80 348 C94 330 98 300 106 276 L130 500 L-130 500 Z"
)
EAR = curve("M96 268 C106 258 120 266 118 288 C116 310 110 330 98 330 Z")


def paint_backdrop(canvas: Canvas) -> None:
    """Paint a wall of books, far out of focus, and a lamp."""
    paint_wall(canvas, "#7A4A2B", "#55301D", "#2B1710")
    dice = np.random.default_rng(12)
    tones = ("#8E3B2B", "#B8763C", "#3F5A55", "#C9A66B", "#5B3A2E", "#7C5B3B", "#2F4448")
    for shelf in range(-7, 12):
        foot = 120.0 + 148 * shelf
        x = -640.0
        while x < 640:
            width, height = float(dice.uniform(14, 36)), float(dice.uniform(84, 126))
            tone = tones[int(dice.integers(len(tones)))]
            canvas.drawRect(box(x, foot - height, x + width, foot), fill(faded(tone, 0.42), blur=5))
            x += width + float(dice.choice((1, 2, 2, 30), p=(0.3, 0.3, 0.3, 0.1)))
        canvas.drawRect(box(-900, foot, 900, foot + 16), fill("#1E0F0A8C", blur=5))
    paint_halo(canvas, "#FFC98678", radii=(300, 320))
    glow(canvas, (-210, 150), (230, 230), "#FFD9959C")
    glow(canvas, (-214, 130), (70, 70), "#FFF0CC8C")
    paint_vignette(canvas, "#150806", 0.8)


def paint_behind(canvas: Canvas) -> None:
    """Paint the sides of the skull, and the ears."""
    skull = curve("M-90 200 C-98 214 -102 236 -101 262 L-98 330 L98 330 L101 262 C102 236 98 214 90 200 Z")
    canvas.drawPath(skull, along((-100, 0), (100, 0), SKIN.base, SKIN.shade))
    for side, ear in ((-1, mirrored(EAR)), (1, EAR)):
        brush = along((0, 262), (0, 330), SKIN.base, SKIN.shade)
        canvas.drawPath(ear, brush)
        shell = curve("M104 278 C112 276 113 290 110 302 C108 310 104 314 102 318")
        canvas.drawPath(shell if side > 0 else mirrored(shell), line(faded(SKIN.deep, 0.6), 3, blur=1))
        glow(canvas, (side * 112, 276), (6, 10), faded(SKIN.light, 0.6))


def paint_complexion(canvas: Canvas) -> None:
    """Paint the skin with the beard in it, which goes where the jaw goes."""
    paint_skin(canvas, SKIN, FACE)
    canvas.drawPath(BEARD, fill(faded(HAIR, 0.42), blur=7))
    canvas.drawPath(BEARD, fill(faded(HAIR, 0.72), blur=3))
    canvas.drawOval(box(-17, 385, 17, 396), fill(faded(SKIN.base, 0.35), blur=4))
    with inside(canvas, BEARD):
        _paint_stubble(canvas)
    glow(canvas, (-8, 424), (34, 12), faded(HAIR_LIGHT, 0.5))


def _paint_stubble(canvas: Canvas) -> None:
    dice = np.random.default_rng(8)
    for _ in range(520):
        x, y = float(dice.uniform(-104, 104)), float(dice.uniform(290, 446))
        length = float(dice.uniform(3, 6))
        tone = blended(HAIR_DARK, HAIR_LIGHT, float(dice.uniform(0, 1)))
        canvas.drawLine(x, y, x + x * 0.03, y + length, line(faded(tone, 0.45), 1.1))


def paint_hair(canvas: Canvas) -> None:
    """Paint close-cropped curls that fade out at the temples."""
    shade = along((0, 150), (0, 262), HAIR, HAIR, faded(HAIR, 0.0), at=(0, 0.30, 1))
    canvas.drawPath(_lowered(HAIR_SHAPE, 4), fill(faded(SKIN.deep, 0.25), blur=6))
    canvas.drawPath(HAIR_SHAPE, shade)
    with inside(canvas, HAIR_SHAPE):
        _paint_curls(canvas)
        glow(canvas, (-34, 126), (66, 26), faded(HAIR_LIGHT, 0.50))
        canvas.drawPath(curve("M40 100 C92 114 106 170 102 230"), line("#FFC98640", 5, blur=3))


def _paint_curls(canvas: Canvas) -> None:
    dice = np.random.default_rng(4)
    for _ in range(900):
        x, y = float(dice.uniform(-104, 104)), float(dice.uniform(98, 238))
        radius, turn = float(dice.uniform(1.5, 2.7)), float(dice.uniform(0, 360))
        tone = blended(HAIR_DARK, HAIR_LIGHT, float(dice.uniform(0, 1)) ** 2)
        alpha = 0.75 * min(1.0, max(0.0, (240 - y) / 70))
        canvas.drawArc(
            box(x - radius, y - radius, x + radius, y + radius),
            turn,
            160,
            False,
            line(faded(tone, alpha), 1.3),
        )


def _lowered(path: Path, by: float) -> Path:
    copy = Path(path)
    copy.offset(0, by)
    return copy


def paint_glasses(canvas: Canvas) -> None:
    """Paint glasses whose upper rims are strong and whose lenses catch a little light."""
    for side in (-1, 1):
        canvas.save()
        canvas.translate(side * (APART + 1), LEVEL + 3)
        lens = curve(
            "M-36 -20 C-18 -28 22 -28 37 -22 C42 -6 36 22 14 27 C-8 30 -30 24 -35 4 C-37 -6 -37 -14 -36 -20 Z"
        )
        lens = lens if side > 0 else mirrored(lens)
        canvas.drawPath(lens, fill("#FFF4E20F"))
        with inside(canvas, lens):
            shine = curve("M-30 30 L2 -34 L14 -34 L-18 30 Z")
            canvas.drawPath(shine, along((0, -28), (0, 26), "#FFFFFF30", "#FFFFFF05"))
        canvas.drawPath(_lowered(lens, 2.5), line(faded(SKIN.deep, 0.45), 4, blur=2.5))
        canvas.drawPath(lens, line(FRAME, 4.2))
        canvas.drawPath(lens, _gleam())
        canvas.restore()
    bridge = curve("M-10 279 C-6 271 6 271 10 279")
    canvas.drawPath(bridge, line(FRAME, 4.4))
    for side in (-1, 1):
        canvas.drawLine(side * 81, 268, side * 99, 264, line(FRAME, 5))
        canvas.drawCircle(side * 82, 268, 1.6, fill("#E8C48C"))


def _gleam() -> Paint:
    """Return a thin pen that is bright at the top of the rims."""
    pen = line(FRAME_LIGHT, 1.2)
    pen.setShader(along((0, -28), (0, 4), faded(FRAME_LIGHT, 0.9), faded(FRAME_LIGHT, 0)).getShader())
    return pen


def paint_body(canvas: Canvas) -> None:
    """Paint neck, shirt collar and sweater."""
    paint_neck(canvas, SKIN, 57)
    sweater = curve(
        "M-84 500 C-126 522 -196 536 -232 566 C-272 604 -290 690 -300 800 L-310 1120 L310 1120 L300 800 "
        "C290 690 272 604 232 566 C196 536 126 522 84 500 C76 548 40 574 0 576 C-40 574 -76 548 -84 500 Z"
    )
    paint_shadow(canvas, sweater, "#2A0E0899", (0, -3), 6)
    canvas.drawPath(sweater, along((-230, 520), (200, 860), RUST_LIGHT, RUST, RUST_DARK, at=(0, 0.38, 1)))
    with inside(canvas, sweater):
        _paint_knit(canvas)
        paint_folds(
            canvas,
            (
                "M-214 610 C-190 660 -182 720 -184 800",
                "M214 606 C192 660 184 720 186 800",
                "M-226 590 C-196 600 -170 622 -150 660",
                "M226 590 C200 604 172 630 156 664",
                "M-70 640 C-40 668 40 668 74 640",
            ),
            RUST_DARK,
            RUST_LIGHT,
            width=9,
            strength=0.45,
        )
        glow(canvas, (-176, 568), (76, 22), faded("#FFC08A", 0.45))
    _paint_neckband(canvas)
    _paint_collar(canvas)


def _paint_knit(canvas: Canvas) -> None:
    for i in range(-34, 35):
        x = i * 9.0
        path = curve(f"M{x * 0.92:.1f} 500 C{x:.1f} 620 {x * 1.02:.1f} 760 {x * 1.03:.1f} 1120")
        canvas.drawPath(path, line(faded(RUST_DARK, 0.20), 1.6))


def _paint_neckband(canvas: Canvas) -> None:
    band = curve(
        "M-88 498 C-82 556 -44 588 0 590 C44 588 82 556 88 498 L74 496 "
        "C68 542 38 566 0 568 C-38 566 -68 542 -74 496 Z"
    )
    paint_shadow(canvas, band, "#3A140C99")
    canvas.drawPath(band, along((-80, 500), (80, 590), RUST_LIGHT, RUST, RUST_DARK))
    with inside(canvas, band):
        outer = arc_points((0, 492), (92, 100), 0.0, 0.5, 46)
        inner = arc_points((0, 490), (70, 76), 0.0, 0.5, 46)
        paint_ribs(canvas, inner, outer, faded(RUST_DARK, 0.55), faded(RUST_LIGHT, 0.35))


def _paint_collar(canvas: Canvas) -> None:
    leaf = curve("M-76 486 C-76 508 -58 540 -8 566 L-34 584 C-62 566 -88 536 -92 500 Z")
    for shape, colors in ((leaf, (LINEN, LINEN)), (mirrored(leaf), (LINEN, LINEN_SHADE))):
        paint_shadow(canvas, shape, "#2A100A8C", (0, 3), 4)
        canvas.drawPath(shape, along((-80, 490), (90, 590), *colors))
        canvas.drawPath(shape, line(faded(LINEN_SHADE, 0.7), 1.0))


presenters.add(
    "marcus",
    Look(
        skin=SKIN,
        face=FACE,
        eyes=EyeShape(
            iris="#4A2C1A",
            lash="#140C0A",
            lid="#85543A",
            half_width=26,
            rise=12.2,
            fall=8.5,
            lash_weight=2.8,
            wing=0.5,
        ),
        brows=BrowShape(color="#1A110E", level=249, weight=11, arch=6.5, inner=18, outer=78),
        nose=NoseShape(half_width=21, base=343),
        lips=LipShape(color="#8E4A40", half_width=36, upper=7.5, lower=10.5, level=377),
        backdrop=paint_backdrop,
        behind=Piece(paint_behind, Area(-126, 196, 126, 344)),
        body=Piece(paint_body, Area(-340, 380, 340, 1120)),
        complexion=paint_complexion,
        front=Piece(paint_hair, Area(-120, 80, 120, 284)),
        worn=Piece(paint_glasses, Area(-112, 240, 112, 330)),
        blush=0.22,
    ),
)
