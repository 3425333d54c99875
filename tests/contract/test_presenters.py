"""What every presenter promises."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
import skia

from presgen.model.lesson import Framing
from presgen.personas import load_persona, persona_names
from presgen.rendering.studio.stage.look import Look, Piece
from presgen.rendering.studio.stage.pose import REST, Gesture, Pose
from presgen.rendering.studio.stage.presenter import Presenter
from presgen.rendering.studio.stage.presenters import presenters
from presgen.rendering.studio.stage.sheet import EXPRESSIONS, presenter_sheet
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


def colours(pixels, bins: int = 6):
    """The share of the picture in each part of the colour space."""
    levels = pixels[..., :3].reshape(-1, 3) // (256 // bins + 1)
    return np.bincount(levels @ [bins * bins, bins, 1], minlength=bins**3) / len(levels)


def test_there_are_five_presenters_whose_colours_differ_clearly():
    seen = {name: colours(draw(look)) for name, look in presenters}
    faces = {name: colours(draw(look)[120:215, 55:145]) for name, look in presenters}

    assert len(seen) >= 5
    for first, second in combinations(seen, 2):
        assert np.abs(seen[first] - seen[second]).sum() / 2 > 0.35, (first, second)
        assert np.abs(faces[first] - faces[second]).sum() / 2 > 0.12, (first, second)


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize(
    ("width", "height", "framing"),
    [
        (320, 180, Framing.FULL),
        (180, 320, Framing.FULL),
        (180, 180, Framing.FULL),
        (180, 110, Framing.BESIDE),
        (112, 112, Framing.INSET),
    ],
    ids=str,
)
def test_every_framing_shows_the_face_and_nothing_empty(look, width, height, framing):
    presenter = Presenter(look, width, height, "AI presenter", framing)
    pixels = presenter.draw(REST).pixels.copy()
    blinked = np.argwhere((presenter.draw(replace(REST, blink=1.0)).pixels != pixels).any(axis=2))
    (top, left), (bottom, right) = blinked.min(axis=0), blinked.max(axis=0)

    assert (pixels[..., 3] == 255).all()
    assert abs((left + right) / 2 - width / 2) < 0.03 * width
    assert 0.15 * height < top < bottom < 0.66 * height


@pytest.mark.parametrize("look", LOOKS)
def test_a_full_framing_shows_hands_of_the_presenters_skin(look):
    presenter = Presenter(look, 640, 360, framing=Framing.FULL)
    away = replace(REST, gesture=Gesture.OFFER, reach=1.0)
    home, moved = presenter.draw(REST).pixels.copy(), presenter.draw(away).pixels.copy()
    hand = (slice(262, 316), slice(160, 232))
    palm = moved[hand][..., 2::-1].reshape(-1, 1, 3).astype(int)
    tones = [[int(tone[i : i + 2], 16) for i in (1, 3, 5)] for tone in (look.skin.light, look.skin.base)]

    assert (np.abs(palm - tones).max(axis=2).min(axis=1) < 30).mean() > 0.15
    assert not np.array_equal(home[hand], moved[hand])


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("framing", [Framing.FULL, Framing.BESIDE, Framing.INSET])
def test_nothing_changes_outside_the_box_in_any_framing(look, framing):
    presenter = Presenter(look, 200, 200, "AI presenter", framing)
    poses = [
        *EXPRESSIONS.values(),
        *(replace(REST, gesture=gesture, reach=reach) for gesture in Gesture for reach in (0.3, 0.9)),
        Pose(lean=-0.5, breath=1.5, gesture=Gesture.OPEN, reach=0.9),
        REST,
    ]
    shown = presenter.draw(REST).pixels.copy()
    for pose in poses:
        drawn = presenter.draw(pose)
        if (box := drawn.changed) is not None:
            shown[box.rows, box.columns] = drawn.pixels[box.rows, box.columns]

        assert np.array_equal(shown, drawn.pixels)
        assert np.array_equal(shown, Presenter(look, 200, 200, "AI presenter", framing).draw(pose).pixels)


@pytest.mark.parametrize("look", LOOKS)
def test_open_eyes_at_rest_do_not_stare(look):
    """The upper lid covers some of the iris: hardly a white pixel above it."""
    pixels = draw(look, width=400, height=720).astype(int)
    above = pixels[262:270, 148:164, :3].min(axis=2)

    assert (above > 215).mean() < 0.15


@pytest.mark.slow
@pytest.mark.parametrize("look", LOOKS)
def test_a_presenter_fits_on_a_sheet(look):
    sheet = presenter_sheet(look)

    assert sheet.shape[1:] == (1920, 4)
    assert (sheet[..., 3] == 255).all()
    assert len(VISEMES) >= 15
    assert np.array_equal(
        sheet[16 : 16 + 342, 16 : 16 + 608],
        Presenter(look, 608, 342, "AI presenter", Framing.FULL).draw(REST).pixels,
    )


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
