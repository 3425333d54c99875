"""A digest at the end of a media file, over its pictures and sound, by which any flipped bit is noticed.

H.264 and AAC carry no checksums: of single bits flipped in a clip, strict decoding noticed between half and
all in the pictures, and a third in the sound. The rest is seen or heard as garbage. So our files end with a
box that players skip, as they skip all they do not know (ISO/IEC 14496-12, ``uuid``); in WebM, with an
element made to be skipped (RFC 8794, ``Void``). It covers the media and not the tables, so a title may be
changed or a signature added without breaking it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

from presgen.errors import CorruptMedia
from presgen.media.boxes import boxes, content_of
from presgen.media.container import is_webm
from presgen.media.ebml import CLUSTER, VOID, element, elements

_NAME = hashlib.sha256(b"presgen: SHA-256 over the content of all mdat boxes").digest()[:16]
_PART = 1 << 20


def seal(path: Path) -> None:
    """Append the digest of the media in the file to the file. Done once, when it is complete."""
    content = _NAME + _digest(path)
    with path.open("ab") as file:
        if is_webm(path):
            file.write(element(VOID, content))
        else:
            file.write((8 + len(content)).to_bytes(4, "big") + b"uuid" + content)


def is_intact(path: Path) -> bool | None:
    """Return whether the media in the file are what was sealed; None: nobody sealed it.

    Raises:
        CorruptMedia: the file's boxes are damaged or cut short.
    """
    seals = [content[16:] for content in _unknown_to_players(path) if content.startswith(_NAME)]
    return all(found == _digest(path) for found in seals) if seals else None


def check_seal(path: Path) -> None:
    """Raise if the media in the file are not what was sealed.

    Raises:
        CorruptMedia: they are not, or the file's boxes are damaged or cut short.
    """
    if is_intact(path) is False:
        raise CorruptMedia(f"{path.name} is damaged: its pictures or sound are not those that were written.")


def _unknown_to_players(path: Path) -> Iterator[bytes]:
    """Yield the content of what players skip in the file."""
    if is_webm(path):
        with path.open("rb") as file:
            for found in elements(path):
                if found.kind == VOID:
                    file.seek(found.content)
                    yield file.read(found.end - found.content)
    else:
        for box in boxes(path):
            if box.path == ("uuid",):
                yield content_of(path, box)


def _media(path: Path) -> Iterator[tuple[int, int]]:
    """Yield from where to where in the file pictures and sound lie."""
    if is_webm(path):
        yield from ((found.start, found.end) for found in elements(path) if found.kind == CLUSTER)
    else:
        yield from ((box.content, box.end) for box in boxes(path) if box.path == ("mdat",))


def _digest(path: Path) -> bytes:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        for start, end in _media(path):
            file.seek(start)
            left = end - start
            while left and (part := file.read(min(left, _PART))):
                digest.update(part)
                left -= len(part)
    return digest.digest()
