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

_WRITTEN: Mapping[str, tuple[str, Mapping[str, str]]] = {
    "mp4": ("mp4", _MP4),
    "m4a": ("ipod", _MP4),
    "webm": ("webm", _WEBM),
}
"""Suffix to FFmpeg's name of the muxer, and its options."""


def is_webm(path: Path) -> bool:
    """Return whether the file calls itself WebM; all others are read as MP4."""
    return path.suffix == ".webm"


@contextmanager
def open_media(path: Path) -> Iterator[InputContainer]:
    """Open an MP4, M4A or WebM file for reading.

    Whatever it holds, it is read as what its name says and from the disk: a play list in a file called
    ``.mp4`` opens nothing.

    Raises:
        CorruptMedia: it is absent or not what its name says, now or within the ``with`` block.
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
