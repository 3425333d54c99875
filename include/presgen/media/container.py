"""Opening media files: to read what somebody else may have made, to write what players and browsers like."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import av
from av.container import InputContainer, OutputContainer

from presgen.errors import CorruptMedia

STRICT = {"err_detect": "crccheck+bitstream+buffer+explode"}
"""Stop at damage instead of guessing what was meant."""

# No encoder names and dates: same input, same bytes.
_EXACT = {"fflags": "+bitexact"}

_MP4 = {
    # The table of contents first, so that a browser plays while it loads.
    "movflags": "+faststart",
    # Nothing to shift: everything starts at 0.
    "use_editlist": "0",
    # Ticks in which pictures, AAC packets and chapters all are whole numbers.
    "movie_timescale": "48000",
    **_EXACT,
}
# The index first, so that a browser can jump while it loads.
_WEBM = {"cues_to_front": "1", **_EXACT}

_EBML = bytes.fromhex("1A45DFA3")

_WRITTEN: Mapping[str, tuple[str, Mapping[str, str]]] = {
    "mp4": ("mp4", _MP4),
    # FFmpeg's own muxer for M4A refuses covers in PNG; players look at the brand.
    "m4a": ("mp4", {**_MP4, "brand": "M4A "}),
    "webm": ("webm", _WEBM),
}
"""Suffix to FFmpeg's name of the muxer, and its options."""


def is_webm(path: Path) -> bool:
    """Return whether the file starts like WebM; all others are read as MP4."""
    try:
        with path.open("rb") as file:
            return file.read(len(_EBML)) == _EBML
    except OSError:
        return False  # whoever reads it will say why


@contextmanager
def open_media(path: Path) -> Iterator[InputContainer]:
    """Open an MP4, M4A or WebM file for reading.

    Whatever it holds, it is read as one of these and from the disk: a play list in a file called ``.mp4``
    opens nothing.

    Raises:
        CorruptMedia: it is absent or none of them, now or within the ``with`` block.
    """
    kind, name = ("matroska", "WebM") if is_webm(path) else ("mov", "MP4")
    try:
        with av.open(f"file:{path}", format=kind, options={"protocol_whitelist": "file", **STRICT}) as file:
            yield file
    except av.FFmpegError as error:
        raise CorruptMedia(f"{path.name} cannot be read as {name}: {error.strerror}.") from error


def create_media(path: Path, container: str) -> OutputContainer:
    """Open the file for writing as ``mp4, m4a`` or ``webm``; use it within `disk_errors`."""
    kind, options = _WRITTEN[container]
    return av.open(f"file:{path}", "w", format=kind, options=dict(options))


@contextmanager
def disk_errors() -> Iterator[None]:
    """Let FFmpeg's errors while it writes be what they are: errors of the disk.

    Raises:
        OSError: with the number that says which, ``ENOSPC`` for instance.
    """
    try:
        yield
    except av.FFmpegError as error:
        raise OSError(error.errno, error.strerror) from error
