from __future__ import annotations

from presgen.rendering.studio.stage.pose import REST, Mouth, Pose


def test_poses_that_differ_too_little_to_be_seen_are_equal_on_the_grid():
    first = Pose(yaw=1.01, roll=-0.02, blink=0.501, mouth=Mouth(opening=0.249)).snapped()
    second = Pose(yaw=0.99, roll=0.02, blink=0.499, mouth=Mouth(opening=0.251)).snapped()

    assert first == second
    assert len({first, second}) == 1


def test_snapping_twice_changes_nothing():
    pose = Pose(yaw=1.234, pitch=-0.777, breath=0.9, gaze_x=-0.3, mouth=Mouth(width=0.87, tuck=0.4)).snapped()

    assert pose.snapped() == pose


def test_zero_has_no_sign_on_the_grid():
    assert repr(Pose(yaw=-0.001).snapped()) == repr(Pose(yaw=0.001).snapped())


def test_rest_lies_on_the_grid_with_closed_lips():
    assert REST.snapped() == REST
    assert REST.mouth.opening == 0
