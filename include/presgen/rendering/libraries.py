"""What is installed: the versions of the libraries that shape pixels and sound."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from importlib.metadata import version


def versions(names: Iterable[str]) -> dict[str, str]:
    """Return the version of each of those packages.

    Raises:
        PackageNotFoundError: one of them is not installed.
    """
    return {name: _version(name) for name in names}


# Every section's key asks for them, and a lesson has twenty sections; reading a package's metadata takes as
# long as the rest of a key.
_version = cache(version)
