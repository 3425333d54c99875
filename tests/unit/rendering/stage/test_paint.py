from __future__ import annotations

import skia

from presgen.rendering.studio.stage.features.face import DROP, FaceShape
from presgen.rendering.studio.stage.paint import blended, closed, color, curve, faded, mirrored, points_of

HALF = (((40.0, 0.0), (80.0, 40.0), (80.0, 100.0)), ((80.0, 380.0), (60.0, 430.0), (0.0, 430.0)))


def bounds_of(path):
    box = path.computeTightBounds()
    return tuple(round(edge) for edge in (box.left(), box.top(), box.right(), box.bottom()))


def test_colours_are_read_with_and_without_alpha():
    assert color("#102030") == skia.Color(16, 32, 48, 255)
    assert color("#10203040") == skia.Color(16, 32, 48, 64)


def test_a_colour_fades_and_blends():
    assert faded("#102030FF", 0.5) == "#10203080"
    assert blended("#000000", "#FF8000", 0.5) == "#804000"


def test_a_curve_has_the_corners_of_its_text():
    assert bounds_of(curve("M-10 20 L30 20 L30 50.5 L-10 50.5 Z")) == (-10, 20, 30, 50)


def test_inner_outlines_are_holes():
    ring = curve("M0 0 L30 0 L30 30 L0 30 Z M10 10 L20 10 L20 20 L10 20 Z")

    assert ring.contains(5, 5)
    assert not ring.contains(15, 15)


def test_a_mirrored_path_is_on_the_other_side():
    assert bounds_of(mirrored(curve("M10 0 L30 0 L30 5 Z"))) == (-30, 0, -10, 5)


def test_points_are_those_of_the_text():
    assert points_of("M1 2 C3 4 5 6 -7 8.5") == ((1, 2), (3, 4), (5, 6), (-7, 8.5))


def test_an_outline_from_its_half_is_symmetric():
    left, _, right, _ = bounds_of(closed((0, 0), HALF))

    assert left == -right


def test_an_open_jaw_lowers_the_chin_and_nothing_above_the_mouth():
    shape = FaceShape((0, 0), HALF)
    shut, opened = shape.outline(), shape.outline(jaw=1.0)

    assert bounds_of(opened)[3] - bounds_of(shut)[3] == DROP
    assert bounds_of(opened)[:3] == bounds_of(shut)[:3]
