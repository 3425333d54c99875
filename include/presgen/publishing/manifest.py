"""What belongs to a delivered lesson: the last file to arrive, and the list that tells stale files apart."""

from __future__ import annotations

from presgen.model.base import Model, Seconds


class DeliveredFile(Model):
    """One file beside the manifest."""

    name: str
    role: str
    """As in ``PublishedAsset``."""
    media_type: str
    sha256: str
    bytes: int


class Manifest(Model):
    """Every file of a lesson but the manifest itself."""

    lesson_id: str
    duration: Seconds
    files: tuple[DeliveredFile, ...]
