"""Real films, made here, spoilt in one way, decoded and judged."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from presgen.media.captions import lay_out_cues
from presgen.media.clip import ClipWriter
from presgen.media.formats import formats
from presgen.media.sound import master, on_grid, write_wav
from presgen.model.base import Seconds
from presgen.model.lesson import Section
from presgen.model.media import Clip, WordTiming
from presgen.model.quality import QualityReport, Severity
from presgen.quality import inspect_file, inspect_section
from tests.factories import make_section

SECONDS = 6.0


def voice(seed: int = 7) -> np.ndarray:
    """Noise with the rhythm of words, 24 kHz."""
    random = np.random.default_rng(seed)
    moments = np.arange(round(SECONDS * 24_000)) / 24_000
    rhythm = np.clip(np.sin(2 * np.pi * 2.5 * moments), 0.02, 1)
    inside = (moments > 0.4) & (moments < SECONDS - 0.6)
    return random.normal(0, 0.1, moments.size) * rhythm * inside


def film(
    folder: Path,
    section: Section,
    *,
    sound: Callable[[np.ndarray], np.ndarray] = lambda samples: samples,
    brightness: int = 120,
    tamper: Callable[[Path], None] = lambda clip: None,
) -> QualityReport:
    """Make a clip of the section, spoil it as asked, and return the verdict."""
    folder.mkdir(exist_ok=True)
    samples = on_grid(sound(master(voice())))
    write_wav(folder / "narration.wav", samples)
    with ClipWriter(folder / "clip.mp4", formats["landscape"], samples) as writer:
        for number in range(len(samples) // 1600):
            writer.picture.y[:] = brightness
            if brightness > 16:
                writer.picture.y[100:200, number : number + 200] = 200
            writer.picture.u[:] = writer.picture.v[:] = 128
            writer.write()
    texts = section.text.split()
    length = (SECONDS - 1.2) / len(texts)
    words = tuple(
        WordTiming(text=text, start=Seconds(0.5 + i * length), end=Seconds(0.5 + (i + 0.9) * length))
        for i, text in enumerate(texts)
    )
    clip = Clip(
        backend="test",
        format="landscape",
        frames=len(samples) // 1600,
        duration=Seconds(len(samples) / 48_000),
        words=words,
        cues=lay_out_cues(words),
        sentences=(Seconds(0.5),),
    )
    tamper(folder / "clip.mp4")
    return inspect_section(section, clip, folder, "f" * 64, formats["landscape"])[1]


@pytest.fixture
def section() -> Section:
    text = "A port tells one service of a computer from another, and there are many of them."
    [first, *_] = make_section().sentences
    return make_section(sentences=(first.model_copy(update={"text": text}),), planned=6.4)


def test_a_good_film_passes_with_nothing_to_say(tmp_path, section):
    report = film(tmp_path, section)

    assert report.findings == ()
    assert (tmp_path / "evidence.json").is_file()
    assert report.metadata["loudness_max"] == pytest.approx(-16, abs=0.5)


def test_a_clipped_master_is_rejected(tmp_path, section):
    report = film(tmp_path, section, sound=lambda s: np.clip(s * 12.0, -32768, 32767).astype(np.int16))

    assert any("clipped" in reason for reason in report.rejections)


def test_a_silent_film_is_rejected(tmp_path, section):
    report = film(tmp_path, section, sound=np.zeros_like)

    assert any("silent" in reason for reason in report.rejections)


def test_a_hole_in_the_narration_is_found_at_its_moment(tmp_path, section):
    def with_hole(samples: np.ndarray) -> np.ndarray:
        samples = samples.copy()
        samples[96_000 : 96_000 + 144_000] = 0
        return samples

    report = film(tmp_path, section, sound=with_hole)

    [gap] = [finding for finding in report.findings if finding.check == "narration-has-no-gap"]
    assert gap.severity is Severity.REJECT
    assert gap.at == pytest.approx(2.0, abs=0.25)


def test_a_black_film_is_rejected(tmp_path, section):
    report = film(tmp_path, section, brightness=16)

    assert any(reason.startswith("film-is-seen") for reason in report.rejections)


def test_bit_rot_is_rejected_by_the_strict_decode(tmp_path, section):
    def rot(clip: Path) -> None:
        content = bytearray(clip.read_bytes())
        for place in range(len(content) // 2, len(content) // 2 + 400):
            content[place] ^= 0x55
        clip.write_bytes(bytes(content))

    report = film(tmp_path, section, tamper=rot)

    assert any(reason.startswith("film-can-be-decoded") for reason in report.rejections)


def test_a_section_far_longer_than_its_plan_is_rejected(tmp_path, section):
    report = film(tmp_path, section.model_copy(update={"planned": Seconds(1.5)}))

    assert any("planned were 1.5 s" in reason for reason in report.rejections)


def test_any_film_can_be_inspected_without_a_script(tmp_path, section):
    film(tmp_path, section)

    report = inspect_file(tmp_path / "clip.mp4")

    assert report.passed
    assert any("no captions" in finding.message for finding in report.findings)
    assert report.metadata["width"] == 1280
