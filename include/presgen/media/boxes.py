"""The boxes an MP4 file is made of (ISO/IEC 14496-12): what lies where, without a decoder."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from presgen.errors import CorruptMedia

_NESTED = frozenset({"moov", "trak", "edts", "mdia", "minf", "dinf", "stbl", "udta", "tref"})
"""Boxes that hold nothing but boxes."""


@dataclass(frozen=True, slots=True)
class Box:
    """One box of a file."""

    path: tuple[str, ...]
    """The kinds of the boxes around it, then its own: ``("moov", "trak", "tkhd")``."""
    start: int
    """Bytes from the start of the file to its header."""
    content: int
    """Bytes from the start of the file to its content."""
    end: int

    @property
    def kind(self) -> str:
        """Its four letters."""
        return self.path[-1]


def boxes(path: Path) -> tuple[Box, ...]:
    """Return the boxes of the file, in order, each before the boxes within it.

    Raises:
        CorruptMedia: a box ends after the file or the box around it, as in a file that was cut short, or
            the file is empty.
    """
    with path.open("rb") as file:
        size = file.seek(0, 2)
        found = tuple(_walk(path, file, 0, size, ()))
    if not found:
        raise CorruptMedia(f"{path.name} is empty.")
    return found


def content_of(path: Path, box: Box) -> bytes:
    """Return the bytes in ``box``. Not for the box of all the media."""
    with path.open("rb") as file:
        file.seek(box.content)
        return file.read(box.end - box.content)


def _walk(path: Path, file: BinaryIO, start: int, stop: int, around: tuple[str, ...]) -> Iterator[Box]:
    while start < stop:
        file.seek(start)
        header = file.read(16)
        if around[-1:] == ("udta",) and not any(header[:4]):
            return  # QuickTime ends its user data with four zeros
        length = int.from_bytes(header[:4], "big")
        content = start + 8
        if length == 1:
            length = int.from_bytes(header[8:16], "big")
            content = start + 16
        elif length == 0 and not around:
            length = stop - start
        kind = header[4:8].decode("latin-1")
        if len(header) < 8 or length < content - start or start + length > stop:
            within = "/".join(around) or path.name
            raise CorruptMedia(
                f"{path.name} is damaged or cut short: box {kind!r} at byte {start} claims {length} bytes, "
                f"{within} has {stop - start} left."
            )
        box = Box((*around, kind), start, content, start + length)
        yield box
        if kind in _NESTED:
            yield from _walk(path, file, content, box.end, box.path)
        start = box.end
