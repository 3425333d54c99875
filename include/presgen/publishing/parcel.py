"""What a publisher is given: the finished files of one lesson, and where they belong."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path

from presgen.errors import CorruptMedia
from presgen.model.base import Seconds, digest_of
from presgen.workspace import sha256_of


@dataclass(frozen=True, slots=True)
class Item:
    """One file of a lesson."""

    role: str
    """As in ``PublishedAsset``."""
    ending: str
    """What follows the parcel's name in the file's name: ``.mp4``, ``-transcript.html``."""
    media_type: str
    path: Path
    sha256: str
    bytes: int

    def check(self) -> None:
        """Let pass an item whose file still is what its digest says.

        Raises:
            CorruptMedia: it has changed, or is gone.
        """
        try:
            same = sha256_of(self.path) == self.sha256
        except FileNotFoundError:
            same = False
        if not same:
            raise CorruptMedia(
                f"{self.path.name} has changed since it was checked, or is gone: make the lesson again."
            )


@dataclass(frozen=True, slots=True)
class Parcel:
    """One lesson, ready to be delivered."""

    lesson_id: str
    pseudonym: str
    certification: str
    """The certification's id, as the record has it: not yet fit to be a folder's name."""
    duration: Seconds
    items: tuple[Item, ...]

    @property
    def name(self) -> str:
        """What the lesson's files are called. The same for ever, and nothing of the learner is in it."""
        return f"{slug(self.certification)}-lesson-{digest_of(self.lesson_id)[:8]}"

    @property
    def folder(self) -> tuple[str, ...]:
        """The folders from the publisher's root down to the files."""
        return ("Certifications", slug(self.certification), self.pseudonym, "Avatar_Presentations")


def is_of(parcel: Parcel, name: str) -> bool:
    """Return whether a file of that name is one of the lesson's, or a draft of one."""
    return name.startswith(parcel.name) and name[len(parcel.name) :][:1] in (".", "-")


def slug(text: str) -> str:
    """Return ``text`` as a name for a file or folder, in [a-z0-9-], never empty.

    Two texts give two names: where letters were lost, a piece of the text's digest stands for them.
    """
    words = re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")[:60].strip("-")
    if words and words == text:
        return words
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:6]
    return f"{words}-{digest}" if words else f"course-{digest}"
