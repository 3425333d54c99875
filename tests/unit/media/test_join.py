from __future__ import annotations

import dataclasses
import hashlib
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import av
import numpy as np
import pytest

from presgen.errors import CannotJoin, CorruptMedia, StoreUnavailable
from presgen.media import decode
from presgen.media.boxes import boxes, content_of
from presgen.media.captions import read_webvtt
from presgen.media.join import join_clips
from presgen.media.probe import Probe, probe
from presgen.model.base import Seconds
from presgen.model.media import Cue, StoredSection, Video
from presgen.workspace import Workspace, on_disk
from tests.unit.media.clips import SMALL, TINY, narration, scripted, store_section

LENGTHS = (0.4, 1.5, 2.0, 0.9, 1.1)


@pytest.fixture(scope="module")
def twenty(tmp_path_factory: pytest.TempPathFactory) -> tuple[StoredSection, ...]:
    """Twenty stored sections of five lengths."""
    store = Workspace(tmp_path_factory.mktemp("workspace")).sections
    return tuple(store_section(store, n, 1.0 + LENGTHS[n % 5]) for n in range(20))


@pytest.fixture(scope="module")
def lesson(twenty: tuple[StoredSection, ...], tmp_path_factory: pytest.TempPathFactory) -> Video:
    path = tmp_path_factory.mktemp("lesson") / "lesson.mp4"
    return join_clips(twenty, scripted(20), path, TINY, "Well-known ports")


@pytest.fixture(scope="module")
def probed(lesson: Video) -> Probe:
    return probe(lesson.path)


def join(sections: Sequence[StoredSection], path: Path) -> Video:
    return join_clips(sections, scripted(len(sections)), path, TINY, "A lesson")


def with_clip(section: StoredSection, **fields: object) -> StoredSection:
    return section.model_copy(update={"clip": section.clip.model_copy(update=fields)})


def test_a_lesson_is_as_long_as_its_sections(twenty, lesson, probed):
    frames = sum(section.clip.frames for section in twenty)

    assert probed.pictures.frames == probed.pictures.promised_frames == frames
    assert lesson.duration == frames / 30
    assert probed.pictures.duration == probed.sound.duration == pytest.approx(frames / 30, abs=1e-9)
    assert probed.duration == pytest.approx(frames / 30, abs=1e-3)


def test_a_lesson_meets_the_delivery_targets(probed):
    assert probed.tracks == ("video", "audio", "subtitle", "data")
    assert (probed.pictures.codec, probed.pictures.profile) == ("h264", "High")
    assert probed.pictures.colour == "bt709/bt709/bt709"
    assert probed.pictures.colour_range == "limited"
    assert probed.pictures.constant_rate
    assert probed.pictures.fps == 30
    assert probed.pictures.start == probed.sound.start == 0
    assert probed.moov_first
    assert probed.edit_lists == 0
    assert probed.intact
    assert probed.title == "Well-known ports"


def delay(original: np.ndarray, heard: np.ndarray) -> int:
    """By how many samples ``heard`` comes late."""
    likeness = np.fft.irfft(np.fft.rfft(heard) * np.conj(np.fft.rfft(original)), len(original))
    latest = int(np.argmax(likeness))
    return latest if latest < len(original) // 2 else latest - len(original)


def test_every_sample_of_twenty_sections_is_where_it_belongs(twenty, lesson):
    decoded, rate = decode.sound(lesson.path)
    parts = [narration(1.0 + LENGTHS[n % 5], n).astype(float) / 32_768 for n in range(20)]

    assert rate == 48_000
    assert len(decoded) == sum(len(part) for part in parts)
    start = 0
    for part in parts:
        assert delay(part, decoded[start : start + len(part)]) == 0
        start += len(part)


