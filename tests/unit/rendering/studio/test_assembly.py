"""A screen shows each frame by changing what changed, and nothing else."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from presgen.media.picture import Picture, blank, picture_from_bgra
from presgen.rendering.studio.assembly import Screen, poster_frame
from presgen.rendering.studio.slides.deck import Growth, Slides
from presgen.rendering.studio.stage.pose import REST
from presgen.rendering.studio.timeline import FADE, SWEEP, Caption, Change, Timeline, Token

FRAMES = 160
CAPTION = Caption(60, 80, ((Token("subnet", 0), Token("mask", 1)),))


def make_step(level, column):
    """Return a slide of which one block differs from the paper."""
    pixels = np.full((604, 880, 4), 240, np.uint8)
    pixels[100:200, column : column + 100] = level
    return picture_from_bgra(pixels)


def make_slides(growth=None):
    pixels = np.full((720, 880, 4), 240, np.uint8)
    steps = (make_step(0, 100), make_step(80, 300), make_step(160, 500), make_step(200, 700))
    if growth is not None:
        for step in steps[2:]:
            step.put(growth.pictures[-1], growth.x, growth.y)
    return Slides(picture_from_bgra(pixels), pixels, steps, growth)


def make_growth(count=10):
    levels = [picture_from_bgra(np.full((40, 60, 4), 5 * number, np.uint8)) for number in range(count)]
    return Growth(400, 400, tuple(levels))


def make_timeline(*changes, captions=(), spoken=None):
    return Timeline(FRAMES, tuple(changes), tuple(captions), spoken or (None,) * FRAMES)


def shown(slides, timeline):
    """Return a copy of the picture at every frame."""
    picture = blank(1280, 720)
    screen = Screen(picture, slides, timeline)
    copies = []
    for frame in range(timeline.frames):
        screen.show(frame)
        copies.append(picture.copy())
    return copies


def same(one: Picture, other: Picture, rows=604):
    return all(
        (
            a[: rows * a.shape[0] // one.height, :][:, : b.shape[1]] == b[: rows * a.shape[0] // one.height]
        ).all()
        for a, b in zip(one.planes, other.planes, strict=True)
    )


def test_a_section_begins_and_ends_with_bare_paper():
    slides = make_slides()
    frames = shown(slides, make_timeline(Change(1, 0), Change(FRAMES - FADE, None)))

    assert same(frames[0], slides.paper, rows=720)
    assert same(frames[-1], slides.paper, rows=720)


def test_a_faded_slide_is_exactly_that_slide():
    slides = make_slides()
    frames = shown(slides, make_timeline(Change(1, 0), Change(40, 1)))

    assert same(frames[FADE], slides.steps[0])
    assert same(frames[39], slides.steps[0])
    assert same(frames[40 + FADE], slides.steps[1])


def test_a_fade_goes_steadily_from_one_slide_to_the_other():
    frames = shown(make_slides(), make_timeline(Change(-FADE, 0), Change(40, 1)))

    levels = [int(frame.y[150, 150]) for frame in frames[39 : 40 + FADE]]
    assert levels == sorted(levels)
    assert len(set(levels)) > FADE - 2


def test_the_first_frame_shows_a_slide_that_was_there_before():
    slides = make_slides()

    assert same(shown(slides, make_timeline(Change(-FADE, 0)))[0], slides.steps[0])


def test_a_step_beyond_the_last_slide_shows_the_last():
    slides = make_slides()

    assert same(shown(slides, make_timeline(Change(0, 9)))[20], slides.steps[3])


def test_between_changes_nothing_is_drawn_but_the_line():
    frames = shown(make_slides(), make_timeline(Change(1, 0)))

    for frame in range(20, 40):
        assert (frames[frame].y[:716] == frames[frame - 1].y[:716]).all()


def test_the_presenters_part_is_left_alone():
    frames = shown(make_slides(), make_timeline(Change(1, 0), Change(40, 2), captions=(CAPTION,)))

    assert all((frame.y[:, 880:] == 16).all() for frame in frames)


def test_a_caption_appears_marks_its_words_and_leaves_no_trace():
    spoken = tuple(0 if 60 <= frame < 70 else 1 if 70 <= frame < 78 else None for frame in range(FRAMES))
    frames = shown(make_slides(), make_timeline(Change(1, 0), captions=(CAPTION,), spoken=spoken))
    foot = slice(604, 716)

    assert (frames[59].y[foot] == frames[30].y[foot]).all()
    assert (frames[60].y[foot] != frames[59].y[foot]).any()
    assert (frames[69].y[foot] == frames[60].y[foot]).all()
    assert (frames[70].u[302:358] != frames[69].u[302:358]).any()
    assert all(
        (
            a[604 * a.shape[0] // 720 : 716 * a.shape[0] // 720]
            == b[604 * a.shape[0] // 720 : 716 * a.shape[0] // 720]
        ).all()
        for a, b in zip(frames[80].planes, frames[59].planes, strict=True)
    )


def test_captions_stay_clear_of_a_fading_slide():
    captions = (replace(CAPTION, start=38, end=80),)
    frames = shown(make_slides(), make_timeline(Change(1, 0), Change(40, 1), captions=captions))

    assert (frames[44].y[604:716] == frames[39].y[604:716]).all()


def test_the_line_grows_and_leaves():
    frames = shown(make_slides(), make_timeline(Change(1, 0)))
    lengths = [int((frame.y[718, :880] < 200).sum()) for frame in frames]

    assert lengths[0] == lengths[-1] == 0
    assert lengths[: FRAMES - SWEEP] == sorted(lengths[: FRAMES - SWEEP])
    assert max(lengths) == 880


def test_a_chart_grows_after_its_slide_has_appeared():
    growth = make_growth()
    slides = make_slides(growth)
    frames = shown(slides, make_timeline(Change(1, 1), Change(40, 2)))
    levels = [int(frame.y[420, 430]) for frame in frames[40 + FADE : 80]]

    assert levels[0] == int(growth.pictures[0].y[0, 0])
    assert levels == sorted(levels)
    assert len(set(levels)) == len(growth.pictures)
    assert same(frames[90], slides.steps[2])


def test_a_chart_overtaken_by_the_next_change_is_full_at_once():
    slides = make_slides(make_growth(40))
    frames = shown(slides, make_timeline(Change(1, 1), Change(40, 2), Change(60, 3)))

    assert same(frames[60 + FADE], slides.steps[3])
    assert same(frames[100], slides.steps[3])


def test_growing_changes_no_slide_for_good():
    slides = make_slides(make_growth())
    before = [step.copy() for step in slides.steps]
    shown(slides, make_timeline(Change(1, 1), Change(40, 2)))

    assert all(same(now, then) for now, then in zip(slides.steps, before, strict=True))


@pytest.mark.parametrize("blinks", [range(50, 62), ()], ids=["blinking", "looking"])
def test_the_poster_shows_the_second_slide_and_open_eyes(blinks):
    poses = [replace(REST, blink=1.0 if frame in blinks else 0.0) for frame in range(FRAMES)]
    timeline = make_timeline(Change(1, 0), Change(40, 1), Change(120, 2), Change(FRAMES - FADE, None))

    frame = poster_frame(timeline, poses)
    assert 40 + FADE <= frame < 120
    assert poses[frame].blink == 0


def test_a_section_with_one_slide_has_a_poster_of_it():
    frame = poster_frame(make_timeline(Change(1, 0), Change(FRAMES - FADE, None)), [REST] * FRAMES)

    assert FADE < frame < FRAMES - FADE
