"""Marcus: short hair and beard, glasses, a rust-red sweater, a study by lamplight."""

from __future__ import annotations

import numpy as np

from presgen.rendering.studio.stage.features.arms import Sleeve
from presgen.rendering.studio.stage.features.body import paint_neck
from presgen.rendering.studio.stage.features.brows import BrowShape
from presgen.rendering.studio.stage.features.cloth import Fabric
from presgen.rendering.studio.stage.features.curls import paint_curls
from presgen.rendering.studio.stage.features.ears import paint_ears
from presgen.rendering.studio.stage.features.eyes import EyeShape
from presgen.rendering.studio.stage.features.face import FaceShape, Skin, paint_skin
from presgen.rendering.studio.stage.features.garments import paint_collar, paint_neckband, paint_pullover
from presgen.rendering.studio.stage.features.glasses import GlassesShape, paint_glasses
from presgen.rendering.studio.stage.features.hair import HairTones
from presgen.rendering.studio.stage.features.hands import HandShape
from presgen.rendering.studio.stage.features.mouth import LipShape
from presgen.rendering.studio.stage.features.nose import NoseShape
from presgen.rendering.studio.stage.features.room import paint_halo, paint_shelves, paint_vignette, paint_wall
from presgen.rendering.studio.stage.look import Look, Piece
from presgen.rendering.studio.stage.paint import (
    Area,
    Canvas,
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
)
from presgen.rendering.studio.stage.presenters import presenters

SKIN = Skin(light="#B97F57", base="#94603D", shade="#6B3F27", deep="#351A10", blush="#B4573F")
HAIR = HairTones(dark="#120C0A", base="#211714", light="#4A362C", shine="#FFC986")
BOOKS = ("#8E3B2B", "#B8763C", "#3F5A55", "#C9A66B", "#5B3A2E", "#7C5B3B", "#2F4448")
RUST = Fabric(dark="#6E2C1C", base="#A4492C", light="#CE7248")
LINEN = Fabric(dark="#CDBFA8", base="#E3D8C4", light="#F6EEDF")
GLASSES = GlassesShape(frame="#2A1C16", gleam="#C89A6A")

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


def paint_backdrop(canvas: Canvas) -> None:
    """Paint a wall of books, far out of focus, and a lamp."""
    paint_wall(canvas, "#7A4A2B", "#55301D", "#2B1710")
    paint_shelves(canvas, BOOKS, "#1E0F0A8C", alpha=0.42, seed=12)
    paint_halo(canvas, "#FFC98678", radii=(380, 340))
    glow(canvas, (-210, 150), (260, 260), "#FFD9959C")
    glow(canvas, (-214, 130), (70, 70), "#FFF0CC8C")
    glow(canvas, (560, 420), (330, 330), "#FFB76B4A")
    paint_vignette(canvas, "#150806", 0.66)


def paint_complexion(canvas: Canvas) -> None:
    """Paint the skin with the beard in it, which goes where the jaw goes."""
    paint_skin(canvas, SKIN, FACE)
    canvas.drawPath(BEARD, fill(faded(HAIR.base, 0.42), blur=7))
    canvas.drawPath(BEARD, fill(faded(HAIR.base, 0.72), blur=3))
    canvas.drawOval(box(-17, 385, 17, 396), fill(faded(SKIN.base, 0.35), blur=4))
    with inside(canvas, BEARD):
        _paint_stubble(canvas)
    glow(canvas, (-8, 424), (34, 12), faded(HAIR.light, 0.5))


def _paint_stubble(canvas: Canvas) -> None:
    dice = np.random.default_rng(8)
    for _ in range(520):
        x, y = float(dice.uniform(-104, 104)), float(dice.uniform(290, 446))
        length = float(dice.uniform(3, 6))
        tone = blended(HAIR.dark, HAIR.light, float(dice.uniform(0, 1)))
        canvas.drawLine(x, y, x + x * 0.03, y + length, line(faded(tone, 0.45), 1.1))


def paint_hair(canvas: Canvas) -> None:
    """Paint close-cropped curls that fade out at the temples."""
    shade = along((0, 150), (0, 262), HAIR.base, HAIR.base, faded(HAIR.base, 0.0), at=(0, 0.30, 1))
    canvas.drawPath(_lowered(HAIR_SHAPE, 4), fill(faded(SKIN.deep, 0.25), blur=6))
    canvas.drawPath(HAIR_SHAPE, shade)
    with inside(canvas, HAIR_SHAPE):
        paint_curls(
            canvas,
            HAIR,
            Area(-104, 98, 104, 238),
            count=900,
            radius=(1.5, 2.7),
            seed=4,
            alpha=lambda _x, y: 0.75 * min(1.0, max(0.0, (240 - y) / 70)),
        )
        glow(canvas, (-34, 126), (66, 26), faded(HAIR.light, 0.50))
        canvas.drawPath(curve("M40 100 C92 114 106 170 102 230"), line(faded(HAIR.shine, 0.25), 5, blur=3))


def _lowered(path: Path, by: float) -> Path:
    copy = Path(path)
    copy.offset(0, by)
    return copy


def paint_body(canvas: Canvas) -> None:
    """Paint neck, shirt collar and sweater."""
    paint_neck(canvas, SKIN, 57)
    paint_pullover(canvas, RUST)
    paint_neckband(canvas, RUST)
    paint_collar(canvas, LINEN)


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
        behind=Piece(lambda canvas: paint_ears(canvas, SKIN), Area(-126, 196, 126, 344)),
        body=Piece(paint_body, Area(-340, 380, 340, 1120)),
        sleeve=Sleeve(RUST, width=62, ribbed=True),
        hands=HandShape(size=1.08, slender=1.08),
        complexion=paint_complexion,
        front=Piece(paint_hair, Area(-120, 80, 120, 284)),
        worn=Piece(lambda canvas: paint_glasses(canvas, GLASSES, SKIN), Area(-112, 240, 112, 330)),
        blush=0.22,
    ),
)
