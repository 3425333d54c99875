"""The elements a WebM file is made of (EBML, RFC 8794): what lies where, without a decoder."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from presgen.errors import CorruptMedia

HEADER = 0x1A45DFA3
SEGMENT = 0x18538067
CLUSTER = 0x1F43B675
"""The packets of some seconds."""
CUES = 0x1C53BB6B
"""The index by which players jump."""
VOID = 0xEC
"""An element that readers skip."""

_LONGEST_HEADER = 12


@dataclass(frozen=True, slots=True)
class Element:
    """One element of a file."""

    kind: int
    start: int
    """Bytes from the start of the file to its header."""
    content: int
    """Bytes from the start of the file to its content."""
    end: int


def elements(path: Path) -> tuple[Element, ...]:
    """Return the elements of the file and of its segment, in order.

    Raises:
        CorruptMedia: an element ends after the file or the segment, as in a file that was cut short, or the
            file is no EBML.
    """
    with path.open("rb") as file:
        size = file.seek(0, 2)
        found = tuple(_walk(path, file, 0, size))
    if not found or found[0].kind != HEADER:
        raise CorruptMedia(f"{path.name} is no WebM file: it does not start with an EBML header.")
    return found


def element(kind: int, content: bytes) -> bytes:
    """Return an element whole, its length in eight bytes."""
    return (
        kind.to_bytes(-(-kind.bit_length() // 8), "big")
        + (1 << 56 | len(content)).to_bytes(8, "big")
        + content
    )


def _walk(path: Path, file: BinaryIO, start: int, stop: int) -> Iterator[Element]:
    while start < stop:
        file.seek(start)
        header = file.read(_LONGEST_HEADER)
        id_length = 9 - header[0].bit_length()
        size_length = 9 - header[id_length].bit_length() if len(header) > id_length else 9
        content = start + id_length + size_length
        length = int.from_bytes(header[id_length : id_length + size_length], "big") & ~(-1 << 7 * size_length)
        if id_length > 4 or size_length > 8 or content + length > stop:
            raise CorruptMedia(
                f"{path.name} is damaged or cut short: the element at byte {start} claims {length} bytes, "
                f"{stop - start} are left."
            )
        found = Element(int.from_bytes(header[:id_length], "big"), start, content, content + length)
        yield found
        if found.kind == SEGMENT:
            yield from _walk(path, file, content, found.end)
        start = found.end
