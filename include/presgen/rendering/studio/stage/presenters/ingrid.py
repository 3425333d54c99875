"""Ingrid: short silver hair, glasses, a plum blazer and pearls, a reading room with tall windows."""

from __future__ import annotations

from presgen.rendering.studio.stage.features.arms import Sleeve
from presgen.rendering.studio.stage.features.body import paint_neck
from presgen.rendering.studio.stage.features.brows import BrowShape
from presgen.rendering.studio.stage.features.cloth import Fabric, arc_points
from presgen.rendering.studio.stage.features.ears import paint_ears, paint_studs
from presgen.rendering.studio.stage.features.eyes import EyeShape
from presgen.rendering.studio.stage.features.face import FaceShape, Skin, paint_skin
from presgen.rendering.studio.stage.features.garments import paint_beads, paint_jacket, paint_shirt
from presgen.rendering.studio.stage.features.glasses import CAT, GlassesShape, paint_glasses
from presgen.rendering.studio.stage.features.hair import HairTones, Lock, light_edge, paint_lock
from presgen.rendering.studio.stage.features.hands import HandShape
from presgen.rendering.studio.stage.features.mouth import LipShape
from presgen.rendering.studio.stage.features.nose import NoseShape
from presgen.rendering.studio.stage.features.room import (
    paint_halo,
    paint_shelves,
    paint_vignette,
    paint_wall,
    paint_window,
)
from presgen.rendering.studio.stage.look import Look, Piece
from presgen.rendering.studio.stage.paint import Area, Canvas, along, box, curve, faded, fill, glow
from presgen.rendering.studio.stage.presenters import presenters

SKIN = Skin(light="#FBE0CE", base="#EFC5AC", shade="#D29C82", deep="#98604A", blush="#DE7F74")
HAIR = HairTones(dark="#6E727C", base="#A9ADB6", light="#DFE2E8", shine="#FFFFFF")
PLUM = Fabric(dark="#2E1230", base="#5A2756", light="#8A4A82")
LAPELS = Fabric(dark="#3C183C", base="#6A3064", light="#9C5A92")
CREAM = Fabric(dark="#B8AC9A", base="#E9E0D2", light="#FFFBF2")
GLASSES = GlassesShape(frame="#3A2038", gleam="#C79BC0", lens=CAT, width=3.6)
BOOKS = ("#8A6A55", "#A88C6A", "#6F8077", "#B79F84", "#7B5A5A", "#93A096", "#5F6B74")

FACE = FaceShape(
    top=(0, 150),
    segments=(
        ((54, 150), (93, 184), (96, 250)),
        ((98, 304), (93, 346), (76, 380)),
        ((58, 410), (30, 430), (0, 430)),
    ),
)

CROWN = curve(
    "M-104 300 C-132 250 -134 150 -78 108 C-40 80 50 78 88 112 C136 156 132 250 106 300 L98 300 "
    "C98 262 96 232 84 208 C46 190 10 176 -6 168 C-30 190 -66 204 -88 232 C-96 258 -97 276 -96 300 Z"
)
LOCKS = (
    Lock(
        "M24 104 C98 96 130 170 116 262 C114 290 112 306 104 326",
        "M30 130 C74 136 98 190 98 256 C99 284 99 300 98 316",
    ),
    Lock(
        "M18 102 C-70 74 -140 150 -118 258 C-116 290 -114 308 -106 330",
        "M18 128 C-54 122 -104 180 -98 258 C-98 286 -99 304 -98 318",
    ),
    Lock(
        "M22 104 C88 104 118 170 110 244 C108 268 108 284 112 300",
        "M22 140 C60 160 88 190 92 240 C94 262 96 276 98 292",
    ),
    Lock(
        "M22 102 C-56 80 -124 142 -116 236 C-114 262 -112 284 -114 306",
        "M22 134 C-30 136 -84 184 -90 240 C-94 266 -96 284 -98 298",
    ),
    Lock("M26 104 C-36 84 -104 128 -110 214", "M30 152 C0 178 -56 186 -88 228"),
    Lock("M28 106 C-10 96 -66 118 -92 182", "M56 176 C20 190 -34 186 -72 206"),
    Lock("M30 146 C60 156 86 180 97 234", "M4 160 C36 178 68 194 87 222"),
    Lock("M26 108 C52 104 92 132 100 196", "M34 140 C58 152 78 172 90 212"),
)


