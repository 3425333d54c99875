"""Voice and lips that are apart are brought together again, in a film of the studio."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

from presgen.media.clip import clip_name
from presgen.media.mending import mend_clip
from presgen.media.sound import AAC_SAMPLES, read_wav, write_wav
from presgen.model.base import Seconds
from presgen.model.media import Clip
from presgen.model.quality import QualityReport
from presgen.personas import load_persona
from presgen.quality import inspect_section
from presgen.quality.fixes import Workpiece, choose_fixes, fixes
from presgen.rendering import render_section
from tests.corpus import SECTIONS, SMALL

KEY = "k" * 64
LATE = 14_400
"""Samples: 0.3 seconds."""

FIRST, SECOND = SECTIONS
SECTION = FIRST.model_copy(
    update={
        # Long enough to tell whose mouth it is.
        "sentences": (*FIRST.sentences, *(each.model_copy(update={"step": 1}) for each in SECOND.sentences)),
        "planned": Seconds(15.0),
    }
)


@pytest.fixture(scope="module")
def rendered(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Clip]:
    folder = tmp_path_factory.mktemp("rendered")
    return folder, render_section(SECTION, load_persona(SECTION.persona), SMALL, "studio", folder, None)


def never(folder: Path) -> Clip:
    raise AssertionError("It was rendered again.")


def mended(folder: Path, clip: Clip) -> tuple[tuple[str, ...], Clip, QualityReport]:
    """Inspect, fix and inspect again."""
    measured, found = inspect_section(SECTION, clip, folder, KEY, SMALL)
    assert "lips-follow-the-voice" in {each.check for each in found.findings if each.rejects}
    chosen = choose_fixes(found.findings)
    for name in chosen:
        clip = fixes[name](Workpiece(SECTION, clip, folder, SMALL, measured, never, never))
    return chosen, clip, inspect_section(SECTION, clip, folder, KEY, SMALL)[1]


@pytest.mark.slow
def test_a_voice_that_is_late_in_the_file_alone_is_encoded_anew_from_its_master(rendered, tmp_path):
    folder = shutil.copytree(rendered[0], tmp_path / "clip")
    mend_clip(folder / clip_name(SMALL), SMALL, _late(folder))

    chosen, clip, report = mended(folder, rendered[1])

    assert chosen == ("remux",)
    assert clip == rendered[1]
    assert report.passed, report.rejections


@pytest.mark.slow
def test_a_narration_that_is_late_itself_is_moved_with_its_words_and_captions(rendered, tmp_path):
    folder = shutil.copytree(rendered[0], tmp_path / "clip")
    sound = _late(folder)
    write_wav(folder / "narration.wav", sound)
    mend_clip(folder / clip_name(SMALL), SMALL, sound)
    words = tuple(
        word.model_copy(
            update={"start": Seconds(round(word.start + 0.3, 3)), "end": Seconds(round(word.end + 0.3, 3))}
        )
        for word in rendered[1].words
    )

    chosen, clip, report = mended(folder, rendered[1].model_copy(update={"words": words}))

    assert "remux" in chosen
    assert clip.words[0].start == pytest.approx(rendered[1].words[0].start, abs=0.05)
    assert report.passed, report.rejections


def _late(folder: Path) -> np.ndarray:
    sound, _ = read_wav(folder / "narration.wav")
    moved = np.roll(sound, LATE)
    moved[:AAC_SAMPLES] = moved[-AAC_SAMPLES:] = 0
    return moved
