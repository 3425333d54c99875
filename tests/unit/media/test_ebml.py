from __future__ import annotations

from pathlib import Path

import pytest

from presgen.errors import CorruptMedia
from presgen.media.ebml import CLUSTER, CUES, HEADER, SEGMENT, VOID, element, elements
from presgen.media.probe import probe
from presgen.media.seal import check_seal, is_intact
from tests.unit.media.clips import TINY_WEBM, narration, write_clip


@pytest.fixture
def clip(tmp_path: Path) -> Path:
    write_clip(tmp_path / "clip.webm", narration(0.5), TINY_WEBM)
    return tmp_path / "clip.webm"


def test_a_clip_is_a_header_a_segment_and_a_seal(clip: Path):
    found = elements(clip)

    outer = [one for one in found if one.kind in {HEADER, SEGMENT}]
    assert [one.kind for one in outer] == [HEADER, SEGMENT]
    assert (found[-1].kind, found[-1].end) == (VOID, clip.stat().st_size)
    assert outer[0].start == 0
    assert outer[1].end == found[-1].start
    within = [one.kind for one in found if outer[1].content <= one.start < outer[1].end]
    assert within.index(CUES) < within.index(CLUSTER)


def test_an_element_is_found_as_it_was_written(tmp_path: Path):
    (tmp_path / "a.webm").write_bytes(element(HEADER, b"head") + element(VOID, b"nothing"))

    header, void = elements(tmp_path / "a.webm")

    assert (header.kind, header.end - header.content) == (HEADER, 4)
    assert (void.kind, void.end - void.content) == (VOID, 7)


@pytest.mark.parametrize("part", [0.2, 0.7, 0.999])
def test_a_file_that_was_cut_short_is_noticed(clip: Path, part: float):
    content = clip.read_bytes()
    clip.write_bytes(content[: int(part * len(content))])

    with pytest.raises(CorruptMedia, match="damaged or cut short"):
        elements(clip)
    with pytest.raises(CorruptMedia):
        probe(clip)


@pytest.mark.parametrize("content", [b"", b"\x00\x00\x00\x18ftypmp42"])
def test_something_else_is_no_webm(tmp_path: Path, content: bytes):
    (tmp_path / "a.webm").write_bytes(content)

    with pytest.raises(CorruptMedia, match=r"a\.webm"):
        elements(tmp_path / "a.webm")


def test_every_bit_of_the_media_counts(clip: Path):
    cluster = next(one for one in elements(clip) if one.kind == CLUSTER)
    content = bytearray(clip.read_bytes())
    content[(cluster.content + cluster.end) // 2] ^= 1

    assert is_intact(clip) is True
    clip.write_bytes(content)

    assert is_intact(clip) is False
    with pytest.raises(CorruptMedia, match="its pictures or sound are not"):
        check_seal(clip)
