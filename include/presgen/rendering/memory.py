"""Large blocks of memory go back to the system as soon as they are freed."""

from __future__ import annotations

import ctypes
from functools import cache

_M_MMAP_THRESHOLD = -3
_LARGE = 256 * 1024


@cache
def give_back_memory() -> None:
    """Let the C library give freed blocks of 256 kB and more back at once, where it is glibc.

    By itself it raises that limit with every large block, keeps what was freed, and a process that draws and
    encodes 1080 lines grows to 740 MB; with this it stays at 500 and costs no measurable time.
    """
    library = ctypes.CDLL(None)
    if hasattr(library, "mallopt"):
        library.mallopt(_M_MMAP_THRESHOLD, _LARGE)
