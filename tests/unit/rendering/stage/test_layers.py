from __future__ import annotations

import numpy as np
import pytest
import skia

from presgen.rendering.studio.stage.layers import (
    LINEAR,
    PIVOT,
    Crop,
    Shelf,
    baked,
    leaning_body,
    leaning_head,
    painted_region,
    shift_of,
    still,
    sway_of,
)
from presgen.rendering.studio.stage.look import EVERYWHERE, Piece
from presgen.rendering.studio.stage.paint import Area, fill
from presgen.rendering.studio.stage.pose import Pose

PANEL = Crop.of(400, 720)


def paint_rings(canvas):
    """Two circles far apart, and nothing between."""
    canvas.drawCircle(-80, 200, 15, fill("#FF0000"))
    canvas.drawCircle(80, 300, 15, fill("#0000FF"))


RINGS = Piece(paint_rings, Area(-100, 150, 100, 330))


def middle_of(layer):
    rows, columns = np.nonzero(layer.image.toarray()[..., 3])
    return layer.x + columns.mean(), layer.y + rows.mean()


def pixels_after(show):
    surface = skia.Surface(400, 720)
    canvas = surface.getCanvas()
    canvas.clear(0)
    show(canvas)
    return surface.toarray()


def test_a_panel_of_400_by_720_is_the_stage_itself():
    assert (PANEL.scale, PANEL.top) == (1.0, 0.0)
    assert PANEL.covering(Area(-198, 2, 198, 718)) == skia.IRect.MakeLTRB(-1, -1, 401, 721)


@pytest.mark.parametrize(("width", "height"), [(600, 1080), (640, 360), (300, 300), (200, 600), (1920, 1080)])
def test_head_and_shoulders_are_in_every_picture(width, height):
    pixels = Crop.of(width, height).covering(Area(-125, 95, 125, 560))

    assert pixels.top() >= -1
    assert pixels.bottom() <= height + 1
    assert pixels.left() >= -1
    assert pixels.right() <= width + 1


def test_a_head_that_leans_to_the_right_has_its_crown_there():
    upright, aside = baked(RINGS, PANEL, 0.0), baked(RINGS, PANEL, 3.0)

    assert middle_of(aside)[0] - middle_of(upright)[0] > 5


def test_an_upright_layer_is_where_it_was_painted():
    x, y = middle_of(baked(RINGS, PANEL, 0.0))

    assert abs(x - 200) < 1
    assert abs(y - 250) < 1


@pytest.mark.parametrize("shift", [(0.0, 0.0), (0.3, 0.7), (-5.5, 2.99), (0.999, -0.001)])
def test_skipping_what_is_empty_changes_no_pixel(shift):
    layer = baked(RINGS, PANEL, 1.5)

    skipped = pixels_after(lambda canvas: layer.show(canvas, *shift))
    plain = pixels_after(lambda c: c.drawImage(layer.image, layer.x + shift[0], layer.y + shift[1], LINEAR))

    assert skipped.any()
    assert np.array_equal(skipped, plain)


def test_the_painted_region_leaves_the_hole_out():
    alpha = np.zeros((100, 200), np.uint8)
    alpha[40:60, 10:20] = alpha[40:60, 150:160] = 255
    region = painted_region(alpha)

    assert region.contains(15, 50)
    assert region.contains(155, 50)
    assert not region.contains(85, 50)
    assert not region.contains(15, 90)


def test_an_empty_layer_has_an_empty_region():
    assert painted_region(np.zeros((10, 10), np.uint8)).isEmpty()


def test_a_still_layer_is_cut_to_the_picture():
    layer = still(lambda canvas: canvas.clear(skia.ColorWHITE), EVERYWHERE, PANEL)

    assert (layer.x, layer.y, layer.image.width(), layer.image.height()) == (0, 0, 400, 720)


def test_a_body_that_leans_to_the_right_is_further_there_the_higher_up():
    upright, aside = (leaning_body(RINGS, PANEL, lean).baked for lean in (0.0, 1.0))
    (x, y), (moved, lowered) = middle_of(upright), middle_of(aside)

    assert abs(moved - x - 850 * np.sin(np.radians(1))) < 0.8
    assert abs(lowered - y) < 1.0


def test_the_head_sways_with_the_body_and_the_elbows_less():
    pose = Pose(lean=1.0)

    assert shift_of(pose, 0)[0] == sway_of(pose, PIVOT[1])[0] > 2 * sway_of(pose, 912)[0] > 0


def test_a_lean_between_two_that_are_turned_puts_the_middle_where_it_belongs():
    exact, placed = baked(RINGS, PANEL, 1.125), leaning_head(RINGS, PANEL, 1.125)
    (x, y), (near_x, near_y) = middle_of(exact), middle_of(placed.baked)

    assert abs(near_x + placed.right - x) < 0.3
    assert abs(near_y + placed.down - y) < 0.3


def test_a_shelf_makes_a_thing_once():
    made = []
    shelf = Shelf(10_000_000)
    for _ in range(3):
        shelf.take("rings", lambda: made.append("rings") or baked(RINGS, PANEL, 0.0))

    assert made == ["rings"]


def test_a_shelf_keeps_no_more_than_there_is_room_for_and_drops_what_was_not_asked_for_longest():
    thing = baked(RINGS, PANEL, 0.0)
    shelf = Shelf(2 * thing.bytes)
    made = []
    for name in ("a", "b", "a", "c", "a", "b"):
        shelf.take(name, lambda name=name: made.append(name) or thing)

    assert made == ["a", "b", "c", "b"]


def test_what_is_in_front_travels_further_and_what_is_behind_the_other_way():
    pose = Pose(yaw=5.0, pitch=2.0)

    assert shift_of(pose, 100)[0] > shift_of(pose, 30)[0] > 0 > shift_of(pose, -10)[0]
    assert shift_of(pose, 100)[1] > 0
    assert shift_of(Pose(breath=2.0), 50) == (0.0, 1.6)