def paint_backdrop(canvas: Canvas) -> None:
    """Paint a reading room: tall windows on the left, light oak shelves on the right."""
    paint_wall(canvas, "#CFD3C6", "#B4B4A2", "#8C846F")
    paint_shelves(canvas, BOOKS, "#7A624680", alpha=0.50, seed=3, left=60, right=900)
    paint_shelves(canvas, BOOKS, "#7A624680", alpha=0.40, seed=8, left=-900, right=-700)
    for left in (-640, -330):
        paint_window(
            canvas, Area(left, -260, left + 220, 470), "#F4F8F2", "#DDEADF", "#C5D6BE", frame="#8B8A78C0"
        )
    canvas.drawRect(box(-900, 560, 900, 1400), along((0, 560), (0, 900), "#8A6E50C0", "#5A4430"))
    canvas.drawRect(box(-900, 556, 900, 566), fill("#F3E2C670", blur=4))
    glow(canvas, (330, 470), (120, 160), "#FFE0A070")
    canvas.drawPath(curve("M280 430 L380 430 L404 500 L256 500 Z"), fill("#6E8F78C0", blur=7))
    canvas.drawRect(box(324, 500, 336, 600), fill("#B79A5EC0", blur=5))
    glow(canvas, (-330, 120), (420, 420), "#FFFFF070")
    paint_halo(canvas, "#FFFBEA58", radii=(420, 360))
    paint_vignette(canvas, "#3A3426", 0.52)


def paint_behind(canvas: Canvas) -> None:
    """Paint the hair at the neck, and ears with pearls."""
    nape = curve("M-104 250 C-116 320 -104 372 -74 392 L74 392 C104 372 116 320 104 250 Z")
    canvas.drawPath(nape, along((0, 290), (0, 392), HAIR.dark, "#565A64"))
    paint_ears(canvas, SKIN)
    paint_studs(canvas, "#F4EFE6", size=5.6, y=324)


def paint_hair(canvas: Canvas) -> None:
    """Paint a short cut with a side parting."""
    canvas.save()
    canvas.translate(0, 5)
    canvas.drawPath(CROWN, fill(faded(SKIN.deep, 0.34), blur=6))
    canvas.restore()
    canvas.drawPath(CROWN, fill(HAIR.base))
    for number, lock in enumerate(LOCKS):
        paint_lock(canvas, lock, HAIR, count=44, seed=60 + number, shadow=0.40, gleam=(0.10, 0.34))
    light_edge(canvas, LOCKS[1], "#FFFFFF66", 4)


def paint_body(canvas: Canvas) -> None:
    """Paint neck, blouse, blazer and pearls."""
    paint_neck(canvas, SKIN, 44)
    paint_shirt(canvas, CREAM)
    paint_jacket(canvas, PLUM, LAPELS, button="#C9A24E")
    paint_beads(canvas, arc_points((0, 470), (55, 92), 0.03, 0.47, 21), "#F1EAE0", 5.4)


presenters.add(
    "ingrid",
    Look(
        skin=SKIN,
        face=FACE,
        eyes=EyeShape(
            iris="#5C7F94",
            lash="#3A2A26",
            lid="#DDB09A",
            half_width=26.5,
            rise=12.2,
            fall=8,
            tilt=1.5,
            iris_radius=13,
            hood=5.5,
            lash_weight=3.4,
            wing=3.0,
        ),
        brows=BrowShape(color="#8B8A8E", level=250, weight=7.5, arch=8.0),
        nose=NoseShape(half_width=16.5, base=343),
        lips=LipShape(color="#B4525E", half_width=34, upper=6.2, lower=8.4, level=376),
        backdrop=paint_backdrop,
        behind=Piece(paint_behind, Area(-130, 196, 130, 396)),
        body=Piece(paint_body, Area(-340, 380, 340, 1120)),
        sleeve=Sleeve(PLUM, cuff=CREAM),
        hands=HandShape(nail="#B4525E", slender=0.96),
        complexion=lambda canvas: paint_skin(canvas, SKIN, FACE),
        front=Piece(paint_hair, Area(-154, 60, 150, 350)),
        worn=Piece(lambda canvas: paint_glasses(canvas, GLASSES, SKIN), Area(-112, 238, 112, 332)),
        blush=0.30,
        age=0.85,
    ),
)
