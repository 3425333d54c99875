from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from presgen.errors import CannotJoin, CorruptMedia
from presgen.media.bed import bed
from presgen.media.sound import AAC_SAMPLES, SAMPLE_RATE, integrated_loudness, true_peak, write_wav
from presgen.media.soundtrack import ALONE, COME_BACK, STEP_BACK, UNDER_SPEECH, narrations, over_music
from presgen.model.base import Seconds
from presgen.model.media import Clip, StoredSection, WordTiming
from tests.unit.media.clips import narration

MUSIC = bed(Path("pad"))


def keep(folder: Path, key: str, sound: np.ndarray, *spoken: tuple[float, float]) -> StoredSection:
    """Put a narration and the times of its words where a section keeps them."""
    (folder / key).mkdir(parents=True)
    write_wav(folder / key / "narration.wav", sound)
    return StoredSection(
        key=key,
        folder=folder / key,
        clip=Clip(
            backend="test",
            format="tiny",
            frames=len(sound) // 1_600,
            duration=Seconds(len(sound) / SAMPLE_RATE),
            words=tuple(
                WordTiming(text="word", start=Seconds(start), end=Seconds(end)) for start, end in spoken
            ),
            cues=(),
            sentences=(),
        ),
        files={},
    )


def silence(grids: int) -> np.ndarray:
    return np.zeros(grids * 25_600, np.int16)


def mixed(*sections: StoredSection) -> np.ndarray:
    return np.concatenate(list(over_music(narrations(sections), sections, MUSIC)))


@pytest.fixture(scope="module")
def alternating(tmp_path_factory: pytest.TempPathFactory) -> tuple[StoredSection, ...]:
    """Twice twelve seconds in which somebody speaks, around sixteen in which nobody does."""
    folder = tmp_path_factory.mktemp("sections")
    speech = narration(12.0, 1)
    words = ((0.2, 6.0), (6.3, 12.0))
    return (
        keep(folder, "a", speech, *words),
        keep(folder, "b", silence(30)),
        keep(folder, "c", speech, *words),
    )


def test_narrations_follow_each_other_unchanged(alternating):
    parts = list(narrations(alternating))

    assert [len(part) for part in parts] == [section.clip.frames * 1_600 for section in alternating]
    assert np.array_equal(parts[0], narration(12.0, 1))


def volume(sections: Sequence[StoredSection], start: float, end: float) -> float:
    """Return by how many decibels music is louder there, on average, than before it was mixed."""
    first, count = round(start * SAMPLE_RATE), round((end - start) * SAMPLE_RATE)
    speech = np.concatenate(list(narrations(sections))).astype(float)
    under = (mixed(*sections) - speech)[first : first + count] / 32_767
    return 10 * float(np.log10((under**2).mean() / (MUSIC.part(first, count).astype(float) ** 2).mean()))


def test_music_lies_where_it_should_below_speech(alternating):
    after = len(narration(12.0, 1)) / SAMPLE_RATE + COME_BACK
    word = alternating[0].clip.duration + alternating[1].clip.duration + 0.2

    assert MUSIC.loudness + volume(alternating, after, after + 10) == pytest.approx(-16 + ALONE, abs=0.1)
    spoken = volume(alternating, word, word + 8)
    assert MUSIC.loudness + spoken == pytest.approx(-16 + UNDER_SPEECH, abs=0.3)


def test_music_has_stepped_back_when_the_first_word_comes(alternating):
    word = alternating[0].clip.duration + alternating[1].clip.duration + 0.2

    before = volume(alternating, word - STEP_BACK - 0.2, word - STEP_BACK)
    assert volume(alternating, word, word + 0.2) - before == pytest.approx(UNDER_SPEECH - ALONE, abs=0.5)


def test_a_mixed_lesson_keeps_its_loudness_and_its_peaks(alternating):
    found = mixed(*alternating)

    assert integrated_loudness(found, SAMPLE_RATE) == pytest.approx(-16, abs=0.3)
    assert true_peak(found, SAMPLE_RATE) <= -1.6


def test_music_starts_and_ends_with_silence(alternating):
    found = mixed(*alternating)

    assert not found[:AAC_SAMPLES].any()
    assert not found[-AAC_SAMPLES:].any()
    assert found[2 * SAMPLE_RATE : 3 * SAMPLE_RATE].any()


def test_the_level_of_music_never_jumps(alternating):
    silent = tuple(
        keep(
            section.folder.parent / "silent", section.key, np.zeros(section.clip.frames * 1_600, np.int16)
        ).model_copy(update={"clip": section.clip})
        for section in alternating
    )
    music = mixed(*silent).astype(float)

    # No step from sample to sample is larger than the steepest the music itself takes at its loudest.
    loudest = MUSIC.samples * 10 ** ((-16 + ALONE - MUSIC.loudness) / 20) * 32_767
    assert np.abs(np.diff(music)).max() <= np.abs(np.diff(loudest)).max() + 1.01


def test_music_does_not_breathe_between_sentences(tmp_path: Path):
    steady = keep(tmp_path, "a", silence(40), (0.2, 20.0))
    pausing = keep(tmp_path, "b", silence(40), *((0.2 + n, 0.5 + n) for n in range(19)), (19.2, 20.0))

    assert np.array_equal(mixed(steady), mixed(pausing))


def test_a_long_section_is_mixed_as_short_ones_are(tmp_path: Path):
    whole = keep(tmp_path, "whole", silence(50))
    parts = [keep(tmp_path, f"part{n}", silence(10)) for n in range(5)]

    assert np.array_equal(mixed(whole), mixed(*parts))


def test_a_narration_of_another_length_is_refused(tmp_path: Path):
    section = keep(tmp_path, "a", silence(2))
    write_wav(section.folder / "narration.wav", silence(1))

    with pytest.raises(CannotJoin, match="a narration of 25600 samples, 48000 a second; its 32 pictures"):
        list(narrations([section]))


def test_a_damaged_narration_is_noticed(tmp_path: Path):
    section = keep(tmp_path, "a", silence(2))
    (section.folder / "narration.wav").write_bytes(b"RIFF")

    with pytest.raises(CorruptMedia, match=r"narration\.wav is no WAV file"):
        list(narrations([section]))
