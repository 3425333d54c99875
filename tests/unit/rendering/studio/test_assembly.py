"""A film shows one shot after the other, and its poster is its nicest frame."""

from __future__ import annotations

from dataclasses import replace

import pytest

from presgen.model.lesson import Framing
from presgen.rendering.studio.assembly import poster_frame
from presgen.rendering.studio.scene import HOME
from presgen.rendering.studio.stage.pose import REST, Mouth
from presgen.rendering.studio.timeline import FADE, MOVE, Change, Shot, Timeline

FRAMES = 320
TAUGHT = (Change(1, 0), Change(40, 1), Change(120, 2))
INSET = (
    Shot(0, 0, HOME),
    Shot(1, MOVE + 1, Framing.INSET),
    Shot(FRAMES - 1 - MOVE, FRAMES - 1, HOME),
)


AT_HOME = (Shot(0, 0, HOME),)


def make_timeline(*changes, shots=AT_HOME):
    return Timeline(FRAMES, tuple(shots), tuple(changes), (), (None,) * FRAMES)


@pytest.mark.parametrize("restless", [range(120, 180), ()], ids=["restless", "calm"])
def test_the_poster_shows_the_full_slide_open_eyes_and_a_closed_mouth(restless):
    busy = replace(REST, blink=1.0, mouth=Mouth(opening=0.8))
    poses = [busy if frame in restless else REST for frame in range(FRAMES)]

    frame = poster_frame(make_timeline(*TAUGHT, Change(FRAMES - FADE, None)), poses)
    assert 120 + FADE <= frame < FRAMES - FADE
    assert poses[frame] == REST


def test_a_section_with_one_slide_has_a_poster_of_it():
    frame = poster_frame(make_timeline(Change(1, 0), Change(FRAMES - FADE, None)), [REST] * FRAMES)

    assert FADE < frame < FRAMES - FADE


def test_the_poster_is_taken_before_the_presenter_goes_home():
    frame = poster_frame(make_timeline(*TAUGHT, shots=INSET), [REST] * FRAMES)

    assert 120 + FADE <= frame < FRAMES - 1 - MOVE


@pytest.mark.parametrize("last", [FRAMES - FADE - 12, FRAMES - MOVE - 2])
def test_a_slide_that_is_full_only_at_the_very_end_still_has_a_poster(last):
    frame = poster_frame(make_timeline(Change(1, 0), Change(last - FADE, 1), shots=INSET), [REST] * FRAMES)

    assert MOVE < frame < FRAMES - 1 - MOVE
