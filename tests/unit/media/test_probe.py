from __future__ import annotations

import shutil
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from presgen.errors import CorruptMedia
from presgen.media.boxes import boxes
from presgen.media.probe import probe
from tests.unit.media.clips import narration, write_clip


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("clip") / "clip.mp4"
    write_clip(path, narration(1.5))
    return path


def write_film(path: Path, moments: list[int], rate: int = 30, **options: str) -> None:
    """Write a film, the way FFmpeg does unless told otherwise, with pictures at those multiples of 1/90 s."""
    with av.open(str(path), "w", options=options) as file:
        stream = file.add_stream("libx264", rate=rate, options={"x264-params": "bframes=2:b-adapt=0"})
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
        stream.codec_context.time_base = Fraction(1, 90)
        for number, moment in enumerate(moments):
            frame = av.VideoFrame.from_ndarray(np.full((72, 64), 40 + 5 * number, np.uint8), format="yuv420p")
            frame.pts, frame.time_base = moment, Fraction(1, 90)
            file.mux(stream.encode(frame))
        file.mux(stream.encode(None))


def test_a_table_of_contents_at_the_end_is_noticed(tmp_path):
    write_film(tmp_path / "late.mp4", [0, 3, 6, 9])
    write_film(tmp_path / "early.mp4", [0, 3, 6, 9], movflags="faststart")

    assert not probe(tmp_path / "late.mp4").moov_first
    assert probe(tmp_path / "early.mp4").moov_first


def test_edit_lists_are_counted(tmp_path):
    write_film(tmp_path / "film.mp4", [0, 3, 6, 9])

    assert probe(tmp_path / "film.mp4").edit_lists == 1


def test_a_varying_rate_is_noticed(tmp_path):
    write_film(tmp_path / "steady.mp4", [0, 3, 6, 9, 12, 15])
    write_film(tmp_path / "limping.mp4", [0, 3, 8, 9, 12, 15])

    steady, limping = (probe(tmp_path / name).pictures for name in ("steady.mp4", "limping.mp4"))

    assert steady is not None
    assert limping is not None
    assert steady.constant_rate
    assert steady.fps == pytest.approx(30)
    assert not limping.constant_rate


def test_a_film_without_sound_has_none(tmp_path):
    write_film(tmp_path / "film.mp4", [0, 3, 6, 9])

    found = probe(tmp_path / "film.mp4")

    assert found.sound is None
    assert found.tracks == ("video",)
    assert (found.captions, found.cues, found.chapters, found.title) == (None, (), (), None)


def test_colours_that_nobody_named_are_unknown(tmp_path):
    write_film(tmp_path / "film.mp4", [0, 3, 6, 9])

    found = probe(tmp_path / "film.mp4").pictures

    assert found is not None
    assert found.colour == "unknown/unknown/unknown"


@pytest.mark.parametrize(("a", "b", "turn"), [(0, 1, 90), (-1, 0, 180), (0, -1, 270)])
def test_a_turned_picture_is_noticed(clip, tmp_path, a, b, turn):
    turned = tmp_path / "turned.mp4"
    shutil.copy(clip, turned)
    header = next(box for box in boxes(turned) if box.kind == "tkhd")
    matrix = [a, b, 0, -b, a, 0, 0, 0, 0x4000]
    with turned.open("r+b") as file:
        file.seek(header.end - 44)
        file.write(b"".join((number << 16).to_bytes(4, "big", signed=True) for number in matrix))

    found = probe(turned).pictures

    assert found is not None
    assert found.rotation == turn


@pytest.mark.parametrize("share", [0.1, 0.5, 0.7, 0.95, 0.999])
def test_a_file_cut_short_is_noticed_without_decoding(clip, tmp_path, share):
    whole = clip.read_bytes()
    (tmp_path / "cut.mp4").write_bytes(whole[: int(len(whole) * share)])

    with pytest.raises(CorruptMedia, match=r"cut\.mp4"):
        probe(tmp_path / "cut.mp4")


@pytest.mark.parametrize("content", [b"", b"ftyp", b"<html>" * 1000, bytes(10_000)])
def test_what_is_no_mp4_is_corrupt(tmp_path, content):
    (tmp_path / "film.mp4").write_bytes(content)

    with pytest.raises(CorruptMedia, match=r"film\.mp4"):
        probe(tmp_path / "film.mp4")


def test_an_absent_file_is_told_by_its_name(tmp_path):
    with pytest.raises(CorruptMedia, match=r"absent\.mp4 cannot be read as MP4: No such file"):
        probe(tmp_path / "absent.mp4")


def test_a_play_list_called_mp4_opens_nothing(clip, tmp_path):
    (tmp_path / "list.mp4").write_text(
        f"#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXTINF:2,\n{clip}\n#EXT-X-ENDLIST\n"
    )
    (tmp_path / "concat.mp4").write_text(f"ffconcat version 1.0\nfile '{clip}'\n")

    for name in ("list.mp4", "concat.mp4"):
        with pytest.raises(CorruptMedia, match=name):
            probe(tmp_path / name)


def test_a_file_name_is_never_a_protocol(clip, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    with pytest.raises(CorruptMedia, match="No such file"):
        probe(Path(f"concat:{clip}|{clip}"))
