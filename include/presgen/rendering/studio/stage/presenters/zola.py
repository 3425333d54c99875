"""Zola: a crown of natural curls, a mustard blouse, a studio full of plants."""

from __future__ import annotations

from presgen.rendering.studio.stage.features.arms import Sleeve
from presgen.rendering.studio.stage.features.body import paint_neck
from presgen.rendering.studio.stage.features.brows import BrowShape
from presgen.rendering.studio.stage.features.cloth import Fabric
from presgen.rendering.studio.stage.features.curls import cloud, paint_curls
from presgen.rendering.studio.stage.features.ears import paint_ears, paint_studs
from presgen.rendering.studio.stage.features.eyes import EyeShape
from presgen.rendering.studio.stage.features.face import FaceShape, Skin, paint_skin
from presgen.rendering.studio.stage.features.garments import paint_neckband, paint_pullover
from presgen.rendering.studio.stage.features.hair import HairTones
from presgen.rendering.studio.stage.features.hands import HandShape
from presgen.rendering.studio.stage.features.mouth import LipShape
from presgen.rendering.studio.stage.features.nose import NoseShape
from presgen.rendering.studio.stage.features.room import (
    paint_halo,
    paint_leaf,
    paint_vignette,
    paint_wall,
    paint_window,
)
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
)
from presgen.rendering.studio.stage.presenters import presenters

SKIN = Skin(light="#B5774B", base="#8D5634", shade="#633820", deep="#2F170D", blush="#B4503A")
HAIR = HairTones(dark="#0E0807", base="#24140F", light="#6B4230", shine="#C98A5C")
MUSTARD = Fabric(dark="#8A5A10", base="#D39A26", light="#F2C558")
GOLD = "#E9BE62"

FACE = FaceShape(
    top=(0, 148),
    segments=(
        ((54, 148), (93, 182), (95, 248)),
        ((97, 302), (92, 344), (74, 380)),
        ((56, 410), (30, 430), (0, 430)),
    ),
)

CROWN = cloud((0, 214), (150, 140), (20, 32), 30, seed=2)
BROW = curve(
    "M-98 276 C-112 200 -96 120 0 112 C96 120 112 200 98 276 C94 240 88 212 72 192 C52 172 30 168 0 168 "
    "C-30 168 -52 172 -72 192 C-88 212 -94 240 -98 276 Z"
)
LEAVES = (
    ((-560, 700), 520, -108, "#2F6B4AC8", 8),
    ((-600, 700), 480, -70, "#3F8058C0", 9),
    ((-540, 690), 420, -46, "#5A9A6CB0", 10),
    ((-620, 700), 430, -138, "#28563FC8", 8),
    ((-300, 660), 300, -118, "#6FA97A90", 10),
    ((-290, 660), 330, -84, "#4D8C62A0", 10),
    ((330, 680), 430, -100, "#3A7A55B8", 9),
    ((350, 680), 400, -62, "#57966BA8", 10),
    ((320, 690), 330, -136, "#2C6046B8", 8),
    ((690, 720), 560, -94, "#2A5C42C8", 8),
    ((700, 720), 470, -128, "#4A8A60B0", 9),
    ((710, 720), 440, -58, "#68A377A0", 10),
    ((230, -60), 260, 96, "#4E8D63B0", 9),
    ((270, -60), 330, 78, "#3A7551B0", 9),
    ((310, -70), 240, 60, "#6BA67A98", 10),
)
"""Where they grow, how long they are, where they point (degrees), their colour and their blur."""


def paint_backdrop(canvas: Canvas) -> None:
    """Paint a light wall, a window behind leaves, and a bench."""
    paint_wall(canvas, "#DCEBDD", "#A9CBB4", "#6E9A84")
    paint_window(canvas, Area(-420, -300, -60, 500), "#FFFFFF", "#EAF7EA", "#CDE8D2", frame="#7FA08CB0")
    paint_window(canvas, Area(420, -300, 760, 500), "#F6FFF6", "#DDF0DF", "#BFDDC6", frame="#7FA08C90")
    canvas.drawRect(box(-900, 620, 900, 1400), along((0, 620), (0, 940), "#9C7B55D0", "#5E4730"))
    canvas.drawRect(box(-900, 615, 900, 625), fill("#F6E7C880", blur=4))
    for foot, length, heading, tone, blur in LEAVES:
        paint_leaf(canvas, foot, length, heading, tone, blur * 100 / length)
    for x, tone in ((-580, "#B5654AD0"), (340, "#E4DCCCD0"), (700, "#8C5A43D0")):
        pot = curve(f"M{x - 70} 640 L{x + 70} 640 L{x + 52} 800 L{x - 52} 800 Z")
        canvas.drawPath(pot, fill(tone, blur=8))
    paint_halo(canvas, "#FFFFF064", radii=(420, 380))
    glow(canvas, (-250, 60), (420, 360), "#FFFFFF80")
    paint_vignette(canvas, "#16352A", 0.55)


