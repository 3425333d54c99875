"""Opening MP4 files that somebody else may have made: no network, no other files, errors in our words."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import av
from av.container import InputContainer

from presgen.errors import CorruptMedia

STRICT = {"err_detect": "crccheck+bitstream+buffer+explode"}
"""Stop at damage instead of guessing what was meant."""


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
