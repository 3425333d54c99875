"""A view shows each frame by changing what changed, and nothing else."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from presgen.brands import load_brand
from presgen.media.formats import formats
from presgen.media.picture import Picture, blank, picture_from_bgra
from presgen.model.lesson import Framing
from presgen.rendering.studio.scene import HOME, scene_of
from presgen.rendering.studio.slides.deck import Growth, Slides
from presgen.rendering.studio.stage.pose import REST
from presgen.rendering.studio.timeline import FADE, SWEEP, Caption, Change, Shot, Timeline, Token
from presgen.rendering.studio.view import View, lay_out_backdrop

FRAMES = 160
PALETTE = load_brand("house").palette
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
    shots = (Shot(0, 0, HOME),)
    return Timeline(FRAMES, shots, tuple(changes), tuple(captions), spoken or (None,) * FRAMES)


class Still:
    """A presenter who is there and draws nothing."""

    caption = None

    def enter(self, canvas, pose):
        pass

    def show(self, canvas, pose):
        return False


def make_view(slides, timeline, framing=HOME, actor=None):
    scene = scene_of(formats["landscape"], framing)
    backdrop = lay_out_backdrop(scene, slides.paper_pixels, 1280, 720, 1.0, PALETTE, "Ava · AI voice")
    return View(scene, 1.0, PALETTE, backdrop, timeline, slides, actor)


def shown(slides, timeline, framing=HOME, actor=None):
    """Return a copy of the picture at every frame."""
    picture = blank(1280, 720)
    view = make_view(slides, timeline, framing, actor)
    copies = []
    for frame in range(timeline.frames):
        view.show(picture, frame, REST) if frame else view.enter(picture, frame, REST)
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


def test_the_presenters_part_is_left_to_the_presenter():
    frames = shown(make_slides(), make_timeline(Change(1, 0), Change(40, 2), captions=(CAPTION,)))

    assert all((frame.y[:, 880:] == frames[0].y[:, 880:]).all() for frame in frames)


def test_without_a_presenter_most_frames_are_the_one_before():
    timeline = make_timeline(Change(1, 0), Change(40, 1), captions=(CAPTION,))
    picture, view = blank(1280, 720), make_view(make_slides(), timeline, Framing.ABSENT)
    view.enter(picture, 0, REST)
    before, told, seen = picture.copy(), [], []
    for frame in range(1, FRAMES):
        told.append(view.show(picture, frame, REST))
        seen.append(any((a != b).any() for a, b in zip(picture.planes, before.planes, strict=True)))
        before = picture.copy()

    assert sum(told) < 40
    assert all(claimed for claimed, differs in zip(told, seen, strict=True) if differs)


def test_a_view_entered_late_shows_the_slide_that_is_due():
    slides = make_slides()
    timeline = make_timeline(Change(-FADE, 0), Change(40, 1), Change(80, 2))
    picture = blank(1280, 720)
    make_view(slides, timeline).enter(picture, 70, REST)

    assert same(picture, slides.steps[1])


def test_the_ground_under_a_move_is_the_slide_without_what_is_on_it():
    slides = make_slides()
    timeline = make_timeline(Change(-FADE, 0), captions=(CAPTION,))
    ground = make_view(slides, timeline).ground(70)

    assert same(ground, slides.steps[0])
    assert (ground.y[604:] == ground.y[604, 0]).all()


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
    frames = shown(make_slides(), make_timeline(Change(1, 0)), actor=Still())
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
