"""What the studio makes, seen from outside: the decoded clip."""

from __future__ import annotations

import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from presgen.brands import load_brand
from presgen.errors import BadInput, UnknownName
from presgen.media.decode import pictures
from presgen.media.formats import formats
from presgen.media.probe import probe
from presgen.model.base import Seconds
from presgen.model.lesson import BulletSlide, Framing, SectionKind, Sentence
from presgen.personas import Voice, load_persona
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
    slide = (slice(0, 600), slice(0, 880))
    change = frame_of(clip.sentences[1])

    before = apart(frames[change - 8][slide], frames[change - 12][slide])
    assert apart(frames[change + 8][slide], frames[change - 8][slide]) > 4 * before + 0.2


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


def test_a_format_to_listen_to_leaves_sound_and_no_picture(tmp_path):
    clip = Studio().render(SECTION, PERSONA, formats["audio"], tmp_path, None, brand=BRAND)

    assert sorted(path.name for path in tmp_path.iterdir()) == ["clip.m4a", "narration.wav"]
    assert clip.format == "audio"
    assert probe(tmp_path / "clip.m4a").duration == pytest.approx(clip.duration, abs=0.001)


def test_what_is_seen_shapes_no_sound(tmp_path):
    key = Studio().fingerprint(SECTION, PERSONA, formats["audio"], None, brand=BRAND)
    other = SECTION.model_copy(update={"framing": Framing.INSET, "slide": make_section().slide})

    assert Studio().fingerprint(other, PERSONA, formats["audio"], None, brand=load_brand("dusk")) == key


def test_a_section_without_words_is_refused_by_name(tmp_path):
    with pytest.raises(BadInput, match=r"deep-dive-ports"):
        Studio().render(
            SECTION.model_copy(update={"sentences": ()}), PERSONA, FORMAT, tmp_path, None, brand=BRAND
        )


RENDER = """
import sys
from pathlib import Path
from presgen.brands import load_brand
from presgen.media.formats import formats
from presgen.model.lesson import Section
from presgen.personas import Persona
from presgen.rendering.backends.studio import Studio
section, persona = (kind.model_validate_json(line) for kind, line in zip((Section, Persona), sys.stdin))
for name, format in formats:
    folder = Path(sys.argv[1], name)
    folder.mkdir()
    Studio().render(section, persona, format, folder, None, brand=load_brand("house"))
"""
"""Renders a section in every format, in a process of its own."""


@pytest.mark.slow
def test_two_processes_make_the_same_bytes_in_every_format(tmp_path):
    section = make_section(
        SectionKind.OPENING, sentences=(Sentence(text="One port."), Sentence(text="And two.", step=1))
    )
    hum = Voice(engine="tone", name="high", sentence_pause=Seconds(0.3))
    persona = PERSONA.model_copy(update={"voice": hum})
    root = Path(__file__).parents[4]
    for seed in ("1", "2"):
        (tmp_path / seed).mkdir()
        subprocess.run(
            [sys.executable, "-c", RENDER, str(tmp_path / seed)],
            input=f"{section.model_dump_json()}\n{persona.model_dump_json()}".encode(),
            env={
                "PYTHONPATH": str(root / "include"),
                "PYTHONHASHSEED": seed,
                "HOME": str(tmp_path),
                "PATH": "",
            },
            check=True,
            timeout=900,
        )

    one, other = (
        {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*.*")}
        for folder in (tmp_path / "1", tmp_path / "2")
    )
    assert one == other
    made = {path.partition("/")[0] for path in one}
    assert {"audio", "landscape", "landscape-1080p", "portrait", "square", "webm"} <= made
    assert len(one) == sum(3 if formats[name].pictured else 2 for name in made)
