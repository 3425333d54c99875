from __future__ import annotations

from pathlib import Path

import pytest

from presgen.errors import CorruptMedia
from presgen.media.boxes import boxes, content_of


def box(kind: bytes, content: bytes = b"", claimed: int | None = None) -> bytes:
    return (8 + len(content) if claimed is None else claimed).to_bytes(4, "big") + kind + content


def write(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


def test_boxes_come_in_order_with_those_around_them_first(tmp_path):
    path = write(
        tmp_path / "a.mp4", box(b"ftyp", b"isom") + box(b"moov", box(b"trak", box(b"edts"))) + box(b"mdat")
    )

    found = boxes(path)

    assert ["/".join(each.path) for each in found] == ["ftyp", "moov", "moov/trak", "moov/trak/edts", "mdat"]
    assert content_of(path, found[0]) == b"isom"
    assert found[1].end == found[4].start


def test_a_box_of_more_than_four_gigabytes_has_a_longer_header(tmp_path):
    large = (1).to_bytes(4, "big") + b"mdat" + (20).to_bytes(8, "big") + b"data"

    [found] = boxes(write(tmp_path / "a.mp4", large))

    assert (found.content, found.end) == (16, 20)


def test_the_last_box_may_reach_to_the_end_of_the_file(tmp_path):
    [_, last] = boxes(write(tmp_path / "a.mp4", box(b"ftyp") + box(b"mdat", b"data", claimed=0)))

    assert (last.start, last.end) == (8, 20)


def test_user_data_of_quicktime_ends_with_zeros(tmp_path):
    path = write(tmp_path / "a.mp4", box(b"moov", box(b"udta", box(b"name", b"x") + bytes(4))) + box(b"mdat"))

    assert [each.kind for each in boxes(path)] == ["moov", "udta", "name", "mdat"]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\0\0",
        box(b"mdat", b"data", claimed=13),
        box(b"moov", box(b"trak", claimed=9)),
        box(b"moov", box(b"trak", claimed=0)),
        box(b"mdat", claimed=7),
        b"this is a text and no film at all",
    ],
)
def test_boxes_that_cannot_be_are_damage(tmp_path, content):
    with pytest.raises(CorruptMedia, match=r"a\.mp4 is (empty|damaged or cut short)"):
        boxes(write(tmp_path / "a.mp4", content))
