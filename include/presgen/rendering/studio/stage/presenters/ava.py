"""Ava: long brown hair, a navy blazer, an office with the evening city behind the glass."""

from __future__ import annotations

from presgen.rendering.studio.stage.features.body import paint_neck
from presgen.rendering.studio.stage.features.brows import BrowShape
from presgen.rendering.studio.stage.features.eyes import EyeShape
from presgen.rendering.studio.stage.features.face import FaceShape, Skin, paint_skin
from presgen.rendering.studio.stage.features.mouth import LipShape
from presgen.rendering.studio.stage.features.nose import NoseShape
from presgen.rendering.studio.stage.features.room import paint_halo, paint_lights, paint_vignette, paint_wall
from presgen.rendering.studio.stage.look import Area, Look, Piece
from presgen.rendering.studio.stage.paint import (
    Canvas,
    along,
    box,
    curve,
    faded,
    fill,
    glow,
    inside,
    line,
    mirrored,
    strands,
)
from presgen.rendering.studio.stage.presenters import presenters

SKIN = Skin(light="#FBDCC2", base="#F2C4A2", shade="#DE9F78", deep="#A9603F", blush="#E9806C")
HAIR_DARK, HAIR, HAIR_LIGHT, HAIR_SHINE = "#21130F", "#43291F", "#7A4F38", "#B98560"
NAVY_DARK, NAVY, NAVY_LIGHT = "#141F3D", "#24365F", "#41598F"
SILK, SILK_SHADE = "#FBFAF8", "#D5D9E4"
GOLD, GOLD_LIGHT = "#E0A940", "#FFE9B5"

FACE = FaceShape(
    top=(0, 146),
    segments=(
        ((54, 146), (92, 180), (95, 248)),
        ((97, 302), (90, 344), (70, 382)),
        ((53, 411), (27, 433), (0, 433)),
    ),
)

LEFT_LOCK = curve(
    "M-30 108 C-92 106 -132 164 -134 248 C-136 320 -152 392 -146 456 C-142 500 -112 520 -82 504 "
    "C-70 498 -64 488 -66 476 C-88 452 -99 414 -97 366 C-95 330 -99 292 -94 262 C-86 214 -66 176 -30 142 Z"
)
RIGHT_LOCK = curve(
    "M-30 108 C14 84 96 94 122 166 C142 220 130 300 140 366 C148 420 158 470 136 502 C116 522 84 516 66 494 "
    "C92 462 101 420 99 370 C97 330 102 296 96 258 C86 214 50 190 10 172 C-8 164 -20 154 -30 142 Z"
)


def paint_backdrop(canvas: Canvas) -> None:
    """Paint the city at dusk behind a window."""
    paint_wall(canvas, "#2E4F86", "#1C3361", "#0F1D3C")
    paint_halo(canvas, "#6E9BE866")
    for left in (-520, -214, 92, 398):
        canvas.drawRect(box(left, -700, left + 10, 1400), fill("#0B16307A", blur=6))
        canvas.drawRect(
            (left + 14, -700, left + 70, 1400),
            along((left + 14, 0), (left + 70, 0), "#9DBCF21C", "#9DBCF200"),
        )
    canvas.drawRect(box(-900, 428, 900, 440), fill("#0B163060", blur=7))
    paint_lights(canvas, ("#FFD79A", "#FFB76B", "#BBD4FF", "#8FF0E0"), count=34, seed=5, spread=(40, 410))
    paint_vignette(canvas, "#070D1E", 0.75)


def paint_back_hair(canvas: Canvas) -> None:
    """Paint the hair behind neck and shoulders."""
    back = curve(
        "M0 100 C-96 100 -132 172 -132 260 C-132 350 -152 420 -138 488 C-100 520 -60 500 -40 480 "
        "L40 480 C60 500 104 522 138 490 C154 420 132 350 132 260 C132 172 96 100 0 100 Z"
    )
    canvas.drawPath(back, along((-130, 200), (130, 480), HAIR, HAIR_DARK))


def paint_front_hair(canvas: Canvas) -> None:
    """Paint the two locks that fall from the parting."""
    for lock, shadow in ((LEFT_LOCK, (3, 2)), (RIGHT_LOCK, (-2, 5))):
        canvas.save()
        canvas.translate(*shadow)
        canvas.drawPath(lock, fill(faded("#3A1A10", 0.35), blur=5))
        canvas.restore()
        canvas.drawPath(lock, along((-130, 110), (130, 500), HAIR_LIGHT, HAIR, HAIR_DARK, at=(0, 0.35, 1)))
    tones = (HAIR_DARK, HAIR, HAIR_LIGHT, HAIR, HAIR_SHINE, HAIR_LIGHT, HAIR_DARK)
    with inside(canvas, LEFT_LOCK):
        strands(
            canvas,
            [(-30, 106), (-100, 104), (-136, 170), (-138, 250), (-140, 340), (-158, 420), (-128, 516)],
            [(-30, 144), (-66, 176), (-86, 214), (-94, 262), (-102, 340), (-92, 430), (-62, 490)],
            tones,
            70,
            seed=3,
        )
        glow(canvas, (-96, 196), (30, 44), faded(HAIR_SHINE, 0.45))
        canvas.drawPath(
            curve("M-94 262 C-99 292 -95 330 -97 366 C-99 414 -88 452 -66 476"),
            line(faded(HAIR_DARK, 0.8), 10, blur=5),
        )
    with inside(canvas, RIGHT_LOCK):
        strands(
            canvas,
            [(-30, 104), (30, 78), (104, 96), (126, 170), (146, 260), (134, 400), (128, 520)],
            [(-30, 144), (0, 176), (76, 190), (96, 258), (104, 330), (112, 420), (64, 500)],
            tones,
            90,
            seed=4,
        )
        canvas.drawPath(curve("M0 128 C50 132 92 160 108 214"), line(faded(HAIR_SHINE, 0.50), 15, blur=9))
        canvas.drawPath(
            curve("M96 258 C102 296 97 330 99 370 C101 420 92 462 66 494"),
            line(faded(HAIR_DARK, 0.8), 12, blur=6),
        )


