"""Clothes: jackets, knitwear and tops, cut for one figure and sewn from any fabric."""

from __future__ import annotations

from collections.abc import Sequence

from presgen.rendering.studio.stage.features.cloth import (
    Fabric,
    arc_points,
    paint_folds,
    paint_ribs,
    paint_shadow,
)
from presgen.rendering.studio.stage.paint import (
    Canvas,
    along,
    blended,
    curve,
    faded,
    fill,
    glow,
    inside,
    line,
    mirrored,
)

_JACKET = curve(
    "M-94 500 C-120 516 -170 530 -200 550 C-250 578 -278 640 -284 730 C-288 800 -300 850 -312 906 "
    "C-322 958 -284 982 -238 976 L-206 1120 L0 1120 L0 742 C-40 690 -80 610 -94 500 Z"
)
_LAPEL = curve(
    "M-96 498 C-112 506 -128 514 -140 524 L-158 590 L-128 604 L-140 626 L-8 752 L0 742 "
    "C-44 680 -82 600 -96 498 Z"
)
_SHIRT = curve(
    "M-96 512 C-70 560 -36 588 0 590 C36 588 70 560 96 512 L140 540 L90 1120 L-90 1120 L-140 540 Z"
)
_PULLOVER = curve(
    "M-84 500 C-126 522 -196 536 -232 562 C-272 594 -290 680 -298 760 C-303 820 -308 860 -316 906 "
    "C-324 960 -284 984 -238 976 L-208 1120 L208 1120 L238 976 "
    "C284 984 324 960 316 906 C308 860 303 820 298 760 C290 680 272 594 232 562 "
    "C196 536 126 522 84 500 C76 548 40 574 0 576 C-40 574 -76 548 -84 500 Z"
)
_NECKBAND = curve(
    "M-88 498 C-82 556 -44 588 0 590 C44 588 82 556 88 498 L74 496 "
    "C68 542 38 566 0 568 C-38 566 -68 542 -74 496 Z"
)
_COLLAR = curve(
    "M-69 489 C-72 510 -56 540 -8 566 L-34 584 C-62 566 -88 536 -92 502 C-84 496 -76 491 -69 489 Z"
)
_CARDIGAN = curve(
    "M-100 500 C-140 522 -196 538 -226 566 C-264 600 -284 684 -292 760 C-297 820 -304 860 -314 906 "
    "C-322 958 -284 982 -238 976 L-206 1120 L-40 1120 L-36 800 C-40 700 -70 600 -100 500 Z"
)
_ROLLNECK = curve(
    "M-56 478 C-59 462 -56 455 -51 453 C-20 468 20 468 51 453 C56 455 59 462 56 478 L74 524 "
    "C40 556 -40 556 -74 524 Z"
)
_INNER_ARM = "M-192 668 C-206 740 -212 830 -202 960"
_SIDE = "M-176 760 C-164 840 -160 900 -166 1120"


def paint_arm_shades(canvas: Canvas, fabric: Fabric) -> None:
    """Paint what sets the upper arms off the chest and gives it a waist: two shadows, lit from the left."""
    for side in (-1, 1):
        inner, waist = curve(_INNER_ARM), curve(_SIDE)
        if side > 0:
            inner, waist = mirrored(inner), mirrored(waist)
        canvas.drawPath(waist, line(faded(fabric.dark, 0.46), 44, blur=17))
        canvas.drawPath(inner, line(faded(fabric.dark, 0.80), 12, blur=6))
        canvas.drawPath(inner, line(faded(fabric.dark, 0.75), 2.4, blur=0.9))
        glow(canvas, (side * 256 - 8, 740), (26, 150), faded(fabric.light, 0.38 if side < 0 else 0.16))
    glow(canvas, (-172, 560), (70, 20), faded(fabric.light, 0.55))
    glow(canvas, (178, 562), (50, 16), faded(fabric.light, 0.28))