def test_a_joined_section_sounds_exactly_as_it_did_alone(twenty, lesson):
    decoded, _ = decode.sound(lesson.path)

    start = 0
    for section in twenty:
        alone, _ = decode.sound(section.folder / "clip.mp4")
        together = decoded[start : start + len(alone)]
        # AAC fills in noise at random, so two decodings are never equal to the last bit.
        assert np.abs(alone - together).max() < 0.03
        assert np.corrcoef(alone, together)[0, 1] > 0.9995
        start += len(alone)


def test_nothing_is_heard_where_sections_meet(twenty, lesson):
    decoded, _ = decode.sound(lesson.path)
    joins = np.cumsum([section.clip.frames * 1600 for section in twenty])[:-1]

    for place in joins:
        assert np.abs(decoded[place - 960 : place + 960]).max() < 2e-4  # -74 dBFS


def test_every_picture_is_where_it_belongs(twenty, lesson):
    expected = [
        16 + (number + seed) % 200
        for seed, section in enumerate(twenty)
        for number in range(section.clip.frames)
    ]

    seen = list(decode.pictures(lesson.path))

    assert [moment for moment, _ in seen] == pytest.approx([n / 30 for n in range(len(expected))], abs=1e-6)
    assert [float(picture.y.mean()) for _, picture in seen] == pytest.approx(expected, abs=2.5)


def test_a_viewer_can_jump_to_each_section(lesson, probed):
    assert [chapter.title for chapter in probed.chapters] == [f"Séction {n}" for n in range(20)]
    for chapter, section in zip(probed.chapters, lesson.sections, strict=True):
        assert chapter.start == pytest.approx(section.start, abs=0.0006)
        assert chapter.end == pytest.approx(section.start + section.duration, abs=0.0006)
    key_frames = [round(moment, 6) for moment in probed.pictures.key_frames]
    assert all(round(section.start, 6) in key_frames for section in lesson.sections)


def test_sections_are_placed_end_to_end(twenty, lesson):
    assert [section.key for section in lesson.sections] == [section.key for section in twenty]
    assert [section.slug for section in lesson.sections] == [f"section-{n}" for n in range(20)]
    end = 0
    for placed, stored in zip(lesson.sections, twenty, strict=True):
        assert round(placed.start * 30) == end
        assert round(placed.duration * 30) == stored.clip.frames
        end += stored.clip.frames


def test_captions_are_on_a_track_beside_the_film_and_in_the_result(twenty, lesson, probed):
    assert probed.captions == "mov_text"
    assert len(lesson.cues) == sum(len(section.clip.cues) for section in twenty)
    assert probed.cues == lesson.cues
    assert read_webvtt(lesson.captions) == lesson.cues
    for cue, section in zip(lesson.cues, lesson.sections, strict=True):
        # The clips' only cue starts with the first word, 0.2 s into the clip.
        assert cue.start == pytest.approx(section.start + 0.2, abs=0.0006)


def test_players_show_the_caption_track_only_when_asked(lesson, probed):
    # The pictures carry captions already.
    assert not probed.captions_shown
    headers = [box for box in boxes(lesson.path) if box.kind == "tkhd"]
    assert [content_of(lesson.path, header)[3] & 1 for header in headers] == [1, 1, 0, 0]


def test_captions_and_sound_name_their_language(lesson):
    with av.open(str(lesson.path)) as file:
        assert [stream.language for stream in file.streams][1:3] == ["eng", "eng"]


def test_the_digest_is_that_of_the_file(lesson):
    assert lesson.sha256 == hashlib.sha256(lesson.path.read_bytes()).hexdigest()


def test_nothing_but_the_lesson_is_left(lesson):
    assert {path.name for path in lesson.path.parent.iterdir()} == {"lesson.mp4", "lesson.vtt", "lesson.srt"}


def test_the_file_tells_no_tools_and_no_dates(lesson):
    content = lesson.path.read_bytes()

    assert b"Lavf" not in content
    for box in boxes(lesson.path):
        if box.kind in {"mvhd", "tkhd", "mdhd"}:
            assert content_of(lesson.path, box)[4:12] == bytes(8)


