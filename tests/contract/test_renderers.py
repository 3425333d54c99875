"""What every renderer promises."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import pytest

from presgen.brands import load_brand
from presgen.media.formats import formats
from presgen.media.probe import probe
from presgen.media.sound import GRID_FRAMES, GRID_SAMPLES, SAMPLE_RATE, read_wav
from presgen.model.base import Seconds
from presgen.model.lesson import BulletSlide, Sentence
from presgen.personas import load_persona
from presgen.quality import inspect_section
from presgen.rendering import render_section, section_key
from presgen.rendering.backends import renderers
from tests.factories import make_section

BRAND = load_brand("house")
FORMAT = formats["landscape"]
PERSONA = load_persona("mentor")
SECTION = make_section(
    sentences=(
        Sentence(text="A port number says which program gets the data.", step=0),
        Sentence(text="“HTTPS” has port 443 – {{7*7}} <b>#eval</b> --> says so.", step=1),
    ),
    slide=BulletSlide(
        kicker="TCP, UDP and ports",
        title="Well-known ports",
        points=(("HTTPS", "has port 443 {{7*7}} <b>#eval(1)</b> -->"),),
        source="RFC 6335, Section 6",
    ),
    planned=Seconds(7.0),
)

RENDER = """
import sys
from pathlib import Path
from presgen.media.formats import formats
from presgen.model.lesson import Section
from presgen.personas import load_persona
from presgen.rendering import render_section
section = Section.model_validate_json(sys.stdin.buffer.read())
render_section(section, load_persona("mentor"), formats["landscape"], sys.argv[1], Path(sys.argv[2]), None)
"""

every_renderer = pytest.mark.parametrize("rendered", renderers.names(), indirect=True)


@pytest.fixture(scope="module")
def kept():
    return {}


@pytest.fixture
def rendered(request, kept, tmp_path_factory):
    """The name of a renderer, its clip and the folder; rendered once for all tests."""
    name = request.param
    if name not in kept:
        folder = tmp_path_factory.mktemp(name)
        kept[name] = (name, render_section(SECTION, PERSONA, FORMAT, name, folder, None), folder)
    return kept[name]


@every_renderer
def test_it_leaves_the_files_it_names_and_no_others(rendered):
    _, _, folder = rendered

    assert sorted(path.name for path in folder.iterdir()) == ["clip.mp4", "narration.wav", "poster.png"]
    assert (folder / "poster.png").read_bytes().startswith(b"\x89PNG\r\n")


@every_renderer
def test_the_clip_tells_what_it_is(rendered):
    name, clip, folder = rendered

    assert (clip.backend, clip.format) == (name, FORMAT.name)
    assert clip.frames % GRID_FRAMES == 0
    assert clip.duration == clip.frames / FORMAT.fps
    film = probe(folder / "clip.mp4")
    assert (film.pictures.width, film.pictures.height) == (FORMAT.width, FORMAT.height)
    assert film.duration == pytest.approx(clip.duration, abs=0.001)


@every_renderer
def test_its_narration_lasts_as_long_as_its_pictures(rendered):
    _, clip, folder = rendered
    sound, rate = read_wav(folder / "narration.wav")

    assert rate == SAMPLE_RATE
    assert len(sound) == clip.frames // GRID_FRAMES * GRID_SAMPLES


@every_renderer
def test_every_word_is_timed_in_caption_spelling(rendered):
    _, clip, _ = rendered

    assert "".join(word.text for word in clip.words) == "".join(SECTION.text.split())
    assert all(word.start <= word.end for word in clip.words)
    assert all(before.start <= after.start for before, after in pairwise(clip.words))
    assert clip.words[0].start > 0
    assert clip.words[-1].end < clip.duration


@every_renderer
def test_captions_say_what_is_said(rendered):
    _, clip, _ = rendered

    assert "".join(cue.text for cue in clip.cues).replace(" ", "") == "".join(SECTION.text.split())
    assert all(0 <= cue.start < cue.end <= clip.duration for cue in clip.cues)


@every_renderer
def test_every_sentence_has_its_moment(rendered):
    _, clip, _ = rendered

    assert len(clip.sentences) == len(SECTION.sentences)
    assert list(clip.sentences) == sorted(clip.sentences)
    assert clip.sentences[-1] < clip.duration


@every_renderer
def test_its_clip_passes_our_own_checks(rendered, tmp_path):
    name, clip, folder = rendered
    for path in folder.iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    key = section_key(SECTION, PERSONA, FORMAT, name, None)

    _, report = inspect_section(SECTION, clip, tmp_path, key, FORMAT)

    assert report.rejections == ()


@every_renderer
def test_its_fingerprint_survives_json(rendered):
    name, _, _ = rendered
    fingerprint = dict(renderers[name].fingerprint(SECTION, PERSONA, FORMAT, None, brand=BRAND))

    assert json.loads(json.dumps(fingerprint)) == fingerprint


@pytest.mark.slow
@every_renderer
def test_another_process_makes_the_same_bytes(rendered, tmp_path_factory):
    name, _, folder = rendered
    home, other = tmp_path_factory.mktemp("home"), tmp_path_factory.mktemp("other")
    root = Path(__file__).parents[2]
    subprocess.run(
        [sys.executable, "-c", RENDER, name, str(other)],
        input=SECTION.model_dump_json().encode(),
        env={"PYTHONPATH": str(root / "include"), "PYTHONHASHSEED": "7", "HOME": str(home), "PATH": ""},
        check=True,
        timeout=120,
    )

    assert digests(other) == digests(folder)


def digests(folder):
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.iterdir()}