def paint_jacket(canvas: Canvas, fabric: Fabric, lapels: Fabric, button: str = "") -> None:
    """Paint an open jacket; ``lapels`` runs from their lit edge (``light``) to their shaded one."""
    for half in (mirrored(_JACKET), _JACKET):
        paint_shadow(canvas, half, faded(fabric.dark, 0.7), (0, 2), 6)
        lit = half is _JACKET
        brush = along(
            (-230 if lit else 40, 520), (20 if lit else 260, 800), fabric.light if lit else fabric.base,
            fabric.base, fabric.dark, at=(0, 0.5, 1),
        )  # fmt: skip
        canvas.drawPath(half, brush)
        with inside(canvas, half):
            paint_arm_shades(canvas, fabric)
            for fold, width in (
                ("M-214 566 C-190 590 -170 610 -160 640", 5),
                ("M-262 812 C-244 832 -226 836 -212 830", 6),
            ):
                path = curve(fold) if lit else mirrored(curve(fold))
                canvas.drawPath(path, line(faded(fabric.dark, 0.5), width, blur=3))
    canvas.drawPath(curve("M0 744 C2 820 1 900 0 1120"), line(faded(fabric.dark, 0.9), 3, blur=1))
    if button:
        canvas.drawCircle(-10, 800, 7, fill(faded(fabric.dark, 0.8), blur=2))
        canvas.drawCircle(-11, 798, 6.2, fill(button))
        canvas.drawCircle(-12.6, 796.4, 2.2, fill("#FFFFFF66"))
    for shape, colors in (
        (_LAPEL, (lapels.light, lapels.base)),
        (mirrored(_LAPEL), (lapels.base, lapels.dark)),
    ):
        paint_shadow(canvas, shape, faded(fabric.dark, 0.62), (0, 4), 6)
        side = -1 if shape is _LAPEL else 1
        canvas.drawPath(shape, along((side * 150, 520), (0, 750), *colors))
        canvas.drawPath(shape, line("#FFFFFF1C", 1.2))


def paint_shirt(canvas: Canvas, fabric: Fabric) -> None:
    """Paint a collarless top, to be worn under a jacket."""
    canvas.drawPath(_SHIRT, along((-60, 540), (70, 740), fabric.light, fabric.base))
    with inside(canvas, _SHIRT):
        hem = curve("M-92 512 C-68 556 -36 584 0 586 C36 584 68 556 92 512")
        canvas.drawPath(hem, line(faded(fabric.dark, 0.5), 3, blur=1.2))
        folds = (
            "M-84 540 C-60 590 -30 640 -14 720",
            "M84 540 C62 590 34 640 18 720",
            "M-52 580 C-30 600 30 600 52 580",
        )
        paint_folds(canvas, folds, fabric.dark, fabric.light, width=7, strength=0.42)


def paint_rollneck(canvas: Canvas, fabric: Fabric) -> None:
    """Paint a fine sweater with a high collar, to be worn under a jacket."""
    chest = curve(
        "M-57 466 C-62 490 -82 500 -98 508 L-150 540 L-110 1120 L110 1120 L150 540 L98 508 "
        "C82 500 62 490 57 466 Z"
    )
    canvas.drawPath(chest, along((-110, 530), (120, 760), fabric.light, fabric.base, fabric.dark))
    with inside(canvas, chest):
        paint_folds(
            canvas,
            ("M-60 600 C-30 640 -12 690 -6 740", "M62 596 C34 640 18 690 12 740"),
            fabric.dark,
            fabric.light,
            strength=0.4,
        )
    paint_shadow(canvas, _ROLLNECK, faded(fabric.dark, 0.8), (0, 6), 7)
    canvas.drawPath(
        _ROLLNECK,
        along((-66, 0), (70, 0), fabric.base, fabric.light, fabric.base, fabric.dark, at=(0, 0.3, 0.6, 1)),
    )
    with inside(canvas, _ROLLNECK):
        fold = curve("M-66 502 C-36 528 36 528 66 502")
        canvas.drawPath(fold, line(faded(fabric.dark, 0.85), 6, blur=3))
        for i in range(-9, 10):
            x = i * 7.0
            canvas.drawLine(x * 0.86, 436, x * 1.08, 552, line(faded(fabric.dark, 0.30), 1.6, blur=0.5))
    canvas.drawPath(curve("M-51 453 C-20 468 20 468 51 453"), line(faded(fabric.light, 0.6), 2, blur=0.6))


def paint_knit(canvas: Canvas, fabric: Fabric, step: float = 9.0, strength: float = 0.20) -> None:
    """Paint the ribs of knitwear, all over."""
    for i in range(-36, 37):
        x = i * step
        path = curve(f"M{x * 0.92:.1f} 500 C{x:.1f} 620 {x * 1.02:.1f} 760 {x * 1.03:.1f} 1120")
        canvas.drawPath(path, line(faded(fabric.dark, strength), 1.6))