def paint_behind(canvas: Canvas) -> None:
    """Paint the crown of curls behind the head, ears, and golden rings."""
    canvas.drawPath(CROWN, around((-50, 140), 260, "#3A2419", HAIR.base, HAIR.dark, at=(0, 0.45, 1)))
    with inside(canvas, CROWN):
        glow(canvas, (-70, 128), (110, 76), faded(HAIR.light, 0.55))
        glow(canvas, (120, 210), (50, 110), faded("#9FD0AE", 0.10))
        paint_curls(
            canvas, HAIR, Area(-186, 40, 186, 384), count=1500, radius=(4.0, 8.5), seed=6, width=1.9,
            alpha=lambda x, y: 0.80 if x + y < 190 else 0.55,
        )  # fmt: skip
    paint_curls(
        canvas, HAIR, Area(-168, 60, 168, 340), count=260, radius=(5, 9), seed=16, width=1.8,
        alpha=lambda x, y: 0.55 if (x / 168) ** 2 + ((y - 212) / 158) ** 2 < 1 else 0.0,
    )  # fmt: skip
    paint_ears(canvas, SKIN)
    paint_studs(canvas, GOLD, size=6.4, y=328, x=106)


def _along_the_brow(x: float, y: float) -> float:
    on_the_head = (x / 106) ** 2 + ((y - 232) / 128) ** 2 < 1
    return 0.80 if on_the_head and y < 182 + x * x / 150 else 0.0


def paint_hairline(canvas: Canvas) -> None:
    """Paint the curls that begin at the brow."""
    canvas.save()
    canvas.translate(0, 5)
    canvas.drawPath(BROW, fill(faded(SKIN.deep, 0.60), blur=7))
    canvas.restore()
    canvas.drawPath(BROW, fill(HAIR.base, blur=3))
    with inside(canvas, BROW):
        glow(canvas, (-46, 146), (70, 32), faded(HAIR.light, 0.50))
    paint_curls(
        canvas, HAIR, Area(-104, 108, 104, 262), count=1100, radius=(3.0, 6.0), seed=9, width=1.8,
        alpha=_along_the_brow,
    )  # fmt: skip


def paint_body(canvas: Canvas) -> None:
    """Paint neck and blouse."""
    paint_neck(canvas, SKIN, 43)
    paint_pullover(canvas, MUSTARD, ribs=False)
    paint_neckband(canvas, MUSTARD)


presenters.add(
    "zola",
    Look(
        skin=SKIN,
        face=FACE,
        eyes=EyeShape(
            iris="#3B2012",
            lash="#0F0807",
            lid="#7C4A2E",
            half_width=27.5,
            rise=13.6,
            fall=8.8,
            tilt=2.8,
            iris_radius=13.6,
            wing=6,
            lash_weight=4.4,
        ),
        brows=BrowShape(color="#170D0A", level=250, weight=9, arch=9.5),
        nose=NoseShape(half_width=19.5, base=342),
        lips=LipShape(color="#9A3F46", half_width=36, upper=9.5, lower=12, level=375),
        backdrop=paint_backdrop,
        behind=Piece(paint_behind, Area(-200, 30, 200, 400)),
        body=Piece(paint_body, Area(-340, 380, 340, 1120)),
        sleeve=Sleeve(MUSTARD, width=60),
        hands=HandShape(slender=0.95, nail="#C9554F"),
        complexion=lambda canvas: paint_skin(canvas, SKIN, FACE),
        front=Piece(paint_hairline, Area(-124, 96, 124, 300)),
        blush=0.30,
    ),
)