def test_another_process_joins_to_the_same_bytes(twenty, lesson, tmp_path):
    folder = twenty[0].folder.parent.parent
    script = (
        "from pathlib import Path; from presgen.media.join import join_clips\n"
        "from presgen.workspace import Workspace; from tests.unit.media.clips import TINY, scripted\n"
        "sections = Workspace(Path(sys.argv[1])).sections\n"
        "found = [sections.get(key) for key in sections.keys()]\n"
        "print(join_clips(found, scripted(20), Path(sys.argv[2]), TINY, 'Well-known ports').sha256)"
    )
    path = [entry for entry in sys.path if entry]

    result = subprocess.run(
        [sys.executable, "-c", f"import sys; sys.path[:0] = {path!r}\n{script}", folder, tmp_path / "x.mp4"],
        check=True,
        capture_output=True,
        text=True,
        env={"PYTHONHASHSEED": "3"},
    )

    assert result.stdout.strip() == lesson.sha256


def test_one_section_makes_a_lesson(twenty, tmp_path):
    video = join(twenty[:1], tmp_path / "one.mp4")

    assert video.duration == twenty[0].clip.frames / 30
    assert probe(video.path).intact


def test_the_same_section_twice_makes_a_lesson(twenty, tmp_path):
    video = join([twenty[1], twenty[1]], tmp_path / "twice.mp4")

    assert len(list(decode.pictures(video.path))) == 2 * twenty[1].clip.frames


def test_captions_that_look_like_structure_stay_text(twenty, tmp_path):
    lines = ("<b>a</b> --> &amp;", "00:00:01.000 --> 00:00:09.000")
    section = with_clip(twenty[0], cues=(Cue(start=Seconds(0.2), end=Seconds(1.2), lines=lines),))

    video = join([section, twenty[1]], tmp_path / "hostile.mp4")

    assert [cue.lines for cue in read_webvtt(video.captions)] == [lines, twenty[1].clip.cues[0].lines]
    assert [cue.lines for cue in probe(video.path).cues] == [lines, twenty[1].clip.cues[0].lines]


def test_sections_without_captions_make_a_lesson(twenty, tmp_path):
    video = join([with_clip(twenty[0], cues=()), with_clip(twenty[1], cues=())], tmp_path / "mute.mp4")

    assert probe(video.path).cues == read_webvtt(video.captions) == ()


@pytest.fixture
def store(tmp_path: Path):
    return Workspace(tmp_path / "workspace").sections


def test_clips_of_different_sizes_do_not_fit(twenty, store, tmp_path):
    odd = store_section(store, 77, 0.5, SMALL)

    with pytest.raises(
        CannotJoin,
        match=r"section 000000000000 does not fit section 000000000000: size differs \(320x192, 160x96\)",
    ):
        join([twenty[0], odd], tmp_path / "lesson.mp4")

    assert not (tmp_path / "lesson.mp4").exists()


def test_clips_of_another_format_are_refused(store, tmp_path):
    odd = store_section(store, 77, 0.5, SMALL)

    with pytest.raises(CannotJoin, match=r"does not fit the format 'tiny': its size is 320x192, not 160x96"):
        join([odd], tmp_path / "lesson.mp4")


@pytest.mark.parametrize("change", [{"preset": "ultrafast"}, {"preset": "slower"}])
def test_clips_of_differently_set_encoders_do_not_fit(twenty, store, tmp_path, change):
    odd = store_section(store, 77, 0.5, dataclasses.replace(TINY, **change))

    with pytest.raises(CannotJoin, match="parameter sets of the picture differs"):
        join([twenty[0], odd], tmp_path / "lesson.mp4")


@pytest.mark.parametrize("change", [{"crf": 30}, {"crf": 12}])
def test_clips_of_different_quality_fit(twenty, store, tmp_path, change):
    other = store_section(store, 77, 0.5, dataclasses.replace(TINY, **change))

    video = join([twenty[0], other, twenty[1]], tmp_path / "lesson.mp4")

    assert len(list(decode.pictures(video.path))) == round(video.duration * 30)


