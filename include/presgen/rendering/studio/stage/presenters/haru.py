"""Haru: short black hair, a charcoal jacket over a roll-neck, an office as the sun goes down."""

from __future__ import annotations

from presgen.rendering.studio.stage.features.arms import Sleeve
from presgen.rendering.studio.stage.features.body import paint_neck
from presgen.rendering.studio.stage.features.brows import BrowShape
from presgen.rendering.studio.stage.features.cloth import Fabric
from presgen.rendering.studio.stage.features.ears import paint_ears
from presgen.rendering.studio.stage.features.eyes import EyeShape
from presgen.rendering.studio.stage.features.face import FaceShape, Skin, paint_skin
from presgen.rendering.studio.stage.features.garments import paint_jacket, paint_rollneck
from presgen.rendering.studio.stage.features.hair import HairTones, Lock, light_edge, paint_lock
from presgen.rendering.studio.stage.features.hands import HandShape
from presgen.rendering.studio.stage.features.mouth import LipShape
from presgen.rendering.studio.stage.features.nose import NoseShape
from presgen.rendering.studio.stage.features.room import paint_halo, paint_lights, paint_vignette, paint_wall
from presgen.rendering.studio.stage.look import Look, Piece
from presgen.rendering.studio.stage.paint import Area, Canvas, along, box, curve, faded, fill, glow
from presgen.rendering.studio.stage.presenters import presenters

SKIN = Skin(light="#F5D2AC", base="#E3B183", shade="#C0855A", deep="#7C4A2E", blush="#CF765C")
HAIR = HairTones(dark="#0B0C11", base="#1B1D25", light="#474C5B", shine="#8C95AB")
CHARCOAL = Fabric(dark="#15181E", base="#2B3038", light="#4A525E")
LAPELS = Fabric(dark="#1B1F26", base="#343A44", light="#586170")
OAT = Fabric(dark="#8C8578", base="#C9C2B3", light="#EDE8DC")

FACE = FaceShape(
    top=(0, 146),
    segments=(
        ((58, 146), (96, 180), (98, 250)),
        ((99, 306), (96, 348), (80, 384)),
        ((62, 415), (34, 434), (0, 434)),
    ),
)

CAP = curve(
    "M-99 258 C-108 200 -112 128 -58 98 C-20 78 62 80 92 118 C112 146 108 208 100 258 "
    "L94 256 C92 226 88 204 78 186 C50 166 -40 164 -72 186 C-86 206 -92 230 -94 256 Z"
)
SIDES = curve("M-101 204 L-84 204 L-94 286 L-101 280 Z M101 204 L84 204 L94 286 L101 280 Z")
LOCKS = (
    Lock("M40 94 C92 92 110 140 104 226", "M50 108 C74 130 86 170 96 236"),
    Lock(
        "M44 92 C-10 66 -92 86 -107 168 C-109 194 -106 214 -101 236",
        "M42 110 C0 108 -70 130 -88 184 C-93 206 -95 220 -97 240",
    ),
    Lock("M46 92 C-6 74 -76 92 -98 168", "M48 140 C10 132 -52 150 -80 200"),
    Lock("M48 92 C16 80 -40 96 -72 158", "M66 166 C40 150 -28 158 -62 188"),
    Lock("M50 92 C78 98 96 128 92 196", "M52 118 C66 132 76 156 82 192"),
)
TOWERS = (330, 250, 380, 290, 350, 220, 300, 400, 270, 360, 240, 320, 390, 260)


def paint_backdrop(canvas: Canvas) -> None:
    """Paint a wide window on the last light of the day, and lamps inside."""
    paint_wall(canvas, "#53708A", "#4A6078", "#2C3A4C")
    sky = box(-900, -700, 900, 452)
    canvas.drawRect(
        sky, along((0, -80), (0, 452), "#5D7C9B", "#8FA3B4", "#E7B48C", "#F2A66F", at=(0, 0.42, 0.84, 1))
    )
    for number, top in enumerate(TOWERS):
        left = 128 * (number - len(TOWERS) / 2)
        canvas.drawRect(box(left, top, left + 92, 460), fill("#43546BB0", blur=8))
    paint_lights(canvas, ("#FFE0A8", "#FFC57E", "#FFF3DC"), count=70, seed=5, spread=(340, 446))
    for left in range(-1010, 900, 404):
        canvas.drawRect(box(left, -700, left + 16, 460), fill("#27333FB4", blur=4))
    canvas.drawRect(box(-900, 452, 900, 1400), along((0, 452), (0, 860), "#4A5A6B", "#2A3644"))
    canvas.drawRect(box(-900, 448, 900, 458), fill("#FFD3A866", blur=3))
    for x, y, width in ((-610, 66, 300), (470, 36, 340)):
        canvas.drawRoundRect(box(x - width / 2, y, x + width / 2, y + 16), 8, 8, fill("#FFF0D2D0", blur=6))
        glow(canvas, (x, y + 30), (width * 0.8, 110), "#FFE2B04A")
    canvas.drawRect(box(-820, 560, -420, 700), fill("#5A6B7A70", blur=12))
    canvas.drawRect(box(440, 520, 800, 700), fill("#2A3540A0", blur=12))
    paint_halo(canvas, "#FFD9B450", radii=(420, 360))
    paint_vignette(canvas, "#10161F", 0.6)


def paint_hair(canvas: Canvas) -> None:
    """Paint hair that is combed across from a side parting, and short at the sides."""
    canvas.drawPath(SIDES, fill(faded(HAIR.base, 0.72), blur=3))
    canvas.save()
    canvas.translate(0, 5)
    canvas.drawPath(CAP, fill(faded(SKIN.deep, 0.40), blur=6))
    canvas.restore()
    canvas.drawPath(CAP, fill(HAIR.base))
    for number, lock in enumerate(LOCKS):
        paint_lock(canvas, lock, HAIR, count=46, seed=30 + number, shadow=0.5, gleam=(0.10, 0.30))
    light_edge(canvas, LOCKS[0], "#FFC58E66", 4)


def paint_body(canvas: Canvas) -> None:
    """Paint neck, roll-neck and jacket."""
    paint_neck(canvas, SKIN, 52)
    paint_rollneck(canvas, OAT)
    paint_jacket(canvas, CHARCOAL, LAPELS, button="#0E1116")


presenters.add(
    "haru",
    Look(
        skin=SKIN,
        face=FACE,
        eyes=EyeShape(
            iris="#3A2416",
            lash="#120D0C",
            lid="#D9A87C",
            half_width=26,
            rise=10.6,
            fall=7.6,
            tilt=3.6,
            iris_radius=12.6,
            hood=5.0,
            lash_weight=3.0,
            wing=1.0,
        ),
        brows=BrowShape(color="#17151A", level=252, weight=10.5, arch=5.5, inner=18, outer=78),
        nose=NoseShape(half_width=18.5, base=342),
        lips=LipShape(color="#B06A5A", half_width=35, upper=6.2, lower=8.6, level=376),
        backdrop=paint_backdrop,
        behind=Piece(lambda canvas: paint_ears(canvas, SKIN), Area(-126, 196, 126, 344)),
        body=Piece(paint_body, Area(-340, 380, 340, 1120)),
        sleeve=Sleeve(CHARCOAL, width=62, cuff=OAT),
        hands=HandShape(size=1.06, slender=1.05),
        complexion=lambda canvas: paint_skin(canvas, SKIN, FACE),
        front=Piece(paint_hair, Area(-134, 52, 134, 310)),
        blush=0.20,
        age=0.30,
    ),
)
