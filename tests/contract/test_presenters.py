"""What every presenter promises."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
import skia

from presgen.personas import load_persona, persona_names
from presgen.rendering.studio.stage.look import Look, Piece
from presgen.rendering.studio.stage.pose import REST, Pose
from presgen.rendering.studio.stage.presenter import Presenter
from presgen.rendering.studio.stage.presenters import presenters
from presgen.rendering.studio.stage.visemes import VISEMES

LOOKS = [pytest.param(look, id=name) for name, look in presenters]
WIDTH, HEIGHT = 200, 360


def draw(look: Look, pose: Pose = REST, width: int = WIDTH, height: int = HEIGHT):
    return Presenter(look, width, height, "AI presenter").draw(pose).pixels.copy()


def difference(first, second) -> float:
    return float(np.abs(first.astype(int) - second.astype(int)).mean())


def painted_rim(piece: Piece, *, bottom: bool = True) -> int:
    """The strongest alpha in the outermost rows and columns of what a piece may paint."""
    area = piece.area
    surface = skia.Surface(round(area.right - area.left), round(area.bottom - area.top))
    canvas = surface.getCanvas()
    canvas.clear(0)
    canvas.translate(-area.left, -area.top)
    piece.paint(canvas)
    alpha = surface.toarray()[..., 3]
    rims = [alpha[0], alpha[:, 0], alpha[:, -1]] + ([alpha[-1]] if bottom else [])
    return int(max(rim.max() for rim in rims))


def test_there_is_a_presenter_for_every_persona():
    assert {load_persona(name).presenter for name in persona_names()} <= set(presenters.names())


def test_no_two_presenters_look_alike():
    pictures = {name: draw(look) for name, look in presenters}

    assert all(difference(pictures[a], pictures[b]) > 20 for a, b in combinations(pictures, 2))


@pytest.mark.parametrize("look", LOOKS)
def test_a_presenter_fills_the_stage(look):
    for width, height in ((WIDTH, HEIGHT), (320, 180), (100, 500)):
        assert (draw(look, width=width, height=height)[..., 3] == 255).all()


@pytest.mark.parametrize("look", LOOKS)
def test_two_presenters_of_one_look_are_the_same_to_the_pixel(look):
    pose = Pose(yaw=2.0, roll=1.0, mouth=VISEMES["e"])

    assert np.array_equal(draw(look, pose), draw(look, pose))


@pytest.mark.parametrize("look", LOOKS)
def test_every_viseme_can_be_told_from_every_other(look):
    presenter = Presenter(look, WIDTH, HEIGHT)
    mouths = {
        name: presenter.draw(replace(REST, mouth=mouth)).pixels.copy() for name, mouth in VISEMES.items()
    }

    for first, second in combinations(mouths, 2):
        assert (mouths[first] != mouths[second]).any(axis=2).sum() > 20, (first, second)


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize(
    "change",
    [
        {"blink": 1.0},
        {"gaze_x": -1.0},
        {"gaze_y": 1.0},
        {"brow": 1.0},
        {"yaw": 3.0},
        {"pitch": 2.0},
        {"roll": 2.0},
        {"breath": 2.0},
    ],
    ids=str,
)
def test_every_movement_can_be_seen(look, change):
    presenter = Presenter(look, WIDTH, HEIGHT)
    before = presenter.draw(REST).pixels.copy()

    assert (presenter.draw(replace(REST, **change)).pixels != before).any(axis=2).sum() > 20


@pytest.mark.parametrize("look", LOOKS)
def test_shut_eyes_hide_the_iris(look):
    shut = [replace(REST, blink=1.0, gaze_x=gaze) for gaze in (0.0, -1.0)]
    presenter = Presenter(look, WIDTH, HEIGHT)
    ahead, aside = (presenter.draw(pose).pixels.copy() for pose in shut)

    assert np.array_equal(ahead, aside)


@pytest.mark.parametrize("look", LOOKS)
def test_nothing_is_cut_off_at_the_edge_of_its_area(look):
    pieces = [piece for piece in (look.behind, look.front, look.worn) if piece is not None]

    assert max(painted_rim(piece) for piece in pieces) == 0


@pytest.mark.parametrize("look", LOOKS)
def test_the_body_reaches_below_the_lowest_picture(look):
    rows = draw(look, width=100, height=500)

    assert look.body.area.bottom >= 1100
    assert difference(rows[-2:, 40:60], rows[-4:-2, 40:60]) < 4
