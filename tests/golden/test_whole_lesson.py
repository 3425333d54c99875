"""One lesson of the shipped examples, made as at night, then watched and listened to by measuring.

Nothing here trusts what the renderer says about its work: the words are heard by a recogniser, their times
are found in the sound, and the mouth is found in the pictures.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from pydantic import SecretStr

from presgen import pipeline
from presgen.making import edition_of
from presgen.media.captions import read_webvtt
from presgen.media.decode import pictures, sound
from presgen.media.formats import formats
from presgen.model.lesson import Framing, LessonScript, SectionKind
from presgen.model.media import Video
from presgen.rendering.studio.scene import framing_of
from presgen.settings import Settings
from tests.listening import hear_samples, word_error_rate

pytestmark = pytest.mark.slow

EXAMPLES = Path(__file__).parents[2] / "examples" / "networking"

PANEL = 880
"""Where the presenter's panel starts, in pixels from the left."""

BLOCK = 16
"""Pixels of a side of the squares in which the moving mouth is looked for."""


@dataclass(frozen=True)
class Lesson:
    script: LessonScript
    video: Video
    samples: NDArray[np.float32]
    rate: int


@pytest.fixture(scope="module")
def lesson(tmp_path_factory) -> Lesson:
    root = tmp_path_factory.mktemp("night")
    # The words are chosen by the pseudonym: with another key, it would be another lesson each time.
    key = SecretStr("the key of the golden lesson, of tests only")
    settings = Settings(
        workspace=root / "workspace", output=root / "output", budget=120, workers=0, pseudonym_key=key
    )
    night = pipeline.open_night(settings, "golden")
    report = pipeline.produce(night, f"json:{EXAMPLES / 'ada.json'}")
    assert report.passed, report
    [entry] = night.ledger.lessons("golden")
    edition = edition_of(night, entry.lesson_id, formats["landscape"])
    assert edition is not None
    samples, rate = sound(next((root / "output").rglob("*.mp4")))
    return Lesson(
        script=night.workspace.load("scripts", entry.lesson_id, LessonScript),
        video=edition.video,
        samples=samples,
        rate=rate,
    )


def test_a_listener_understands_every_word(lesson):
    said = " ".join(section.text for section in lesson.script.sections)

    heard = hear_samples(
        lesson.samples, lesson.rate, prompt="Networking Essentials, Ada, /26, DHCP, subnets."
    )

    assert word_error_rate(said, heard.text) <= 0.05


def test_captions_say_the_script_word_for_word(lesson):
    said = " ".join(section.text for section in lesson.script.sections)

    shown = " ".join(cue.text for cue in read_webvtt(lesson.video.captions))

    assert shown == said


def test_captions_come_with_their_words(lesson):
    """After a pause, a caption's start can be held against the moment the sound begins again."""
    window = lesson.rate // 200
    count = len(lesson.samples) // window
    level = np.sqrt(np.mean(lesson.samples[: count * window].reshape(count, window) ** 2, axis=1))
    loud = level > 10 ** (-42 / 20)
    offsets = []
    for before, cue in pairwise(read_webvtt(lesson.video.captions)):
        start = round(cue.start * 200)
        pause = loud[max(0, start - 60) : start - 20]
        if cue.start - before.start > 0.5 and not pause.any():
            onset = start - 20 + int(np.argmax(loud[start - 20 : start + 100]))
            offsets.append((onset - start) / 200)

    assert len(offsets) > 5, "too few captions follow a pause to say anything"
    assert np.median(np.abs(offsets)) <= 0.05
    assert np.percentile(np.abs(offsets), 95) <= 0.1


def test_mouth_and_voice_are_in_step(lesson):
    """The square of the panel that follows the voice best is the mouth, and it follows within a frame."""
    spans = [
        range(round(placed.start * 30), round((placed.start + placed.duration) * 30))
        for placed, section in zip(lesson.video.sections, lesson.script.sections, strict=True)
        if framing_of(section) is Framing.BESIDE and section.kind is not SectionKind.OPENING
    ]
    beside = [number for span in spans for number in span]
    brightness = []
    for number, (_, picture) in enumerate(pictures(lesson.video.path)):
        if not any(number in span for span in spans):
            continue
        panel = picture.y[:, PANEL:]
        height, width = (side // BLOCK * BLOCK for side in panel.shape)
        blocks = panel[:height, :width].reshape(height // BLOCK, BLOCK, width // BLOCK, BLOCK)
        brightness.append(blocks.mean(axis=(1, 3), dtype=np.float32))
    per_frame = lesson.rate // 30
    count = len(beside)
    squares = _standard(np.stack(brightness).reshape(count, -1))
    heard = np.stack([lesson.samples[number * per_frame : (number + 1) * per_frame] for number in beside])
    loudness = _standard(np.sqrt(np.mean(heard**2, axis=1)))

    lags = range(-6, 7)
    alike = [np.abs(squares.T @ np.roll(loudness, lag)).max() / count for lag in lags]
    best = int(np.argmax(alike))

    assert alike[best] > 0.4
    assert abs(lags[best]) <= 1


def test_the_presenter_does_not_jump_where_sections_meet(lesson):
    frames = {round(placed.start * 30) for placed in lesson.video.sections[1:]}
    last = None
    jumps = []
    for number, (_, picture) in enumerate(pictures(lesson.video.path)):
        panel = picture.y[:, PANEL + 20 :].astype(np.int16)
        if number in frames and last is not None:
            jumps.append(float(np.abs(panel - last).mean()))
        last = panel

    assert len(jumps) == len(frames)
    assert max(jumps) < 1.5


def _standard(values: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the values with mean 0 and deviation 1, column by column."""
    return np.asarray((values - values.mean(axis=0)) / (values.std(axis=0) + 1e-6))
