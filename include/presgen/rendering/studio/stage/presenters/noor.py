"""Noor: a sea-green headscarf, a cream cardigan, a room full of morning light."""

from __future__ import annotations

from presgen.rendering.studio.stage.features.arms import Sleeve
from presgen.rendering.studio.stage.features.brows import BrowShape
from presgen.rendering.studio.stage.features.cloth import Fabric, paint_folds, paint_shadow
from presgen.rendering.studio.stage.features.eyes import EyeShape
from presgen.rendering.studio.stage.features.face import FaceShape, Skin, paint_skin
from presgen.rendering.studio.stage.features.garments import paint_cardigan
from presgen.rendering.studio.stage.features.mouth import LipShape
from presgen.rendering.studio.stage.features.nose import NoseShape
from presgen.rendering.studio.stage.features.room import paint_leaf, paint_vignette, paint_wall
from presgen.rendering.studio.stage.look import Look, Piece
from presgen.rendering.studio.stage.paint import (
    Area,
    Canvas,
    along,
    around,
    box,
    curve,
    faded,
    fill,
    glow,
    inside,
    line,
)
from presgen.rendering.studio.stage.presenters import presenters

SKIN = Skin(light="#F6D3B3", base="#E6B78F", shade="#C98F66", deep="#8A5436", blush="#DC7F68")
SEA_DEEP, SEA_DARK, SEA, SEA_LIGHT = "#16393D", "#245C60", "#3E8685", "#7FBDB6"
CREAM = Fabric(dark="#C9B79B", base="#EADFCB", light="#FBF6EB")
INK = Fabric(dark="#1B2438", base="#2B3A55", light="#3A4C6B")

FACE = FaceShape(
    top=(0, 150),
    segments=(
        ((54, 150), (92, 184), (94, 250)),
        ((96, 304), (92, 344), (74, 380)),
        ((56, 410), (30, 430), (0, 430)),
    ),
)

OPENING = (
    "M0 164 C-48 164 -82 196 -86 252 C-89 306 -86 346 -72 382 C-58 416 -34 449 0 449 "
    "C34 449 58 416 72 382 C86 346 89 306 86 252 C82 196 48 164 0 164 Z"
)
WRAP = curve(
    "M0 92 C-88 92 -128 160 -128 246 C-128 330 -132 392 -120 442 C-98 500 -44 520 6 516 "
    "C60 512 108 486 122 438 C134 392 128 330 128 246 C128 160 88 92 0 92 Z " + OPENING
)


LEAVES = (
    (196, 270, -100, "#6F8F6BB0"),
    (206, 240, -62, "#86A47EA8"),
    (190, 160, -128, "#5E8062A0"),
    (200, 330, -84, "#93B08A90"),
    (-530, 250, -112, "#7C9A74A0"),
    (-526, 300, -78, "#8FAE86A0"),
    (-534, 200, -142, "#66876890"),
    (-520, 210, -44, "#A3BC98A0"),
)
"""Where they grow, how long they are, where they point (degrees), and their colour."""

TEMPLES = (
    "M-70 382 C-86 346 -89 306 -86 252 C-82 196 -48 164 0 164 C48 164 82 196 86 252 C89 306 86 346 70 382"
)
WRAP_FOLDS = (
    "M-50 104 C-92 134 -112 190 -110 262 C-110 330 -106 392 -78 440",
    "M-44 132 C-76 154 -98 200 -97 262 C-97 330 -92 380 -70 424",
    "M54 102 C94 130 114 176 116 250 C118 320 114 380 92 430",
    "M46 134 C78 156 98 198 99 262 C99 330 94 380 74 420",
    "M-112 400 C-96 470 -40 500 30 498",
    "M-100 396 C-80 446 -40 474 8 478",
    "M116 400 C100 450 64 480 20 490",
)
UPPER_FOLDS = (
    "M-150 500 C-130 548 -50 582 50 574 C94 568 124 552 142 526",
    "M-156 530 C-124 576 -44 608 46 602 C88 596 120 582 146 560",
    "M-128 476 C-100 520 -30 552 54 546 C96 540 124 524 138 500",
    "M-110 572 C-60 602 0 612 64 606",
)
LOWER_FOLDS = (
    "M-70 560 C-50 610 -20 650 8 684",
    "M-10 560 C0 610 10 640 24 680",
    "M60 560 C56 600 50 630 40 670",
)


def paint_backdrop(canvas: Canvas) -> None:
    """Paint a bright wall, a window's light on it, and a plant out of focus."""
    paint_wall(canvas, "#F7E7D3", "#EBCFB3", "#CFA98C")
    for x, tone in (
        (-860, "#FFFFFF52"), (-720, "#FFFFFF42"), (-330, "#FFFFFF8C"), (-190, "#FFFFFF70"),
        (110, "#FFFFFF4A"), (250, "#FFFFFF38"), (620, "#FFFFFF30"),
    ):  # fmt: skip
        pane = curve(f"M{x} -300 L{x + 112} -300 L{x + 182} 470 L{x + 70} 470 Z")
        canvas.drawPath(pane, fill(tone, blur=12))
    canvas.drawRect(box(-900, 520, 900, 1400), along((0, 520), (0, 900), "#B88A6C66", "#8E63498C"))
    canvas.drawRect(box(-900, 516, 900, 524), fill("#FFF3E270", blur=4))
    for x, length, heading, tone in LEAVES:
        paint_leaf(canvas, (x, 570), length, heading, tone)
    canvas.drawPath(curve("M-590 540 L-470 540 L-486 680 L-574 680 Z"), fill("#C4775CA0", blur=7))
    glow(canvas, (-190, 90), (420, 380), "#FFFFFFA0")
    paint_vignette(canvas, "#7A4E38", 0.34)


