"""Ava: long brown hair, a navy blazer, an office with the evening city behind the glass."""

from __future__ import annotations

from presgen.rendering.studio.stage.features.arms import Sleeve
from presgen.rendering.studio.stage.features.body import paint_neck
from presgen.rendering.studio.stage.features.brows import BrowShape
from presgen.rendering.studio.stage.features.cloth import Fabric
from presgen.rendering.studio.stage.features.eyes import EyeShape
from presgen.rendering.studio.stage.features.face import FaceShape, Skin, paint_skin
from presgen.rendering.studio.stage.features.garments import paint_jacket, paint_shirt
from presgen.rendering.studio.stage.features.hair import HairTones, Lock, light_edge, paint_lock
from presgen.rendering.studio.stage.features.mouth import LipShape
from presgen.rendering.studio.stage.features.nose import NoseShape
from presgen.rendering.studio.stage.features.room import paint_halo, paint_lights, paint_vignette, paint_wall
from presgen.rendering.studio.stage.look import Look, Piece
from presgen.rendering.studio.stage.paint import (
    Area,
    Canvas,
    along,
    blended,
    box,
    curve,
    faded,
    fill,
    glow,
    inside,
    line,
    softened,
)
from presgen.rendering.studio.stage.presenters import presenters

SKIN = Skin(light="#FBDCC2", base="#F2C4A2", shade="#DE9F78", deep="#A9603F", blush="#E9806C")
HAIR = HairTones(dark="#23140F", base="#4A2D21", light="#8A5B40", shine="#D09C70")
NAVY = Fabric(dark="#141F3D", base="#26396A", light="#465F9A")
LAPELS = Fabric(dark="#1A2850", base="#2F457E", light="#5570AB")
SILK = Fabric(dark="#8E95AC", base="#DADDE7", light="#FBFAF8")
GOLD, GOLD_LIGHT = "#E0A940", "#FFE9B5"

FACE = FaceShape(
    top=(0, 146),
    segments=(
        ((54, 146), (93, 180), (96, 248)),
        ((98, 300), (92, 342), (72, 380)),
        ((54, 409), (28, 431), (0, 431)),
    ),
)

TOWERS = (260, 330, 210, 300, 250, 320, 210, 300, 360, 380, 330, 236, 300, 190, 340, 270, 220, 310)
"""Heights of towers too far out of focus to be any city's."""

CROWN = curve(
    "M-14 101 C-76 98 -132 146 -134 240 L-112 262 C-96 210 -64 180 -28 158 C0 186 78 204 108 262 L136 236 "
    "C134 150 78 98 -14 101 Z"
)
BACK_LEFT = Lock("M-118 300 C-122 360 -142 430 -126 500", "M-40 330 C-42 380 -48 440 -40 500")
BACK_RIGHT = Lock("M118 300 C122 360 142 430 126 500", "M40 330 C42 380 48 440 40 500")
LOCKS = (
    Lock(
        "M-106 376 C-118 404 -134 440 -130 470 C-126 492 -124 506 -136 522",
        "M-106 376 C-94 420 -112 450 -112 474 C-112 496 -118 510 -133 523",
    ),
    Lock(
        "M106 376 C120 404 140 440 136 470 C132 496 132 508 144 524",
        "M106 376 C96 420 114 450 114 474 C114 498 124 514 141 526",
    ),
    Lock(
        "M-15 106 C-60 88 -130 130 -138 218 C-144 284 -126 328 -142 386 C-154 436 -142 486 -96 512",
        "M-20 122 C-70 122 -108 170 -114 236 C-118 296 -98 336 -106 390 C-114 436 -114 480 -92 508",
    ),
    Lock(
        "M-15 106 C36 84 116 104 134 184 C149 244 127 312 146 378 C159 430 150 482 104 516",
        "M-20 120 C30 104 88 124 108 192 C122 250 104 316 114 378 C124 428 122 480 99 512",
    ),
    Lock(
        "M-18 114 C-72 108 -117 162 -124 232 C-130 292 -108 332 -121 390 C-132 442 -112 492 -54 506",
        "M-28 161 C-60 182 -86 216 -94 262 C-100 304 -84 338 -92 384 C-100 428 -92 474 -50 502",
    ),
    Lock(
        "M-18 112 C34 94 101 128 119 198 C133 256 110 316 125 376 C138 430 122 488 62 512",
        "M-24 136 C12 142 80 170 98 236 C110 290 92 334 100 384 C108 430 102 478 57 508",
    ),
    Lock(
        "M-22 124 C20 116 86 150 107 220 C119 262 113 304 110 336 C108 362 112 386 116 404",
        "M-29 162 C-2 189 62 203 88 254 C97 276 97 300 98 330 C99 354 104 382 114 402",
    ),
)


