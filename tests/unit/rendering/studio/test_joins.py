"""Sections meet at home: whatever they show, the last frame of one is the first frame of the next."""

from __future__ import annotations

from functools import cache
from itertools import pairwise, product

import numpy as np
import pytest

from presgen.brands import load_brand
from presgen.media.captions import lay_out_cues
from presgen.media.formats import Format
from presgen.media.picture import blank
from presgen.model.lesson import Framing, SectionKind
from presgen.personas import load_persona
from presgen.rendering.studio.assembly import Film
from presgen.rendering.studio.scene import shape_of
from presgen.rendering.studio.stage.performance import perform
from presgen.rendering.studio.staging import build_views
from presgen.rendering.studio.timeline import MOVE, lay_out
from tests.factories import make_section
from tests.unit.rendering.studio.test_timeline import make_narration

SHAPES = {
    "landscape": Format("landscape", 640, 360),
    "portrait": Format("portrait", 360, 640),
    "square": Format("square", 720, 720),
}
KINDS = (SectionKind.OPENING, SectionKind.DEEP_DIVE)


@cache
def filmed(shape, framing, kind=SectionKind.DEEP_DIVE):
    """Return a copy of each frame of a short section, and its timeline."""
    shown, persona, brand = SHAPES[shape], load_persona("mentor"), load_brand("house")
    section = make_section(kind, framing=framing)
    narration = make_narration(*(sentence.text for sentence in section.sentences), word=0.14)
    frames = int(narration.duration * 30 / 16 + 2) * 16
    cues = lay_out_cues(narration.words, until=frames / 30)
    timeline = lay_out(section, narration, cues, frames, 30)
    views = build_views(section, persona, shown, brand, timeline)
    canvas, copies = blank(shown.width, shown.height), []
    film = Film(canvas, shape_of(shown), timeline, views, brand.palette)
    for frame, pose in enumerate(perform(narration, frames, 7)):
        film.show(frame, pose)
        copies.append(canvas.copy())
    return copies, timeline


def same(one, other):
    return all((a == b).all() for a, b in zip(one.planes, other.planes, strict=True))


def apart(one, other):
    return float(np.abs(one.y.astype(int) - other.y).mean())


every_film = pytest.mark.parametrize(
    ("shape", "framing"),
    [
        pytest.param(shape, framing, marks=[] if shape == "landscape" else pytest.mark.slow)
        for shape, framing in product(SHAPES, Framing)
    ],
)


@every_film
@pytest.mark.parametrize("kind", KINDS)
def test_every_section_ends_where_every_other_begins(shape, framing, kind):
    frames, _ = filmed(shape, framing, kind)
    others, _ = filmed(shape, Framing.BESIDE)

    assert same(frames[-1], others[0])


@every_film
def test_every_section_but_a_lessons_first_begins_at_home(shape, framing):
    frames, _ = filmed(shape, framing)
    others, _ = filmed(shape, Framing.BESIDE)

    assert same(frames[0], others[0])


@every_film
def test_the_picture_never_jumps(shape, framing):
    frames, timeline = filmed(shape, framing, SectionKind.OPENING)
    moving = {frame for shot in timeline.shots for frame in range(shot.start, shot.settled + 1)}
    steps = [apart(a, b) for a, b in pairwise(frames)]

    # A move carries the picture from one division to the other in many small steps, none of them most of it.
    for shot in timeline.shots[1:]:
        way = apart(frames[shot.start - 1], frames[shot.settled])
        taken = [apart(frames[frame - 1], frames[frame]) for frame in range(shot.start, shot.settled + 1)]
        assert len(taken) == MOVE + 1 or len(frames) < 3 * MOVE
        assert max(taken) < max(0.45 * way, 3.0)
    still = [step for frame, step in enumerate(steps, 1) if frame not in moving]
    assert max(still) < 20


@every_film
def test_the_framing_that_was_asked_for_is_seen(shape, framing):
    frames, timeline = filmed(shape, framing)
    others, _ = filmed(shape, Framing.BESIDE)
    middle = timeline.teaching.settled + 12

    assert (apart(frames[middle], others[middle]) > 2) is (framing is not Framing.BESIDE)


def test_an_opening_starts_with_the_presenter_alone():
    frames, _ = filmed("landscape", Framing.BESIDE, SectionKind.OPENING)
    alone, _ = filmed("landscape", Framing.FULL, SectionKind.OPENING)

    assert same(frames[0], alone[0])
    assert apart(frames[0], filmed("landscape", Framing.BESIDE)[0][0]) > 20