def paint_pullover(canvas: Canvas, fabric: Fabric, *, ribs: bool = True) -> None:
    """Paint a sweater or a blouse with a round neck."""
    paint_shadow(canvas, _PULLOVER, faded(fabric.dark, 0.6), (0, -3), 6)
    canvas.drawPath(
        _PULLOVER, along((-230, 520), (210, 900), fabric.light, fabric.base, fabric.dark, at=(0, 0.38, 1))
    )
    with inside(canvas, _PULLOVER):
        if ribs:
            paint_knit(canvas, fabric)
        paint_arm_shades(canvas, fabric)
        folds = (
            "M-226 590 C-200 602 -176 628 -160 664",
            "M226 590 C202 604 176 630 160 664",
            "M-186 700 C-170 740 -150 768 -126 782",
            "M188 704 C172 742 152 770 130 786",
            "M-176 820 C-150 838 -110 846 -70 846",
            "M178 812 C150 838 120 846 96 848",
        )
        paint_folds(canvas, folds, fabric.dark, fabric.light, width=9, strength=0.40)


def paint_neckband(canvas: Canvas, fabric: Fabric) -> None:
    """Paint the ribbed band of a round neck."""
    paint_shadow(canvas, _NECKBAND, faded(fabric.dark, 0.6))
    canvas.drawPath(_NECKBAND, along((-80, 500), (80, 590), fabric.light, fabric.base, fabric.dark))
    with inside(canvas, _NECKBAND):
        outer = arc_points((0, 492), (92, 100), 0.0, 0.5, 46)
        inner = arc_points((0, 490), (70, 76), 0.0, 0.5, 46)
        paint_ribs(canvas, outer, inner, faded(fabric.dark, 0.55), faded(fabric.light, 0.35))


def paint_collar(canvas: Canvas, fabric: Fabric) -> None:
    """Paint a shirt's collar, laid over a round neck."""
    for shape, shade in ((_COLLAR, fabric.light), (mirrored(_COLLAR), fabric.base)):
        paint_shadow(canvas, shape, "#1A0C0A8C", (0, 3), 4)
        canvas.drawPath(shape, along((-80, 490), (90, 590), fabric.light, shade))
        canvas.drawPath(shape, line(faded(fabric.dark, 0.7), 1.0))


def paint_cardigan(canvas: Canvas, fabric: Fabric, under: Fabric) -> None:
    """Paint an open cardigan over a dark top."""
    blouse = curve("M-140 520 L140 520 L110 1120 L-110 1120 Z")
    canvas.drawPath(blouse, along((0, 560), (0, 860), under.light, under.base, under.dark))
    for half, lit in ((_CARDIGAN, True), (mirrored(_CARDIGAN), False)):
        paint_shadow(canvas, half, faded(under.dark, 0.55), (0, 3), 7)
        first = fabric.light if lit else fabric.base
        canvas.drawPath(half, along((-200, 520), (220, 900), first, fabric.base, fabric.dark))
        with inside(canvas, half):
            paint_knit(canvas, fabric, step=9.5, strength=0.32)
            paint_arm_shades(canvas, Fabric(_deep(fabric), fabric.base, fabric.light))
    for side in (-1, 1):
        edge = curve("M-100 504 C-70 600 -40 700 -36 800 L-40 1120")
        edge = edge if side < 0 else mirrored(edge)
        canvas.drawPath(edge, line(faded(_deep(fabric), 0.50), 22, blur=5))
        canvas.drawPath(edge, line(fabric.light if side < 0 else fabric.base, 18))


def paint_beads(canvas: Canvas, points: Sequence[tuple[float, float]], color: str, size: float) -> None:
    """Paint a string of pearls."""
    for x, y in points:
        canvas.drawCircle(x + 1, y + 2.5, size, fill("#1A0E1280", blur=1.6))
        canvas.drawCircle(x, y, size, fill(color))
        canvas.drawCircle(x - size * 0.3, y - size * 0.35, size * 0.36, fill("#FFFFFFC8", blur=0.4))


def _deep(fabric: Fabric) -> str:
    """Return the shade of a light fabric's folds."""
    return blended(fabric.dark, "#6A4A30", 0.45)
