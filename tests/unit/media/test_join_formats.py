from __future__ import annotations

import hashlib
import re
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import av
import numpy as np
import pytest

from presgen.errors import BadInput, CannotJoin, CorruptMedia
from presgen.media import decode
from presgen.media.captions import read_webvtt
from presgen.media.clip import clip_name
from presgen.media.formats import Format
from presgen.media.join import join_clips
from presgen.media.probe import Probe, probe
from presgen.media.sound import SAMPLE_RATE, integrated_loudness, true_peak, write_wav
from presgen.model.base import Seconds
from presgen.model.media import Cue, StoredSection, Video
from presgen.workspace import Workspace
from tests.unit.media.clips import SOUND, TINY, TINY_WEBM, narration, scripted, store_section, write_clip

LENGTHS = (1.4, 2.5, 3.0, 1.9)
COUNT = 8
FORMATS = [pytest.param(member, id=member.container) for member in (TINY, SOUND, TINY_WEBM)]


class Lessons:
    """Lessons of the same sections in every format, each made once."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.cover = root / "cover.png"
        self._sections: dict[str, tuple[StoredSection, ...]] = {}
        self._videos: dict[tuple[str, Path | None], Video] = {}

    def sections(self, format: Format) -> tuple[StoredSection, ...]:
        """The sections in that format, each with narrations of its own."""
        if format.name not in self._sections:
            store = Workspace(self.root / format.name).sections
            self._sections[format.name] = tuple(
                store_section(store, n, LENGTHS[n % 4], format) for n in range(COUNT)
            )
        return self._sections[format.name]

    def video(self, format: Format, music: Path | None = None) -> Video:
        """The lesson in that format."""
        if not self.cover.exists():
            clip = self.root / "clip.mp4"
            write_clip(clip, narration(0.5), TINY)
            decode.save_still(clip, Seconds(0.2), self.cover)
        if (format.name, music) not in self._videos:
            path = self.root / f"{format.name}-{music}" / f"lesson.{format.container}"
            self._videos[format.name, music] = join_clips(
                self.sections(format),
                scripted(COUNT),
                path,
                format,
                "Well-known ports",
                music=music,
                cover=self.cover,
            )
        return self._videos[format.name, music]


@pytest.fixture(scope="module")
def lessons(tmp_path_factory: pytest.TempPathFactory) -> Lessons:
    return Lessons(tmp_path_factory.mktemp("lessons"))


def spoken(format: Format) -> list[np.ndarray]:
    return [narration(LENGTHS[n % 4], n).astype(float) / 32_768 for n in range(COUNT)]


def delay(original: np.ndarray, heard: np.ndarray) -> int:
    """By how many samples ``heard`` comes late."""
    size = len(original)
    likeness = np.fft.irfft(np.fft.rfft(heard, size) * np.conj(np.fft.rfft(original)), size)
    latest = int(np.argmax(likeness))
    return latest if latest < size // 2 else latest - size


@pytest.mark.parametrize("music", [None, Path("pad")], ids=["speech", "music"])
@pytest.mark.parametrize("format", FORMATS)
def test_every_sample_is_where_it_belongs(lessons: Lessons, format: Format, music: Path | None):
    decoded, rate = decode.sound(lessons.video(format, music).path)

    assert rate == SAMPLE_RATE
    assert len(decoded) == sum(len(part) for part in spoken(format))
    start = 0
    for part in spoken(format):
        assert delay(part, decoded[start : start + len(part)]) == 0
        start += len(part)


@pytest.mark.parametrize("format", FORMATS)
def test_pictures_and_sound_are_as_long_as_the_sections(lessons: Lessons, format: Format):
    video = lessons.video(format)
    found = probe(video.path)
    frames = sum(section.clip.frames for section in lessons.sections(format))

    assert video.duration == pytest.approx(frames / 30)
    assert found.sound is not None
    assert (found.sound.start, found.sound.duration) == (0, pytest.approx(frames / 30, abs=1e-9))
    assert found.duration == pytest.approx(frames / 30, abs=0.01)
    if format.pictured:
        assert found.pictures is not None
        assert (found.pictures.frames, found.pictures.fps, found.pictures.constant_rate) == (frames, 30, True)


def test_every_picture_of_a_webm_is_where_it_belongs(lessons: Lessons):
    video = lessons.video(TINY_WEBM)
    expected = [
        16 + (number + seed) % 200
        for seed, section in enumerate(lessons.sections(TINY_WEBM))
        for number in range(section.clip.frames)
    ]

    seen = list(decode.pictures(video.path))

    assert [moment for moment, _ in seen] == pytest.approx([n / 30 for n in range(len(expected))], abs=6e-4)
    assert [float(picture.y.mean()) for _, picture in seen] == pytest.approx(expected, abs=4)


@pytest.mark.parametrize("format", FORMATS)
def test_a_lesson_of_any_format_has_chapters_a_title_and_a_seal(lessons: Lessons, format: Format):
    video = lessons.video(format)
    found = probe(video.path)

    assert [chapter.title for chapter in found.chapters] == [f"Séction {n}" for n in range(COUNT)]
    for chapter, section in zip(found.chapters, video.sections, strict=True):
        assert chapter.start == pytest.approx(section.start, abs=0.0006)
        assert chapter.end == pytest.approx(section.start + section.duration, abs=0.0006)
    assert found.title == "Well-known ports"
    assert found.intact is True
    assert found.moov_first
    assert found.edit_lists == 0
    assert video.sha256 == hashlib.sha256(video.path.read_bytes()).hexdigest()


@pytest.mark.parametrize("format", FORMATS)
def test_captions_lie_beside_a_lesson_of_any_format(lessons: Lessons, format: Format):
    video = lessons.video(format)

    assert video.captions.name == "lesson.vtt"
    assert video.subtitles.name == "lesson.srt"
    assert read_webvtt(video.captions) == video.cues
    assert video.subtitles.read_text(encoding="utf-8").count(" --> ") == len(video.cues) == COUNT
    assert {path.name for path in video.path.parent.iterdir()} == {
        video.path.name, "lesson.vtt", "lesson.srt"
    }  # fmt: skip


def tracks(found: Probe) -> tuple[tuple[str, ...], str | None, bool]:
    return found.tracks, found.captions, found.cover


def test_each_container_holds_what_its_players_know(lessons: Lessons):
    assert tracks(probe(lessons.video(TINY).path)) == (
        ("video", "audio", "subtitle", "data"), "mov_text", False
    )  # fmt: skip
    assert tracks(probe(lessons.video(SOUND).path)) == (("audio", "data"), None, True)
    assert tracks(probe(lessons.video(TINY_WEBM).path)) == (("video", "audio", "subtitle"), "webvtt", False)


def test_a_webm_carries_its_captions(lessons: Lessons):
    video = lessons.video(TINY_WEBM)

    assert probe(video.path).cues == video.cues


def test_captions_in_a_webm_stay_text(lessons: Lessons, tmp_path: Path):
    lines = ("<b>a</b> --> &amp;", "00:00:01.000 --> 00:00:09.000")
    section = lessons.sections(TINY_WEBM)[0]
    cue = Cue(start=Seconds(0.2), end=Seconds(1.2), lines=lines)
    section = section.model_copy(update={"clip": section.clip.model_copy(update={"cues": (cue,)})})

    video = join_clips([section], scripted(1), tmp_path / "lesson.webm", TINY_WEBM, "A lesson")

    assert [cue.lines for cue in probe(video.path).cues] == [lines]
    assert [cue.lines for cue in read_webvtt(video.captions)] == [lines]


def test_a_lesson_to_listen_to_shows_its_cover(lessons: Lessons):
    with av.open(str(lessons.video(SOUND).path)) as file:
        [packet] = [packet for packet in file.demux(video=0) if packet.size]

    assert bytes(packet) == lessons.cover.read_bytes()


def test_a_lesson_to_listen_to_needs_no_cover(lessons: Lessons, tmp_path: Path):
    video = join_clips(lessons.sections(SOUND), scripted(COUNT), tmp_path / "a.m4a", SOUND, "A lesson")

    assert tracks(probe(video.path)) == (("audio", "data"), None, False)


def test_a_cover_that_is_no_picture_is_refused(lessons: Lessons, tmp_path: Path):
    (tmp_path / "cover.png").write_bytes(b"no picture")

    with pytest.raises(CorruptMedia, match=r"cover\.png is no PNG"):
        join_clips(
            lessons.sections(SOUND)[:1],
            scripted(1),
            tmp_path / "a.m4a",
            SOUND,
            "A lesson",
            cover=tmp_path / "cover.png",
        )

    assert not (tmp_path / "a.m4a").exists()


def packets(path: Path, kind: str) -> list[bytes]:
    with av.open(str(path)) as file:
        return [bytes(packet) for packet in file.demux(**{kind: 0}) if packet.size]


@pytest.mark.parametrize("format", [TINY, TINY_WEBM], ids=["mp4", "webm"])
def test_music_leaves_the_pictures_as_they_are(lessons: Lessons, format: Format):
    plain, music = lessons.video(format), lessons.video(format, Path("pad"))

    assert packets(music.path, "video") == packets(plain.path, "video")
    assert packets(music.path, "audio") != packets(plain.path, "audio")


@pytest.mark.parametrize("music", [None, Path("pad")], ids=["speech", "music"])
@pytest.mark.parametrize("format", FORMATS)
def test_a_lesson_is_as_loud_as_promised(lessons: Lessons, format: Format, music: Path | None):
    decoded, rate = decode.sound(lessons.video(format, music).path)

    assert integrated_loudness(decoded, rate) == pytest.approx(-16, abs=0.5)
    assert true_peak(decoded, rate) <= -1.0


@pytest.mark.parametrize("format", FORMATS)
def test_all_sections_of_a_lesson_are_equally_loud(lessons: Lessons, format: Format):
    decoded, rate = decode.sound(lessons.video(format).path)

    levels = []
    for section in lessons.video(format).sections:
        first, count = round(section.start * rate), round(section.duration * rate)
        levels.append(integrated_loudness(decoded[first : first + count], rate))
    assert levels == pytest.approx([-16] * COUNT, abs=0.5)


@pytest.mark.parametrize("format", FORMATS)
def test_nothing_clicks_where_sections_meet(lessons: Lessons, format: Format):
    decoded, rate = decode.sound(lessons.video(format).path)

    for section in lessons.video(format).sections[1:]:
        place = round(section.start * rate)
        assert np.abs(decoded[place - 480 : place + 480]).max() < 1e-3  # -60 dBFS


@pytest.mark.parametrize("format", FORMATS)
def test_music_goes_over_where_sections_meet(lessons: Lessons, format: Format):
    decoded, rate = decode.sound(lessons.video(format, Path("pad")).path)

    for section in lessons.video(format).sections[1:]:
        place = round(section.start * rate)
        near = np.abs(np.diff(decoded[place - 240 : place + 240])).max()
        around = np.abs(np.diff(decoded[place - 2_400 : place + 2_400])).max()
        assert 0 < near <= around < 2e-3


@pytest.mark.parametrize("format", [SOUND, TINY_WEBM], ids=["m4a", "webm"])
def test_another_process_joins_to_the_same_bytes(lessons: Lessons, format: Format, tmp_path: Path):
    script = (
        "from pathlib import Path; from presgen.media.join import join_clips\n"
        "from presgen.workspace import Workspace; from tests.unit.media.clips import *\n"
        "root, path, cover = map(Path, sys.argv[1:4])\n"
        "format = {'m4a': SOUND, 'webm': TINY_WEBM}[path.suffix[1:]]\n"
        "sections = Workspace(root).sections\n"
        "found = [sections.get(key) for key in sections.keys()]\n"
        "video = join_clips(found, scripted(len(found)), path, format, 'Well-known ports',\n"
        "    music=Path('pad'), cover=cover)\n"
        "print(video.sha256)"
    )
    expected = lessons.video(format, Path("pad"))
    path = [entry for entry in sys.path if entry]

    result = subprocess.run(
        [
            sys.executable,
            "-c",
            f"import sys; sys.path[:0] = {path!r}\n{script}",
            lessons.root / format.name,
            tmp_path / f"x.{format.container}",
            lessons.cover,
        ],
        check=True,
        capture_output=True,
        text=True,
        env={"PYTHONHASHSEED": "3"},
    )

    assert result.stdout.strip() == expected.sha256


@pytest.mark.parametrize("format", FORMATS)
def test_the_file_tells_no_releases(lessons: Lessons, format: Format):
    content = lessons.video(format, Path("pad")).path.read_bytes()

    # WebM must name its muxer; no file says which release wrote it.
    assert not re.search(rb"Lav[cf]\d", content)


@pytest.mark.parametrize("music", [None, Path("pad")], ids=["speech", "music"])
def test_a_narration_that_is_damaged_is_told_as_such(lessons: Lessons, tmp_path: Path, music: Path | None):
    write_clip(tmp_path / "clip.webm", narration(LENGTHS[0]), TINY_WEBM)
    (tmp_path / "narration.wav").write_bytes(b"RIFF")
    section = lessons.sections(TINY_WEBM)[0].model_copy(update={"folder": tmp_path})

    with pytest.raises(CorruptMedia, match=r"narration\.wav is no WAV file"):
        join_clips([section], scripted(1), tmp_path / "lesson.webm", TINY_WEBM, "A lesson", music=music)


def with_frames(section: StoredSection, more: int) -> StoredSection:
    return section.model_copy(
        update={"clip": section.clip.model_copy(update={"frames": section.clip.frames + more})}
    )


@pytest.mark.parametrize("format", FORMATS)
def test_a_clip_of_another_length_than_announced_is_refused(lessons: Lessons, format: Format, tmp_path: Path):
    section = with_frames(lessons.sections(format)[0], 16)
    if format.container == "webm":
        copy = tmp_path / "section"
        copy.mkdir()
        (copy / clip_name(format)).write_bytes((section.folder / clip_name(format)).read_bytes())
        write_wav(copy / "narration.wav", np.zeros(section.clip.frames * 1_600, np.int16))
        section = section.model_copy(update={"folder": copy})

    with pytest.raises(CannotJoin, match=r"are announced|sound packets|where .* s are announced"):
        join([section], tmp_path / f"lesson.{format.container}", format)

    assert not (tmp_path / f"lesson.{format.container}").exists()


def join(sections: Sequence[StoredSection], path: Path, format: Format) -> Video:
    return join_clips(sections, scripted(len(sections)), path, format, "A lesson")


def test_a_path_that_says_something_else_than_the_format_is_refused(lessons: Lessons, tmp_path: Path):
    with pytest.raises(BadInput, match=r"lesson\.mp4 is no name for the format 'tiny-webm', a \.webm file"):
        join(lessons.sections(TINY_WEBM), tmp_path / "lesson.mp4", TINY_WEBM)


def test_a_clip_without_pictures_is_none_for_a_film(lessons: Lessons, tmp_path: Path):
    section = lessons.sections(TINY)[0]
    write_clip(tmp_path / "clip.mp4", narration(LENGTHS[0]), SOUND)

    with pytest.raises(
        CannotJoin, match=r"has 0 picture and 1 sound tracks; a clip of the format 'tiny' has 1"
    ):
        join([section.model_copy(update={"folder": tmp_path})], tmp_path / "lesson.mp4", TINY)
