from __future__ import annotations

from presgen.media.formats import formats
from presgen.model.lesson import Framing
from presgen.rendering.studio.staging import places_of
from presgen.rendering.studio.timeline import Shot, Timeline


def timeline_of(*shots: Shot, frames: int = 300) -> Timeline:
    return Timeline(frames, shots, changes=(), captions=(), spoken=(None,) * frames)


def test_the_presenter_is_where_the_scene_has_them_from_the_end_of_one_move_to_the_start_of_the_next():
    timeline = timeline_of(
        Shot(0, 0, Framing.BESIDE), Shot(3, 15, Framing.INSET), Shot(270, 282, Framing.BESIDE)
    )

    home, inset, again = places_of(timeline, formats["landscape-1080p"])

    assert (home.start, home.end) == (0, 0.1)
    assert (inset.start, inset.end) == (0.5, 9.0)
    assert (again.start, again.end) == (9.4, 10.0)
    assert (home.x, home.y, home.width, home.height) == (1320, 0, 600, 1080)
    assert home.width > inset.width


def test_while_absent_the_presenter_is_nowhere():
    timeline = timeline_of(
        Shot(0, 0, Framing.BESIDE), Shot(3, 15, Framing.ABSENT), Shot(270, 282, Framing.BESIDE)
    )

    assert [place.start for place in places_of(timeline, formats["landscape"])] == [0, 9.4]


def test_a_move_that_takes_all_there_is_leaves_no_place():
    timeline = timeline_of(Shot(0, 0, Framing.FULL), Shot(0, 20, Framing.BESIDE), frames=20)

    assert places_of(timeline, formats["portrait"]) == ()
