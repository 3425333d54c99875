"""What left the house."""

from __future__ import annotations

from presgen.model.base import Model, Seconds


class PublishedAsset(Model):
    """One delivered file."""

    role: str
    """``video, captions_vtt, captions_srt, poster, chapters, transcript, transcript_text, report`` or
    ``manifest``; what belongs to an edition beside the main one is called after its format, too:
    ``video.portrait``."""
    asset_id: str
    """The destination's own id: a path relative to its root, or a Drive file id."""
    url: str
    sha256: str
    bytes: int


class Publication(Model):
    """One lesson, delivered."""

    lesson_id: str
    publisher: str
    assets: tuple[PublishedAsset, ...]
    duration: Seconds
    unchanged: bool
    """True where the same content was already there and nothing was written."""
