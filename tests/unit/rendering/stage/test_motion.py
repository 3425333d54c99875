from __future__ import annotations

import numpy as np
import pytest

from presgen.rendering.studio.stage.motion import REST_FRAMES, Rhythm, move, rest_envelope

SEEDS = [1, 7, 2026]


def make_rhythm(seconds=20.0, sentences=(), stresses=()):
    return Rhythm((np.arange(int(seconds * 30)) + 0.5) / 30, tuple(sentences), tuple(stresses), fps=30)


def blinks_of(motion):
    shut = motion.blink >= 1.0
    return np.flatnonzero(shut & ~np.roll(shut, 1))


@pytest.mark.parametrize("seed", SEEDS)
def test_eyes_blink_every_few_seconds(seed):
    blinks = blinks_of(move(make_rhythm(60), seed))

    assert 10 <= len(blinks) <= 26
    assert np.diff(blinks).min() > 30


@pytest.mark.parametrize("seed", SEEDS)
def test_a_blink_is_over_in_a_fifth_of_a_second(seed):
    lids = move(make_rhythm(60), seed).blink

    assert (
        2
        <= np.mean([np.count_nonzero(lids[at - 1 : at + 5]) for at in blinks_of(move(make_rhythm(60), seed))])
        <= 6
    )


@pytest.mark.parametrize("seed", SEEDS)
def test_eyes_look_at_the_viewer_most_of_the_time_and_at_the_slide_sometimes(seed):
    motion = move(make_rhythm(60, sentences=np.arange(1, 58, 4)), seed)
    away = np.abs(motion.gaze_x) > 0.2

    assert 0.02 < away.mean() < 0.3
    assert motion.gaze_x.min() < -0.5
    assert motion.gaze_x.max() <= 0.0


@pytest.mark.parametrize("seed", SEEDS)
def test_the_head_nods_on_a_stress(seed):
    still, stressed = (move(make_rhythm(10, stresses=stresses), seed) for stresses in ((), (5.0,)))
    nod = stressed.pitch[5 * 30 : 5 * 30 + 10].max() - still.pitch[5 * 30 : 5 * 30 + 10].max()

    assert nod > 0.2 or stressed.brow[150:160].max() > still.brow[150:160].max() + 0.05
    assert stressed.brow[100] == still.brow[100] == 0.0


@pytest.mark.parametrize("seed", SEEDS)
def test_brows_rise_where_a_sentence_starts(seed):
    motion = move(make_rhythm(10, sentences=(3.0, 6.0)), seed)

    assert motion.brow[int(3.15 * 30)] > 0.4
    assert motion.brow[int(4.5 * 30)] < 0.01


@pytest.mark.parametrize("seed", SEEDS)
def test_the_head_turns_with_the_sentences(seed):
    motion = move(make_rhythm(12, sentences=(2.0, 6.0)), seed)
    first, second = motion.yaw[90:160].mean(), motion.yaw[220:300].mean()

    assert abs(first - second) > 0.5


@pytest.mark.parametrize("seed", SEEDS)
def test_nothing_moves_in_jerks(seed):
    motion = move(make_rhythm(30, np.arange(1, 28, 2.5), np.arange(1, 28, 0.45)), seed)

    for curve, most in ((motion.yaw, 0.6), (motion.pitch, 0.6), (motion.roll, 0.3), (motion.breath, 0.2)):
        assert np.abs(np.diff(curve)).max() < most


@pytest.mark.parametrize("seed", SEEDS)
def test_the_head_never_turns_further_than_a_flat_head_can(seed):
    motion = move(make_rhythm(60, np.arange(1, 58, 2.5), np.arange(1, 58, 0.45)), seed)

    assert max(np.abs(curve).max() for curve in (motion.yaw, motion.pitch, motion.roll)) < 6.0


def test_the_chest_rises_and_sinks_about_fourteen_times_a_minute():
    breath = move(make_rhythm(60), 1).breath
    tops = np.flatnonzero((breath[1:-1] < breath[:-2]) & (breath[1:-1] <= breath[2:]))

    assert 12 <= len(tops) <= 16
    assert breath.min() >= 0.0


def test_the_same_seed_moves_the_same_way():
    rhythm = make_rhythm(10, (1.0,), (2.0, 3.0))

    assert np.array_equal(move(rhythm, 5).yaw, move(rhythm, 5).yaw)
    assert not np.array_equal(move(rhythm, 5).yaw, move(rhythm, 6).yaw)


@pytest.mark.parametrize("frames", [0, 1, 8, 15, 16, 17, 48])
def test_both_ends_are_at_rest_however_short_it_is(frames):
    envelope = rest_envelope(frames)

    assert len(envelope) == frames
    assert not envelope[:REST_FRAMES].any()
    assert not envelope[-REST_FRAMES:].any()
