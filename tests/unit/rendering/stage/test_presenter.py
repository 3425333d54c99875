from __future__ import annotations

import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest

from presgen.rendering.studio.stage.performance import perform
from presgen.rendering.studio.stage.pose import REST, Mouth, Pose
from presgen.rendering.studio.stage.presenter import Presenter
from presgen.rendering.studio.stage.presenters import presenters
from tests.unit.rendering.stage.speech import make_talk

OPEN = replace(REST, mouth=Mouth(opening=1.0, teeth=0.5, tongue=0.5))
POSES = [
    REST,
    OPEN,
    replace(OPEN, blink=1.0),
    replace(REST, gaze_x=-0.75, brow=0.5),
    Pose(yaw=4.0, pitch=-2.0, roll=2.5, breath=1.0),
    Pose(yaw=4.0, pitch=-2.0, roll=2.5, breath=1.25),
    Pose(yaw=-4.0, pitch=2.0, roll=-2.5, breath=1.25, mouth=Mouth(opening=0.5)),
    replace(REST, breath=2.5),
]


def make_presenter(width=200, height=360, label="", look="ava"):
    return Presenter(presenters[look], width, height, label)


def picture(pose, **arguments):
    return make_presenter(**arguments).draw(pose).pixels.copy()


def differing(first, second):
    """Rows and columns of the pixels that differ, in an array of (row, column)."""
    return np.argwhere((first != second).any(axis=2))


def test_the_first_picture_is_all_change_and_the_same_pose_again_is_none():
    presenter = make_presenter()

    first, again = presenter.draw(REST), presenter.draw(REST)

    assert (first.changed.x, first.changed.y, first.changed.width, first.changed.height) == (0, 0, 200, 360)
    assert again.changed is None


def test_a_picture_depends_on_its_pose_alone():
    presenter = make_presenter(label="Ava")
    for pose in POSES:
        drawn = presenter.draw(pose)

        assert np.array_equal(drawn.pixels, picture(pose, label="Ava"))


def test_nothing_changes_outside_the_box():
    presenter = make_presenter(label="Ava")
    before = presenter.draw(REST).pixels.copy()
    for pose in perform(make_talk(4), 120, seed=3):
        drawn = presenter.draw(pose)
        after = drawn.pixels.copy()
        if drawn.changed is not None:
            before[drawn.changed.rows, drawn.changed.columns] = after[
                drawn.changed.rows, drawn.changed.columns
            ]
        assert np.array_equal(before, after)


def test_boxes_fit_chroma_and_the_picture():
    presenter = make_presenter(width=202, height=358)
    boxes = [presenter.draw(pose).changed for pose in POSES]

    assert all(box.x % 2 == box.y % 2 == box.width % 2 == box.height % 2 == 0 for box in boxes)
    assert all(
        0 <= box.x < box.x + box.width <= 202 and 0 <= box.y < box.y + box.height <= 358 for box in boxes
    )


def test_a_mouth_that_moves_leaves_the_rest_of_the_picture_alone():
    presenter = make_presenter(width=400, height=720)
    presenter.draw(REST)

    box = presenter.draw(OPEN).changed

    assert box.y > 300
    assert box.width * box.height < 0.15 * 400 * 720


def test_a_blink_changes_the_eyes_only():
    rows = differing(picture(REST), picture(replace(REST, blink=1.0)))[:, 0]

    assert 0.28 < rows.min() / 360 < rows.max() / 360 < 0.45


def test_an_open_mouth_is_dark_inside_and_lowers_the_chin():
    shut, opened = picture(REST, width=400, height=720), picture(OPEN, width=400, height=720)
    rows = differing(shut, opened)[:, 0]

    assert (opened[370:400, 190:210, :3].max(axis=2) < 100).sum() > (
        shut[370:400, 190:210, :3].max(axis=2) < 100
    ).sum() + 100
    assert rows.max() > 431


def test_turning_moves_the_nose_further_than_the_hair():
    presenter = make_presenter(width=400, height=720)
    ahead = presenter.draw(REST).pixels.astype(int)[330:345, 150:260].sum(axis=(0, 2))
    turned = presenter.draw(Pose(yaw=4.0)).pixels.astype(int)[330:345, 150:260].sum(axis=(0, 2))
    shifts = {by: np.abs(turned[10 + by : 90 + by] - ahead[10:90]).sum() for by in range(-9, 10)}

    assert 6 <= min(shifts, key=shifts.get) <= 9


def test_pixels_are_blue_green_red_and_opaque():
    pixels = picture(REST)

    assert (pixels[..., 3] == 255).all()
    assert pixels[20, 20, 0] > pixels[20, 20, 2] + 40


def test_the_label_lies_in_the_lower_left_corner():
    where = differing(picture(REST, width=400, height=720), picture(REST, width=400, height=720, label="Ava"))

    assert where[:, 0].min() > 640
    assert where[:, 1].max() < 200


def test_a_long_label_is_wider():
    short, long = (
        differing(picture(REST), picture(REST, label=label))[:, 1].max()
        for label in ("Ava", "Ava · AI presenter")
    )

    assert long > short


@pytest.mark.parametrize(("width", "height"), [(63, 400), (400, 10)])
def test_a_stage_too_small_to_see_a_mouth_is_refused(width, height):
    with pytest.raises(ValueError, match=rf"{width}x{height} is too small"):
        make_presenter(width, height)


@pytest.mark.parametrize(("width", "height"), [(64, 64), (101, 181), (640, 360), (120, 480)])
def test_the_head_is_in_the_middle_of_any_stage(width, height):
    presenter = make_presenter(width, height)
    before = presenter.draw(REST).pixels.copy()
    where = differing(before, presenter.draw(replace(REST, blink=1.0)).pixels)

    assert abs(where[:, 1].mean() - width / 2) < 0.03 * width + 1
    assert 0.2 < where[:, 0].mean() / height < 0.6


def test_twice_the_size_shows_twice_the_picture():
    small = picture(REST, width=200, height=360).astype(int)
    large = picture(REST, width=400, height=720).astype(int)
    halved = large.reshape(360, 2, 200, 2, 4).mean(axis=(1, 3))

    assert np.abs(halved - small).mean() < 2.0


def test_another_process_draws_the_same():
    program = (
        "from presgen.rendering.studio.stage import Mouth, Pose, Presenter, presenters\n"
        "import hashlib\n"
        "presenter = Presenter(presenters['ava'], 120, 216, 'Ava')\n"
        "pose = Pose(yaw=2.0, roll=1.0, breath=1.0, mouth=Mouth(opening=0.5))\n"
        "print(hashlib.sha256(presenter.draw(pose).pixels.tobytes()).hexdigest())"
    )
    digests = {
        subprocess.run(
            [sys.executable, "-c", program],
            env={"PYTHONPATH": ":".join(sys.path), "PYTHONHASHSEED": hash_seed},
            capture_output=True,
            check=True,
        ).stdout
        for hash_seed in ("1", "2")
    }

    assert len(digests) == 1
