from __future__ import annotations

import hashlib
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from presgen.errors import BadInput
from presgen.media.bed import CROSSFADE, bed
from presgen.media.sound import SAMPLE_RATE, write_wav

PAD = bed(Path("pad"))


def tune(seconds: float, rate: int = SAMPLE_RATE) -> np.ndarray:
    """A tone that rises from start to end, so that its ends do not fit each other."""
    moments = np.arange(round(seconds * rate)) / rate
    return np.round(8_000 * np.sin(2 * np.pi * (200 + 10 * moments) * moments)).astype(np.int16)


def steepest(samples: np.ndarray) -> float:
    return float(np.abs(np.diff(samples)).max())


def test_the_pad_is_soft_low_and_half_a_minute_long():
    spectrum = np.abs(np.fft.rfft(PAD.samples[: 1 << 19])) ** 2
    frequencies = np.fft.rfftfreq(1 << 19, 1 / SAMPLE_RATE)

    assert len(PAD.samples) / SAMPLE_RATE == 32
    assert spectrum[frequencies > 2_500].sum() < 1e-6 * spectrum.sum()
    assert PAD.loudness < -12
    assert PAD.peak <= -11.9


def test_the_pad_never_falls_silent_and_never_jumps():
    blocks = np.abs(PAD.samples.reshape(-1, SAMPLE_RATE // 2)).max(axis=1)

    assert blocks.min() > 0.03
    across = PAD.part(len(PAD.samples) - 2_000, 4_000)
    assert steepest(across) <= steepest(PAD.samples)


def test_two_processes_make_the_same_pad():
    script = (
        "import sys, hashlib; from pathlib import Path; from presgen.media.bed import bed;"
        "print(hashlib.sha256(bed(Path('pad')).samples.tobytes()).hexdigest())"
    )
    path = [entry for entry in sys.path if entry]

    found = subprocess.run(
        [sys.executable, "-c", f"import sys; sys.path[:0] = {path!r}\n{script}"],
        check=True,
        capture_output=True,
        text=True,
        env={"PYTHONHASHSEED": "5"},
    )

    assert found.stdout.strip() == hashlib.sha256(PAD.samples.tobytes()).hexdigest()


@pytest.mark.parametrize("rate", [48_000, 44_100, 16_000])
def test_a_file_of_any_rate_becomes_a_bed(tmp_path: Path, rate: int):
    write_wav(tmp_path / "tune.wav", tune(12.0, rate), rate)

    found = bed(tmp_path / "tune.wav")

    assert len(found.samples) == pytest.approx((12 - CROSSFADE) * SAMPLE_RATE, abs=64)


def test_a_file_goes_over_into_its_start_without_a_jump(tmp_path: Path):
    write_wav(tmp_path / "tune.wav", tune(12.0))

    found = bed(tmp_path / "tune.wav")

    across = found.part(len(found.samples) - 4_000, 8_000)
    assert steepest(across) <= 1.05 * steepest(found.samples[SAMPLE_RATE:-SAMPLE_RATE])
    # What lies around the seam is what lay around it in the file: its end fades, so it goes on from there.
    there = tune(12.0)[-round(CROSSFADE * SAMPLE_RATE) :][:100] / 32_768
    assert found.part(0, 100) == pytest.approx(there, abs=0.01)


def test_a_bed_goes_on_for_ever():
    length = len(PAD.samples)

    assert np.array_equal(PAD.part(7 * length - 5, 10), np.concatenate([PAD.samples[-5:], PAD.samples[:5]]))


@pytest.mark.parametrize(
    ("samples", "why"),
    [(tune(2.0), r"lasts 2\.0 s; 10 are needed"), (np.zeros(12 * SAMPLE_RATE, np.int16), "silent")],
)
def test_music_that_is_none_is_refused(tmp_path: Path, samples: np.ndarray, why: str):
    write_wav(tmp_path / "tune.wav", samples)

    with pytest.raises(BadInput, match=why):
        bed(tmp_path / "tune.wav")


@pytest.mark.parametrize("content", [b"", b"no music", b"#EXTM3U\nhttp://example.com/a.mp3\n"])
def test_a_file_that_is_no_sound_is_refused(tmp_path: Path, content: bytes):
    (tmp_path / "tune.wav").write_bytes(content)

    with pytest.raises(BadInput, match=r"tune\.wav cannot be read"):
        bed(tmp_path / "tune.wav")


def test_a_list_that_points_to_another_file_opens_nothing(tmp_path: Path):
    write_wav(tmp_path / "secret.wav", tune(12.0))
    (tmp_path / "list.wav").write_text(f"ffconcat version 1.0\nfile {tmp_path / 'secret.wav'}\n")

    with pytest.raises(BadInput, match="cannot be read"):
        bed(tmp_path / "list.wav")


def test_a_missing_file_is_named(tmp_path: Path):
    with pytest.raises(BadInput, match=r"absent\.mp3 cannot be read: No such file"):
        bed(tmp_path / "absent.mp3")
