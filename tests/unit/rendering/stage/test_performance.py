from __future__ import annotations

import subprocess
import sys
from itertools import pairwise

import pytest

from presgen.rendering.studio.stage.performance import perform
from presgen.rendering.studio.stage.pose import REST
from tests.unit.rendering.stage.speech import make_narration, make_talk, spoken


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_first_and_last_eight_poses_are_at_rest(seed):
    poses = perform(make_talk(12), 360, seed)

    assert set(poses[:8]) == set(poses[-8:]) == {REST}
    assert len(set(poses)) > 100


def test_a_narration_that_starts_and_ends_too_early_is_at_rest_all_the_same():
    poses = perform(make_narration(spoken("ɑ" * 20, start=0.0)), 60, seed=1)

    assert set(poses[:8]) == set(poses[-8:]) == {REST}
    assert poses[30].mouth.opening > 0.5


@pytest.mark.parametrize("frames", [1, 16, 32])
def test_there_is_a_pose_for_each_frame(frames):
    assert len(perform(make_talk(12), frames, seed=1)) == frames


def test_poses_lie_on_the_grid_so_that_equal_ones_are_equal():
    poses = perform(make_talk(12), 360, seed=4)

    assert all(pose == pose.snapped() for pose in poses)


def test_frames_repeat_while_nothing_is_said():
    poses = perform(make_narration(duration=20), 600, seed=4)
    still = sum(before == after for before, after in pairwise(poses))

    assert still > 200


def test_the_seed_decides_and_nothing_else():
    narration = make_talk(12)

    assert perform(narration, 360, seed=5) == perform(narration, 360, seed=5)
    assert perform(narration, 360, seed=5) != perform(narration, 360, seed=6)


def test_another_process_performs_the_same():
    program = (
        "from tests.unit.rendering.stage.speech import make_talk\n"
        "from presgen.rendering.studio.stage.performance import perform\n"
        "import hashlib\n"
        "print(hashlib.sha256(repr(perform(make_talk(12), 360, 5)).encode()).hexdigest())"
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
