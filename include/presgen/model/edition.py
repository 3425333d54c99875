"""One lesson in one format, as it lies in the workspace."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from presgen.model.base import Model, digest_of
from presgen.model.media import Video


class Edition(Model):
    """A lesson in one format: its film, and what tells whether it is still the right one."""

    inputs: str
    """Digest of what the film was joined from."""
    video: Video
    poster: Path | None
    """PNG; None where there is nothing to see."""


def digest_of_editions(editions: Sequence[Edition]) -> str:
    """Return the digest that changes with any edition's film, and with the choice of the main one."""
    return digest_of([[edition.video.format, edition.video.sha256] for edition in editions])
