from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import skia

from presgen.model.lesson import Framing
from presgen.rendering.studio.stage.features.arms import ARMS, ELBOW, holds_of, paint_arms, reached
from presgen.rendering.studio.stage.features.hands import Grip, HandShape, paint_hand
from presgen.rendering.studio.stage.motion import BELOW, REST_FRAMES, move
from presgen.rendering.studio.stage.paint import Area
from presgen.rendering.studio.stage.performance import held, perform
from presgen.rendering.studio.stage.pose import REST, Gesture, Pose
from presgen.rendering.studio.stage.presenter import Presenter
from presgen.rendering.studio.stage.presenters import presenters
from tests.unit.rendering.stage.speech import make_narration, make_talk
from tests.unit.rendering.stage.test_motion import make_rhythm

SEEDS = [1, 7, 2026]
GESTURES = [gesture for gesture in Gesture if gesture is not Gesture.NONE]
AVA = presenters["ava"]


def make_motion(seed, seconds=40.0):
    return move(make_rhythm(seconds, np.arange(1, seconds - 3, 4.0), np.arange(1, seconds - 3, 0.7)), seed)


def painted(paint, area=ARMS, faintest=1):
    surface = skia.Surface(round(area.right - area.left), round(area.bottom - area.top))
    canvas = surface.getCanvas()
    canvas.clear(0)
    canvas.translate(-area.left, -area.top)
    paint(canvas)
    return surface.toarray()[..., 3] >= faintest


def arms(gesture, reach):
    return painted(lambda canvas: paint_arms(canvas, AVA.sleeve, AVA.skin, AVA.hands, gesture, reach))


def fingertips(grip):
    """In how many pieces a line across the fingers cuts them, where it cuts most of them."""
    hand = painted(
        lambda canvas: paint_hand(canvas, AVA.skin, HandShape(), grip),
        area=Area(-60, -120, 200, 120),
        faintest=250,
    )
    beyond_the_palm = hand[:, 60 + 88 :].astype(int)
    return int((np.diff(beyond_the_palm, axis=0) == 1).sum(axis=0).max())


@pytest.mark.parametrize("seed", SEEDS)
def test_hands_speak_now_and_then_and_are_at_home_most_of_the_time(seed):
    motion = make_motion(seed)
    away = motion.reach > 0.05

    assert 0.1 < away.mean() < 0.75
    assert {gesture for gesture, gone in zip(motion.gesture, away, strict=True) if gone} == set(GESTURES)


@pytest.mark.parametrize("seed", SEEDS)
def test_hands_come_home_before_they_do_something_else(seed):
    motion = make_motion(seed)
    for frame in range(1, len(motion.gesture)):
        if motion.gesture[frame] != motion.gesture[frame - 1]:
            assert max(motion.reach[frame - 1], motion.reach[frame]) < 0.05


@pytest.mark.parametrize("seed", SEEDS)
def test_hands_never_jump(seed):
    assert np.abs(np.diff(make_motion(seed).reach)).max() < 0.13


@pytest.mark.parametrize("seed", SEEDS)
def test_hands_are_at_home_at_both_ends(seed):
    reach = make_motion(seed, seconds=9.0).reach

    assert not reach[:REST_FRAMES].any()
    assert not reach[-30:].any()


def test_who_says_nothing_has_hands_at_home():
    assert {pose.hands for pose in perform(make_narration(duration=20), 600, seed=4)} == {(Gesture.NONE, 0.0)}


def test_a_hand_that_has_not_left_does_nothing():
    assert replace(REST, gesture=Gesture.OPEN, reach=0.004).snapped() == REST


@pytest.mark.parametrize("gesture", GESTURES)
def test_a_gesture_begins_at_home(gesture):
    assert holds_of(gesture, 0.0) == holds_of(Gesture.NONE, 0.0)
    assert holds_of(gesture, 1.0) != holds_of(Gesture.NONE, 1.0)


def test_offering_moves_one_hand_out_and_up_and_opening_moves_both():
    home, offer, opened = (holds_of(gesture, 1.0) for gesture in (Gesture.NONE, Gesture.OFFER, Gesture.OPEN))

    assert offer[0].wrist[0] < ELBOW[0] < home[0].wrist[0]
    assert offer[0].wrist[1] < home[0].wrist[1] - 80
    assert offer[0].grip.palm == 1.0 > offer[1].grip.palm
    assert opened[0] == opened[1]


@pytest.mark.parametrize("gesture", GESTURES)
@pytest.mark.parametrize("reach", [0.0, 0.25, 0.5, 0.75, 1.0])
def test_arms_stay_within_what_is_redrawn_for_them(gesture, reach):
    seen, area = arms(gesture, reach), reached(gesture, reach)
    rows, columns = np.nonzero(seen)

    assert rows.min() + ARMS.top >= area.top
    assert columns.min() + ARMS.left >= area.left
    assert columns.max() + ARMS.left <= area.right
    assert not seen[0].any()
    assert not seen[:, 0].any()
    assert not seen[:, -1].any()


def test_an_open_hand_has_four_fingers_beside_its_thumb():
    assert fingertips(Grip(curl=0.0, spread=8.0, thumb=60.0, palm=1.0, length=1.0)) == 4


def test_gestures_are_seen_in_a_full_framing_only():
    offering = replace(REST, gesture=Gesture.OFFER, reach=1.0)
    for framing, seen in ((Framing.FULL, True), (Framing.BESIDE, False), (Framing.INSET, False)):
        presenter = Presenter(AVA, 320, 320, framing=framing)
        before = presenter.draw(REST).pixels.copy()

        assert (presenter.draw(offering).changed is not None) == seen
        assert np.array_equal(before, presenter.pixels) != seen


def test_a_hand_that_moves_leaves_the_head_alone():
    presenter = Presenter(AVA, 640, 360, framing=Framing.FULL)
    presenter.draw(REST)

    assert presenter.draw(replace(REST, gesture=Gesture.OPEN, reach=1.0)).changed.y > 180


def test_a_slide_below_is_looked_at_below():
    left, below = (perform(make_talk(30), 900, 3, slide=slide) for slide in ((-0.85, 0.15), BELOW))

    assert min(pose.gaze_x for pose in left) < -0.5 < min(pose.gaze_x for pose in below)
    assert max(pose.gaze_y for pose in below) > 0.5 > max(pose.gaze_y for pose in left)


def test_small_movements_wait_until_they_can_be_seen():
    places = np.linspace(0.0, 0.3, 31)[:, None]
    waited = held(places, (10.0,))

    assert len(set(waited[:, 0].tolist())) in (6, 7)
    assert np.abs(waited - places).max() * 10.0 < 0.5


def test_a_head_that_waits_goes_to_rest_at_once():
    assert held(np.array([[0.0], [0.2], [0.21], [0.0], [0.0]]), (3.0,))[:, 0].tolist() == [0, 0.2, 0.2, 0, 0]


def test_shoulders_lean_a_little():
    leans = [pose.lean for pose in perform(make_talk(30), 900, seed=3)]

    assert 0.1 < max(map(abs, leans)) <= 0.5
    assert Pose(lean=0.5).stance != REST.stance