def test_a_clip_with_fewer_pictures_than_announced_is_refused(twenty, tmp_path):
    lying = with_clip(twenty[0], frames=twenty[0].clip.frames + 16)

    with pytest.raises(CannotJoin, match=r"has \d+ pictures where \d+ are announced"):
        join([twenty[1], lying], tmp_path / "lesson.mp4")


@pytest.mark.parametrize(("start", "end"), [(0.5, 99.0), (1.0, 0.5), (-0.5, 0.5)])
def test_a_caption_outside_its_clip_is_refused(twenty, tmp_path, start, end):
    odd = with_clip(twenty[0], cues=(Cue(start=Seconds(start), end=Seconds(end), lines=("late",)),))

    with pytest.raises(CannotJoin, match="has a caption from"):
        join([odd, twenty[1]], tmp_path / "lesson.mp4")


def remux(section: StoredSection, folder: Path, **options: str) -> StoredSection:
    """Copy a section with its clip muxed anew, as another tool would do it."""
    folder.mkdir()
    with (
        av.open(str(section.folder / "clip.mp4")) as source,
        av.open(str(folder / "clip.mp4"), "w", options=options) as target,
    ):
        streams = [target.add_stream_from_template(stream) for stream in source.streams]
        for packet in source.demux():
            if packet.size:
                if "late" in folder.name and packet.stream.type == "audio":
                    packet.pts = packet.dts = packet.pts + 2048
                packet.stream = streams[packet.stream_index]
                target.mux(packet)
    return section.model_copy(update={"folder": folder})


def test_a_clip_whose_sound_comes_late_is_refused(twenty, tmp_path):
    late = remux(twenty[0], tmp_path / "late")

    with pytest.raises(CannotJoin, match=r"packet at 0\.04\d s where 0\.000 s is its turn"):
        join([twenty[1], late], tmp_path / "lesson.mp4")

    assert not (tmp_path / "lesson.mp4").exists()


def test_a_clip_with_another_time_base_fits(twenty, tmp_path):
    other = remux(twenty[0], tmp_path / "other", video_track_timescale="90000")

    video = join([twenty[1], other, twenty[2]], tmp_path / "lesson.mp4")

    assert video.duration == sum(section.clip.frames for section in twenty[:3]) / 30
    assert probe(video.path).pictures.constant_rate


def test_no_clips_make_no_lesson(tmp_path):
    with pytest.raises(CannotJoin, match="0 clips for 0 sections"):
        join([], tmp_path / "lesson.mp4")


def test_an_absent_clip_is_told(twenty, tmp_path):
    gone = twenty[0].model_copy(update={"folder": tmp_path / "nowhere"})

    with pytest.raises(CorruptMedia, match=r"clip\.mp4 cannot be read"):
        join([gone], tmp_path / "lesson.mp4")


def test_an_earlier_lesson_stays_until_the_new_one_is_whole(twenty, tmp_path):
    path = tmp_path / "lesson.mp4"
    first = join(twenty[:2], path)

    with pytest.raises(CannotJoin):
        join([twenty[0], with_clip(twenty[1], frames=16)], path)

    assert hashlib.sha256(path.read_bytes()).hexdigest() == first.sha256
    assert {each.name for each in tmp_path.iterdir()} == {"lesson.mp4", "lesson.vtt", "lesson.srt"}


def test_a_full_disk_may_be_tried_again(twenty, tmp_path, monkeypatch):
    @contextmanager
    def nowhere(path: Path) -> Iterator[Path]:
        with on_disk(path.name):
            (tmp_path / "full").symlink_to("/dev/full")
            yield tmp_path / "full"

    monkeypatch.setattr("presgen.media.join.beside", nowhere)

    with pytest.raises(StoreUnavailable, match=r"lesson\.mp4: No space left on device"):
        join(twenty, tmp_path / "lesson.mp4")

    assert [each.name for each in tmp_path.iterdir()] == ["full"]