def paint_body(canvas: Canvas) -> None:
    """Paint neck, silk top and blazer."""
    paint_neck(canvas, SKIN, 42)
    _paint_top(canvas)
    _paint_blazer(canvas)


def _paint_top(canvas: Canvas) -> None:
    top = curve(
        "M-96 512 C-70 560 -36 588 0 590 C36 588 70 560 96 512 L140 540 L90 1120 L-90 1120 L-140 540 Z"
    )
    canvas.drawPath(top, along((-60, 540), (70, 720), SILK, SILK_SHADE))
    with inside(canvas, top):
        canvas.drawPath(
            curve("M-92 512 C-68 556 -36 584 0 586 C36 584 68 556 92 512"),
            line(faded("#8E95AC", 0.5), 3, blur=1.2),
        )
        for fold in (
            "M-30 596 C-22 640 -10 690 -4 760",
            "M34 594 C30 640 16 690 8 760",
            "M4 600 C6 640 2 680 2 720",
        ):
            canvas.drawPath(curve(fold), line(faded("#9AA3BC", 0.45), 6, blur=4))


def _paint_blazer(canvas: Canvas) -> None:
    left = curve(
        "M-94 500 C-120 516 -170 530 -200 552 C-246 586 -270 650 -280 740 L-290 1120 L0 1120 L0 742 "
        "C-40 690 -80 610 -94 500 Z"
    )
    for half, light in ((left, 0), (mirrored(left), 1)):
        brush = along((-230, 520), (20, 760), NAVY_LIGHT, NAVY, NAVY_DARK, at=(0, 0.5, 1))
        if light:
            brush = along((40, 560), (260, 760), NAVY, NAVY, NAVY_DARK, at=(0, 0.3, 1))
        canvas.drawPath(half, brush)
    _paint_folds(canvas)
    lapel = curve(
        "M-96 498 C-112 506 -128 514 -140 524 L-158 590 L-128 604 L-140 626 "
        "L-8 752 L0 742 C-44 680 -82 600 -96 498 Z"
    )
    for shape, colors in ((lapel, ("#5570AB", NAVY)), (mirrored(lapel), ("#344A80", NAVY_DARK))):
        canvas.save()
        canvas.translate(0, 4)
        canvas.drawPath(shape, fill("#0A112690", blur=6))
        canvas.restore()
        side = -1 if shape is lapel else 1
        canvas.drawPath(shape, along((side * 150, 520), (0, 750), *colors))
        canvas.drawPath(shape, line("#FFFFFF14", 1.2))
    canvas.drawCircle(104, 640, 6.5, fill(GOLD))
    canvas.drawCircle(102.4, 638.2, 2.6, fill(GOLD_LIGHT))


def _paint_folds(canvas: Canvas) -> None:
    sleeve = curve("M-196 640 C-178 680 -172 720 -170 790")
    soft = curve("M-214 566 C-190 590 -170 610 -160 640")
    for path, alpha in ((sleeve, 0.8), (mirrored(sleeve), 0.9), (soft, 0.4), (mirrored(soft), 0.5)):
        canvas.drawPath(path, line(faded(NAVY_DARK, alpha), 5, blur=3))
    glow(canvas, (-176, 556), (64, 20), "#7F9AD455")
    glow(canvas, (184, 560), (44, 14), "#7F9AD426")


presenters.add(
    "ava",
    Look(
        skin=SKIN,
        face=FACE,
        eyes=EyeShape(iris="#6E4A2C", lash="#24130F", lid="#D8A283", wing=5.0),
        brows=BrowShape(color="#4A2D22"),
        nose=NoseShape(half_width=15.5),
        lips=LipShape(color="#C9605E"),
        backdrop=paint_backdrop,
        behind=Piece(paint_back_hair, Area(-160, 90, 160, 530)),
        body=Piece(paint_body, Area(-340, 380, 340, 1120)),
        complexion=lambda canvas: paint_skin(canvas, SKIN, FACE),
        front=Piece(paint_front_hair, Area(-166, 80, 166, 530)),
    ),
)
