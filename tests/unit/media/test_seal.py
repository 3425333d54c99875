from __future__ import annotations

from pathlib import Path

import av
import pytest

from presgen.errors import CorruptMedia
from presgen.media.probe import probe
from presgen.media.seal import check_seal, is_intact, seal
from tests.unit.media.clips import narration, write_clip


@pytest.fixture
def clip(tmp_path: Path) -> Path:
    write_clip(tmp_path / "clip.mp4", narration(0.5))
    return tmp_path / "clip.mp4"


def test_a_new_clip_is_intact(clip):
    check_seal(clip)

    assert is_intact(clip) is True
    assert probe(clip).intact is True


def test_the_last_bit_of_the_media_counts(clip):
    content = bytearray(clip.read_bytes())
    content[-57] ^= 1
    clip.write_bytes(content)

    assert is_intact(clip) is False
    assert probe(clip).intact is False
    with pytest.raises(CorruptMedia, match=r"clip\.mp4 is damaged: its pictures or sound are not"):
        check_seal(clip)


def test_another_title_breaks_no_seal(clip):
    content = clip.read_bytes()
    clip.write_bytes(content.replace(b"VideoHandler", b"PhotoHandler"))

    assert clip.read_bytes() != content
    assert is_intact(clip) is True


def test_a_file_that_nobody_sealed_is_neither_intact_nor_broken(tmp_path):
    with av.open(str(tmp_path / "film.mp4"), "w") as file:
        stream = file.add_stream("libx264", rate=30)
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
        file.mux(stream.encode(av.VideoFrame(64, 48, "yuv420p")))
        file.mux(stream.encode(None))

    assert is_intact(tmp_path / "film.mp4") is None
    check_seal(tmp_path / "film.mp4")
    seal(tmp_path / "film.mp4")
    assert is_intact(tmp_path / "film.mp4") is True