def paint_backdrop(canvas: Canvas) -> None:
    """Paint the city at dusk behind a window."""
    paint_wall(canvas, "#33558F", "#1E3767", "#101E3F")
    paint_halo(canvas, "#7FA8F05C", radii=(460, 380))
    for number, top in enumerate(TOWERS):
        left = 96 * (number - len(TOWERS) / 2)
        shade = along((0, top), (0, 440), "#14285299", "#2B4A8433")
        canvas.drawRect(box(left, top, left + 76, 440), softened(shade, 5))
    paint_lights(canvas, ("#FFD08A", "#FFB267", "#FFE2B8", "#BBD4FF"), count=150, seed=17, spread=(300, 432))
    for left in range(-914, 900, 354):
        canvas.drawRect(box(left, -700, left + 12, 1400), fill("#0B163088", blur=4))
        pane = box(left + 12, -700, left + 90, 1400)
        canvas.drawRect(pane, along((left + 12, 0), (left + 90, 0), "#A9C6FA24", "#A9C6FA00"))
    canvas.drawRect(box(-900, 440, 900, 1400), along((0, 440), (0, 900), "#22376BD0", "#172954"))
    canvas.drawRect(box(-900, 438, 900, 442), fill("#9DBCF23A", blur=1.5))
    glow(canvas, (-560, 470), (300, 150), "#FFC27A4A")
    glow(canvas, (610, 480), (260, 120), "#FFC27A30")
    paint_vignette(canvas, "#070D1E", 0.55)


def paint_back_hair(canvas: Canvas) -> None:
    """Paint the hair behind neck and shoulders."""
    back = curve(
        "M-118 214 C-124 300 -146 420 -132 484 C-100 512 -60 500 -40 484 L40 484 "
        "C60 500 100 516 132 486 C146 420 124 300 118 214 Z"
    )
    canvas.drawPath(back, along((0, 300), (0, 500), HAIR.dark, blended(HAIR.dark, HAIR.base, 0.5)))
    with inside(canvas, back):
        for lock, seed in ((BACK_LEFT, 21), (BACK_RIGHT, 22)):
            lock.strands(canvas, (HAIR.dark, HAIR.base, HAIR.dark), 40, seed)


def paint_front_hair(canvas: Canvas) -> None:
    """Paint crown and locks, the front ones last."""
    canvas.drawPath(CROWN, fill(HAIR.base))
    for number, lock in enumerate(LOCKS):
        paint_lock(canvas, lock, HAIR, count=56, seed=number, shadow=0.45, gleam=(0.14, 0.30))
    canvas.drawPath(curve("M-16 106 C-20 122 -25 138 -29 162"), line(faded(HAIR.dark, 0.85), 3, blur=1.5))
    light_edge(canvas, LOCKS[3], "#9CBEFF4C", 4)


def paint_body(canvas: Canvas) -> None:
    """Paint neck, silk top and blazer."""
    paint_neck(canvas, SKIN, 42)
    paint_shirt(canvas, SILK)
    paint_jacket(canvas, NAVY, LAPELS, button="#1B2A52")
    canvas.drawCircle(104, 640, 6.5, fill(GOLD))
    canvas.drawCircle(102.4, 638.2, 2.6, fill(GOLD_LIGHT))


presenters.add(
    "ava",
    Look(
        skin=SKIN,
        face=FACE,
        eyes=EyeShape(
            iris="#6E4A2C",
            lash="#24130F",
            lid="#E3AF8D",
            half_width=28,
            rise=14,
            fall=9,
            iris_radius=14,
            wing=5,
        ),
        brows=BrowShape(color="#4A2D22"),
        nose=NoseShape(half_width=15.5),
        lips=LipShape(color="#CC5F5F", half_width=35, upper=7.5, lower=9.5),
        backdrop=paint_backdrop,
        behind=Piece(paint_back_hair, Area(-150, 212, 150, 526)),
        body=Piece(paint_body, Area(-340, 380, 340, 1120)),
        sleeve=Sleeve(NAVY, cuff=SILK),
        complexion=lambda canvas: paint_skin(canvas, SKIN, FACE),
        front=Piece(paint_front_hair, Area(-176, 72, 176, 544)),
    ),
)
