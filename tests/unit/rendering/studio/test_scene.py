"""In every framing and shape things have room of their own."""

from __future__ import annotations

from itertools import combinations, product

import pytest

from presgen.errors import BadInput
from presgen.media.formats import Format
from presgen.model.lesson import Framing
from presgen.rendering.studio.scene import (
    HOME,
    Box,
    framing_of,
    opens_full,
    require_room,
    scale_of,
    scene_of,
    shape_of,
)
from tests.factories import make_section

SIZES = {"landscape": (1280, 720), "portrait": (720, 1280), "square": (720, 720)}
SCENES = [
    pytest.param(scene_of(Format(shape, *size), framing), Box(0, 0, *size), id=f"{shape}-{framing}")
    for (shape, size), framing in product(SIZES.items(), Framing)
]
every_scene = pytest.mark.parametrize(("scene", "whole"), SCENES)


def boxes(scene):
    named = {name: getattr(scene, name) for name in ("slide", "presenter", "captions", "line", "note")}
    return {name: box for name, box in named.items() if box is not None}


def within(inner, outer):
    return (
        outer.x <= inner.x
        and outer.y <= inner.y
        and inner.right <= outer.right
        and inner.bottom <= outer.bottom
    )


@every_scene
def test_nothing_leaves_the_picture(scene, whole):
    assert all(within(box, whole) for box in (*boxes(scene).values(), scene.paper))


@every_scene
def test_slide_captions_and_line_lie_on_the_paper(scene, whole):
    assert all(within(box, scene.paper) for name, box in boxes(scene).items() if name != "presenter")


@every_scene
def test_nothing_covers_anything_else(scene, whole):
    """But for captions on a presenter who has the picture, and the label on the edge of a tile."""
    allowed = {frozenset({"presenter", "note"})}
    if scene.framing is Framing.FULL:
        allowed.add(frozenset({"presenter", "captions"}))

    met = {
        frozenset({one, other})
        for (one, first), (other, second) in combinations(boxes(scene).items(), 2)
        if first.meets(second)
    }
    assert met <= allowed


@every_scene
@pytest.mark.parametrize("lines", [360, 720, 1080, 1440])
def test_all_edges_are_even_pixels(scene, whole, lines):
    scale = lines / 720

    for box in (*boxes(scene).values(), scene.paper):
        for side in (box.x, box.y, box.width, box.height):
            assert (side * scale) % 2 == 0


@every_scene
def test_a_caption_has_room_for_two_lines(scene, whole):
    assert scene.captions.height >= 2 * 1.32 * scene.lettering + 22 + 4


@every_scene
def test_the_presenter_is_told_to_be_made_by_a_machine_wherever_they_are_seen_or_heard(scene, whole):
    inside = scene.presenter is not None and not scene.inset_radius

    assert inside is (scene.note is None)


@pytest.mark.parametrize(("shape", "size"), SIZES.items())
def test_a_shape_is_known_by_its_proportions(shape, size):
    double = Format("twice", 2 * size[0], 2 * size[1])

    assert shape_of(double) == shape
    assert scale_of(double) == 2


def test_a_dense_slide_leaves_the_presenter_less_room_unless_the_section_says_otherwise():
    from presgen.model.lesson import CodeSlide

    code = CodeSlide(kicker="Shell", title="Ping", language="bash", code="ping host")

    assert framing_of(make_section()) is HOME
    assert framing_of(make_section(slide=code)) is Framing.ABSENT
    assert framing_of(make_section(slide=code, framing=Framing.INSET)) is Framing.INSET


def test_only_a_lesson_opens_with_the_presenter_alone():
    from presgen.model.lesson import SectionKind

    assert [kind for kind in SectionKind if opens_full(make_section(kind))] == [SectionKind.OPENING]


@pytest.mark.parametrize("size", [(1280, 720), (1920, 1080), (720, 1280), (1080, 1080), (640, 360)])
def test_a_format_is_filled(size):
    require_room(Format("right", *size))


@pytest.mark.parametrize("size", [(1280, 800), (1024, 576), (700, 700), (2, 2)])
def test_a_format_that_no_scene_fills_is_refused_by_name(size):
    with pytest.raises(BadInput, match="'wrong'"):
        require_room(Format("wrong", *size))
