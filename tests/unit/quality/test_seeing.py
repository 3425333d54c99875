"""What is seen in a film's pictures, told from cells made here."""

from __future__ import annotations

import numpy as np
import pytest

from presgen.media.analysis import MOTION_STEPS, Heard, Seen
from presgen.model.media import PresenterPlace
from presgen.quality.lips import read_lips
from presgen.quality.seeing import MOST_FLASHES, see

FRAMES = 300
SHAPE = (18, 32)
FACE = (slice(6, 12), slice(22, 28))
PLACE = PresenterPlace(start=0, end=10, x=440, y=120, width=120, height=120)


def seen(cells: np.ndarray, moments: np.ndarray | None = None) -> Seen:
    """Return the pictures with these cells, 20 pixels each."""
    moves = np.abs(np.diff(cells.astype(np.int16), axis=0, prepend=cells[:1].astype(np.int16)))
    return Seen(
        moments=np.arange(len(cells)) / 30 if moments is None else moments,
        bright=(cells > 24).mean(axis=(1, 2)).astype(np.float32),
        cells=cells,
        motion=np.minimum(moves * MOTION_STEPS, 255).astype(np.uint8),
        pixels=20,
        damage=(),
    )


def presenter(seed: int = 2) -> np.ndarray:
    """Return a slide with somebody beside it who never stops moving."""
    random = np.random.default_rng(seed)
    cells = np.full((FRAMES, *SHAPE), 200, np.uint8)
    face = random.integers(60, 180, (6, 6))
    cells[:, *FACE] = face + random.integers(-3, 4, (FRAMES, 6, 6))
    return cells


def test_a_presenter_who_moves_is_fine():
    for known in (None, True, (PLACE,)):
        assert see(seen(presenter()), known).frozen == ()


@pytest.mark.parametrize("known", [None, (PLACE,)])
def test_a_frozen_presenter_is_found(known):
    cells = presenter()
    cells[120:210, *FACE] = cells[120, *FACE]

    [span] = see(seen(cells), known).frozen

    assert (span.start, span.end) == (pytest.approx(4, abs=0.1), pytest.approx(7, abs=0.1))


def test_a_slide_in_place_of_the_presenter_is_not_a_frozen_one():
    cells = presenter()
    cells[120:210, *FACE] = np.tile([40, 220], 18).reshape(6, 6)

    assert see(seen(cells), None).frozen == ()


def test_one_slide_after_another_is_not_a_frozen_presenter():
    cells = presenter()
    slide = np.tile([40, 220], 18).reshape(6, 6)
    cells[60:120, *FACE] = slide
    cells[120:132, *FACE] = slide + np.arange(12)[:, None, None]  # a line of text comes
    cells[132:232, *FACE] = slide + 12

    assert see(seen(cells), None).frozen == ()


def test_who_is_to_be_seen_and_is_not_is_found():
    cells = np.full((FRAMES, *SHAPE), 200, np.uint8)

    assert see(seen(cells), None).frozen == ()
    assert see(seen(cells), (PLACE,)).frozen[0].length == pytest.approx(10, abs=0.1)
    assert see(seen(cells), False).frozen == ()


@pytest.mark.parametrize(("every", "unsafe"), [(3, True), (4, True), (15, False), (60, False)])
def test_flashes_are_counted_in_pairs_of_opposing_changes(every, unsafe):
    cells = np.full((FRAMES, *SHAPE), 60, np.uint8)
    for frame in range(90, 180):
        cells[frame, 2:12, 2:20] = 220 if frame // every % 2 else 60

    found = see(seen(cells), False)

    assert bool(found.flashes) is unsafe
    assert (found.flash_rate > MOST_FLASHES) is unsafe
    if unsafe:
        assert found.flashes[0].start == pytest.approx(3, abs=0.3)


@pytest.mark.parametrize(("low", "high", "size"), [(60, 80, 12), (60, 220, 3), (225, 235, 12)])
def test_faint_small_and_bright_changes_are_no_flashes(low, high, size):
    cells = np.full((FRAMES, *SHAPE), low, np.uint8)
    cells[::4, 2 : 2 + size // 2, 2 : 2 + size] = high

    assert see(seen(cells), False).flashes == ()


def test_black_pictures_are_found_and_dark_ones_are_not():
    cells = np.full((FRAMES, *SHAPE), 40, np.uint8)
    cells[60:120] = 16

    [span] = see(seen(cells), False).blacks

    assert (span.start, span.end) == (2, 4)


def test_pictures_shown_for_longer_are_found():
    moments = np.arange(FRAMES) / 30
    moments[100:] += 1 / 30

    assert see(seen(presenter(), moments), False).uneven == (pytest.approx(3.3),)


@pytest.mark.parametrize("offset", [0.0, 0.3, -0.2])
def test_a_mouth_tells_by_how_much_its_voice_is_off(offset):
    random = np.random.default_rng(4)
    opening = np.repeat(random.random(150), 3)[:450]
    cells = np.full((450, *SHAPE), 200, np.uint8)
    cells[:, *FACE] = 120 + random.integers(-2, 3, (450, 6, 6))
    cells[:, 10:12, 23:27] = (120 - 60 * opening)[:, None, None] + random.integers(-2, 3, (450, 2, 4))
    loud = np.interp(np.arange(15 * 48_000) / 48_000 - offset, np.arange(450) / 30, opening)
    sound = Heard((random.normal(0, 0.2, loud.size) * loud)[None].astype(np.float32), 48_000, 0.0, ())

    lips = read_lips(seen(cells), sound, None)

    assert lips.offset == pytest.approx(offset, abs=0.05)
    assert bool(lips.off) is (offset != 0)


def test_a_slide_tells_nothing_of_a_voice():
    sound = Heard(
        np.random.default_rng(1).normal(0, 0.1, (1, 15 * 48_000)).astype(np.float32), 48_000, 0.0, ()
    )

    assert read_lips(seen(np.full((450, *SHAPE), 200, np.uint8)), sound, None).offset is None
    assert read_lips(seen(presenter()), sound, None).off == ()
