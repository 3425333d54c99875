"""What the studio makes, seen from outside: the decoded clip."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from presgen.brands import load_brand
from presgen.errors import BadInput, UnknownName
from presgen.media.decode import pictures
from presgen.media.formats import formats
from presgen.model.lesson import BulletSlide, Sentence
from presgen.personas import load_persona
from presgen.rendering.backends.studio import Studio
from tests.factories import make_section

BRAND = load_brand("house")
FORMAT = formats["landscape"]
PERSONA = load_persona("mentor")
SECTION = make_section(
    sentences=(Sentence(text="Ports lead to programs.", step=0), Sentence(text="The web is at 443.", step=1)),
    slide=BulletSlide(kicker="Ports", title="Ports", points=(("HTTPS", "has port 443"),)),
)


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """The clip, and a copy of every picture's luma."""
    folder = tmp_path_factory.mktemp("studio")
    clip = Studio().render(SECTION, PERSONA, FORMAT, folder, None, brand=BRAND)
    return clip, [picture.y.copy() for _, picture in pictures(folder / "clip.mp4")]


def frame_of(moment):
    return round(moment * FORMAT.fps)


def apart(one, other):
    return float(np.abs(one.astype(int) - other).mean())


def test_a_section_ends_as_it_began_so_that_any_other_can_follow(made):
    _, frames = made

    assert apart(frames[0], frames[-1]) < 0.6
    assert apart(frames[0], frames[len(frames) // 2]) > 3


def test_the_presenter_moves_while_the_voice_is_heard(made):
    clip, frames = made
    spoken = [
        frame[:, 880:] for frame in frames[frame_of(clip.words[0].start) : frame_of(clip.words[-1].end)]
    ]

    assert sum(apart(a, b) > 0.02 for a, b in pairwise(spoken)) > len(spoken) / 2


def test_the_slide_takes_its_step_when_the_sentence_starts(made):
    clip, frames = made
    point = (slice(150, 260), slice(130, 700))
    change = frame_of(clip.sentences[1])

    assert apart(frames[change - 8][point], frames[change - 12][point]) < 0.5
    assert apart(frames[change + 8][point], frames[change - 8][point]) > 2


def test_captions_are_in_the_picture_while_they_last(made):
    clip, frames = made
    foot = (slice(612, 700), slice(100, 780))

    first = clip.cues[0]
    assert (frames[frame_of((first.start + first.end) / 2)][foot] < 60).mean() > 0.1
    assert (frames[frame_of(first.start) - 2][foot] < 60).mean() == 0
    assert (frames[-1][foot] < 60).mean() == 0


def test_a_presenter_nobody_knows_is_named(tmp_path):
    with pytest.raises(UnknownName, match="'nobody'"):
        Studio().render(
            SECTION, PERSONA.model_copy(update={"presenter": "nobody"}), FORMAT, tmp_path, None, brand=BRAND
        )


def test_a_portrait_format_is_refused_before_anything_is_written(tmp_path):
    tall = replace(FORMAT, name="portrait", width=720, height=1280)

    with pytest.raises(BadInput, match="'portrait'"):
        Studio().render(SECTION, PERSONA, tall, tmp_path, None, brand=BRAND)
    assert list(tmp_path.iterdir()) == []


def test_a_section_without_words_is_refused_by_name(tmp_path):
    with pytest.raises(BadInput, match=r"deep-dive-ports"):
        Studio().render(
            SECTION.model_copy(update={"sentences": ()}), PERSONA, FORMAT, tmp_path, None, brand=BRAND
        )
