"""The edit lists of an MP4 file: by which a track starts later, or plays only parts of its media.

Most encoders write one for every track, which leaves out the first samples that only prime a decoder. That
one is read alike everywhere. What comes beyond it is not.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from presgen.media.boxes import boxes, content_of
from presgen.model.base import Seconds

_EMPTY = -1


@dataclass(frozen=True, slots=True)
class EditList:
    """What one track's edit list asks of a player."""

    delay: Seconds
    """How much later than the film the track starts."""
    skipped: Seconds
    """How much of the start of its media is left out."""
    parts: int
    """How many parts of its media it plays."""


def edit_lists(path: Path) -> tuple[EditList, ...]:
    """Return the edit lists of all tracks that have one.

    Raises:
        CorruptMedia: the file's boxes are damaged or cut short.
    """
    film_ticks = 1
    tracks: list[dict[str, bytes]] = []
    for box in boxes(path):
        if box.kind == "mvhd":
            film_ticks = _ticks(content_of(path, box))
        elif box.kind == "trak":
            tracks.append({})
        elif box.kind in {"elst", "mdhd"} and tracks:
            tracks[-1][box.kind] = content_of(path, box)
    return tuple(
        _parsed(track["elst"], film_ticks, _ticks(track["mdhd"]))
        for track in tracks
        if "elst" in track and "mdhd" in track
    )


def _ticks(content: bytes) -> int:
    """Return the ticks a second of a movie or media header."""
    at = 20 if content[:1] == b"\1" else 12
    return max(int.from_bytes(content[at : at + 4], "big"), 1)


def _parsed(content: bytes, film_ticks: int, track_ticks: int) -> EditList:
    wide = 8 if content[:1] == b"\1" else 4
    delay, skipped, parts = 0, 0, 0
    for number in range(int.from_bytes(content[4:8], "big")):
        entry = content[8 + number * (2 * wide + 4) :]
        length = int.from_bytes(entry[:wide], "big")
        media = int.from_bytes(entry[wide : 2 * wide], "big", signed=True)
        if media == _EMPTY:
            delay += length
        else:
            skipped = media if parts == 0 else skipped
            parts += 1
    return EditList(Seconds(delay / film_ticks), Seconds(skipped / track_ticks), parts)
