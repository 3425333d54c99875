"""The ruler finds what is wrong, and finds nothing on ordinary slides."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from presgen.brands import contrast, load_brand
from presgen.media.formats import Format
from presgen.media.picture import rgb_from_picture
from presgen.model.lesson import Framing
from presgen.rendering.studio.scene import scene_of
from presgen.rendering.studio.slides import draw_slides, faults, measure
from presgen.rendering.studio.slides.measure import NORMAL, Block, Extent
from tests.unit.rendering.studio.slides.samples import BULLETS, ORDINARY, QUESTION, STEPS, TITLE

ACME = Path(__file__).parents[3] / "brands" / "acme" / "acme.toml"
SHAPES = (Format("landscape", 1280, 720), Format("portrait", 720, 1280), Format("square", 720, 720))
SCENES = [
    pytest.param(scene_of(shape, framing), shape, id=f"{shape.name} {framing.value}")
    for shape in SHAPES
    for framing in (Framing.BESIDE, Framing.INSET, Framing.ABSENT)
]
AREA = Extent(0, 0, 880, 604)
FINE = Block(0, "title", Extent(56, 80, 700, 100), Extent(56, 80, 500, 40), 20, False, AREA)


def test_a_block_within_its_room_is_fine():
    assert faults([FINE, replace(FINE, taken=Extent(56, 130, 500, 40))]) == ()


@pytest.mark.parametrize(
    ("wrong", "fault"),
    [
        ({"taken": Extent(56, 80, 500, 120)}, "more than"),
        ({"taken": Extent(56, 80, 900, 40), "room": Extent(0, 0, 2000, 2000)}, "leaves the slide"),
        ({"shortened": True}, "is cut; up to"),
    ],
)
def test_a_block_that_is_wrong_is_told(wrong, fault):
    [told] = faults([replace(FINE, **wrong)])

    assert fault in told


def test_two_blocks_in_one_place_are_told_if_they_are_shown_together():
    other = replace(FINE, role="kicker")

    assert faults([FINE, other]) == ("Step 0: title and kicker overlap.",)
    assert faults([FINE, replace(other, step=1)]) == ()


def test_a_text_much_longer_than_normal_may_be_shortened():
    assert faults([replace(FINE, shortened=True, letters=NORMAL["title"] + 1)]) == ()


@pytest.mark.parametrize(("scene", "format"), SCENES)
@pytest.mark.parametrize("slide", ORDINARY.values(), ids=ORDINARY)
def test_ordinary_slides_have_no_faults_in_any_scene(slide, scene, format):
    blocks = measure(slide, STEPS[slide.layout], "en-US", scene, format, load_brand("house"))

    assert faults(blocks) == ()
    assert not any(block.shortened for block in blocks)
    assert {block.step for block in blocks} == set(range(STEPS[slide.layout] + 1))


def test_what_is_measured_is_where_the_ink_is():
    shape = SHAPES[0]
    scene, brand = scene_of(shape, Framing.BESIDE), load_brand("house")
    [title] = [block for block in measure(BULLETS, 0, "en-US", scene, shape, brand) if block.role == "title"]
    slides = draw_slides(BULLETS, 0, "en-US", scene, shape, brand)
    ink = slides.steps[0].y.astype(int) < 90
    top, bottom = int(title.taken.y), int(title.taken.y + title.taken.height)
    columns = np.nonzero(ink[top : bottom + 1].any(axis=0))[0]

    assert columns[0] == pytest.approx(title.taken.x, abs=5)
    assert columns[-1] == pytest.approx(title.taken.x + title.taken.width, abs=5)


def test_nothing_moves_from_step_to_step():
    shape = SHAPES[0]
    for slide in ORDINARY.values():
        blocks = measure(
            slide, STEPS[slide.layout], "en-US", scene_of(shape, Framing.BESIDE), shape, load_brand("house")
        )
        shown = [
            {(b.role, b.room, b.taken) for b in blocks if b.step == step}
            for step in range(STEPS[slide.layout] + 1)
        ]

        for before, after in pairwise(shown):
            # A note under a listing gives way to the next one.
            assert {each for each in before if each[0] != "note"} <= after


def test_text_that_runs_from_the_right_stands_at_the_right():
    slide = BULLETS.model_copy(
        update={
            "title": "ما هو قناع الشبكة",
            "kicker": "شبكات",
            "points": (("القناع", "يفصل بين جزأين"),) * 3,
        }
    )
    shape = SHAPES[0]
    blocks = measure(slide, 3, "ar", scene_of(shape, Framing.BESIDE), shape, load_brand("house"))
    [title] = [block for block in blocks if block.role == "title" and block.step == 0]

    assert title.taken.x + title.taken.width == pytest.approx(880 - 56, abs=1)
    assert faults(blocks) == ()


@pytest.mark.parametrize("slide", [BULLETS, TITLE, QUESTION], ids=["bullets", "title", "question"])
@pytest.mark.parametrize(("scene", "format"), SCENES)
def test_a_logo_stands_clear_of_all_words(scene, format, slide):
    brand = load_brand(str(ACME))
    plain = brand.model_copy(update={"logo": None})
    slide = slide.model_copy(
        update={"kicker": "A very long line over the title that goes on and on for ever"}
    )
    with_logo, without = (draw_slides(slide, 3, "en-US", scene, format, each) for each in (brand, plain))
    bare, ground = with_logo.paper.y.astype(int), without.paper.y.astype(int)
    rows, columns = (np.nonzero((np.abs(bare - ground) > 4).any(axis=axis))[0] for axis in (1, 0))
    assert len(rows)
    logo = Extent(
        float(columns[0] - with_logo.x),
        float(rows[0] - with_logo.y),
        float(columns[-1] - columns[0]),
        float(rows[-1] - rows[0]),
    )

    assert logo.width <= 150
    assert logo.height <= 40
    assert logo.x + logo.width > with_logo.steps[0].width / 2
    blocks = measure(slide, 3, "en-US", scene, format, brand)
    assert not any(block.taken.meets(logo) for block in blocks)


@pytest.mark.parametrize("name", ["house", "dusk", str(ACME)])
@pytest.mark.parametrize("slide", ORDINARY.values(), ids=ORDINARY)
def test_words_stand_out_on_the_picture_itself(slide, name):
    shape = SHAPES[0]
    scene, brand = scene_of(shape, Framing.ABSENT), load_brand(name)
    steps = STEPS[slide.layout]
    pixels = rgb_from_picture(draw_slides(slide, steps, "en-US", scene, shape, brand).steps[-1])
    checked = 0
    for block in measure(slide, steps, "en-US", scene, shape, brand):
        if block.step != steps or block.role == "code":
            continue
        x, y = int(block.taken.x), int(block.taken.y)
        right, bottom = x + int(block.taken.width) + 2, y + int(block.taken.height) + 2
        patch = pixels[y:bottom, x:right].reshape(-1, 3).astype(float)
        # Just beside the words there is nothing but their ground.
        ground = np.median(pixels[y:bottom, x - 5 : x - 2].reshape(-1, 3), axis=0)
        letters = patch[np.abs(patch - ground).sum(axis=1).argmax()]
        assert contrast(hexed(letters), hexed(ground)) >= 4.2, (block.role, letters, ground)
        checked += 1

    assert checked >= 2


def hexed(pixel):
    return "#" + bytes(int(each) for each in pixel).hex().upper()
