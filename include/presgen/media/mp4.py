"""Opening MP4 files, to read what somebody else may have made and to write what players and browsers like."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import av
from av.container import InputContainer, OutputContainer

from presgen.errors import CorruptMedia

STRICT = {"err_detect": "crccheck+bitstream+buffer+explode"}
"""Stop at damage instead of guessing what was meant."""

_LAYOUT = {
    # The table of contents first, so that a browser plays while it loads.
    "movflags": "+faststart",
    # Nothing to shift: everything starts at 0.
    "use_editlist": "0",
    # Ticks in which pictures, AAC packets and chapters all are whole numbers.
    "movie_timescale": "48000",
    # No encoder names and dates: same input, same bytes.
    "fflags": "+bitexact",
}


@contextmanager
def open_mp4(path: Path) -> Iterator[InputContainer]:
    """Open the file for reading.

    Whatever it claims to be, it is read as MP4 and from the disk: a play list in a file called ``.mp4``
    opens nothing.

    Raises:
        CorruptMedia: it is absent or no MP4, now or within the ``with`` block.
    """
    try:
        with av.open(f"file:{path}", format="mov", options={"protocol_whitelist": "file", **STRICT}) as file:
            yield file
    except av.FFmpegError as error:
        raise CorruptMedia(f"{path.name} cannot be read as MP4: {error.strerror}.") from error


def create_mp4(path: Path) -> OutputContainer:
    """Open the file for writing; use it within `disk_errors`."""
    return av.open(f"file:{path}", "w", format="mp4", options=_LAYOUT)


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