def paint_behind(canvas: Canvas) -> None:
    """Paint the scarf behind the neck."""
    back = curve("M-124 380 C-124 420 -122 450 -118 470 C-100 520 100 520 118 470 C122 450 124 420 124 380 Z")
    canvas.drawPath(back, along((0, 380), (0, 520), SEA_DARK, SEA_DEEP))


def _paint_cap(canvas: Canvas) -> None:
    """Paint the edge of the cap under the scarf: plain over the forehead, gone at the cheeks."""
    cap = curve(
        "M-87 330 C-90 300 -88 276 -86 252 C-82 196 -48 164 0 164 C48 164 82 196 86 252 C88 276 90 300 87 330"
    )
    pen = line(SEA_DARK, 13)
    pen.setShader(along((0, 190), (0, 326), SEA_DARK, faded(SEA_DARK, 0)).getShader())
    canvas.drawPath(cap, pen)


def paint_wrap(canvas: Canvas) -> None:
    """Paint the scarf around the face."""
    opening = curve(OPENING)
    with inside(canvas, opening):
        canvas.drawPath(curve(TEMPLES), line(faded(SKIN.deep, 0.55), 16, blur=7))
    _paint_cap(canvas)
    canvas.drawPath(WRAP, around((-56, 190), 380, SEA_LIGHT, SEA, SEA_DARK, SEA_DEEP, at=(0, 0.36, 0.74, 1)))
    with inside(canvas, WRAP):
        paint_folds(canvas, WRAP_FOLDS, SEA_DEEP, SEA_LIGHT, width=7, strength=0.55)
        canvas.drawPath(opening, line(faded(SEA_DEEP, 0.7), 7, blur=3))
        canvas.drawPath(curve("M60 96 C112 124 130 190 127 260"), line("#FFF4DE66", 6, blur=4))
        glow(canvas, (-62, 140), (56, 40), faded("#D6F0EA", 0.42))


def paint_body(canvas: Canvas) -> None:
    """Paint the fall of the scarf, blouse and cardigan."""
    neck = curve("M-100 400 L100 400 L130 560 L-130 560 Z")
    canvas.drawPath(neck, along((0, 420), (0, 560), SEA_DEEP, SEA_DARK))
    paint_cardigan(canvas, CREAM, INK)
    _paint_fall(canvas)


def _paint_fall(canvas: Canvas) -> None:
    """Paint the two ends of the scarf on the chest, one laid over the other."""
    lower = curve("M104 480 C150 520 120 610 60 668 C30 694 -10 694 -30 672 C-60 604 -100 530 -104 480 Z")
    upper = curve(
        "M-98 456 C-112 484 -146 506 -154 542 C-150 588 -60 622 20 616 C100 608 152 580 156 542 "
        "C148 506 112 484 98 456 Z"
    )
    paint_shadow(canvas, lower, "#0F1D2699", (0, 5), 9)
    canvas.drawPath(lower, along((-80, 480), (90, 690), SEA, SEA_DARK, SEA_DEEP, at=(0, 0.5, 1)))
    with inside(canvas, lower):
        paint_folds(canvas, LOWER_FOLDS, SEA_DEEP, SEA_LIGHT, width=7, strength=0.5)
    paint_shadow(canvas, upper, "#0B2227B0", (0, 6), 8)
    canvas.drawPath(upper, along((-150, 460), (140, 640), SEA_LIGHT, SEA, SEA_DARK, at=(0, 0.4, 1)))
    with inside(canvas, upper):
        paint_folds(canvas, UPPER_FOLDS, SEA_DEEP, SEA_LIGHT, width=7, strength=0.55)


presenters.add(
    "noor",
    Look(
        skin=SKIN,
        face=FACE,
        eyes=EyeShape(
            iris="#5B6B3A",
            lash="#1C1210",
            lid="#DBAA82",
            half_width=27,
            rise=13.2,
            fall=8.5,
            iris_radius=13.5,
            tilt=3,
            wing=5,
        ),
        brows=BrowShape(color="#3A241A", level=251, weight=9, arch=7.5),
        nose=NoseShape(half_width=16.5),
        lips=LipShape(color="#B9564F", half_width=34, upper=7.5, lower=9.5),
        backdrop=paint_backdrop,
        behind=Piece(paint_behind, Area(-130, 376, 130, 520)),
        body=Piece(paint_body, Area(-340, 380, 340, 1120)),
        sleeve=Sleeve(CREAM, ribbed=True),
        complexion=lambda canvas: paint_skin(canvas, SKIN, FACE),
        front=Piece(paint_wrap, Area(-146, 80, 146, 530)),
    ),
)
