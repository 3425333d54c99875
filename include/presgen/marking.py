"""Films are signed last: what is delivered is a signed copy, made once and kept beside the film.

The film keeps its own digest, by which the ledger knows it: the same inputs give the same film. Only the copy
that leaves the house has a signature in it, and its digest is in the audit trail, too.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from presgen.errors import CorruptMedia
from presgen.locking import Lock, lock_of
from presgen.media.credentials import (
    SUFFIXES,
    Certificate,
    Credentials,
    faults,
    local_certificate,
    read_certificate,
    sign_once,
)
from presgen.model.base import digest_of
from presgen.model.edition import Edition
from presgen.model.lesson import LessonScript
from presgen.model.quality import Finding, Severity
from presgen.night import Night
from presgen.workspace import sha256_of

LOCAL = "local"
CHECK = "film-is-marked"


def certificate_of(night: Night) -> Certificate | None:
    """Return with what this night's films are signed; None: they are not.

    Raises:
        BadInput: the setting names no usable certificate.
    """
    named = night.settings.credentials
    if named == LOCAL:
        key = night.settings.pseudonym_key.get_secret_value()
        return local_certificate(night.workspace.pseudonym_key(key))
    return read_certificate(Path(named)) if named else None


def sign_editions(night: Night, script: LessonScript, editions: Sequence[Edition]) -> Iterator[Finding]:
    """Lock every edition, sign what can be signed and is not yet, and find what is wrong with signatures."""
    certificate = certificate_of(night)
    for edition in editions:
        lock, film = lock_of(night, script, edition), edition.video
        if certificate is None or film.path.suffix not in SUFFIXES:
            continue
        told, copy = _credentials(script, edition, lock), _copy(edition)
        for final in (False, True):
            sign_once(film.path, copy, told, certificate)
            wrong = faults(copy, told, certificate)
            if not wrong or final:
                break
            copy.unlink()  # damaged since it was signed, or signed for what the lesson was before
        for fault in wrong:
            message = f"The content credentials of the {film.format} film are not right: {fault}."
            yield Finding(check=CHECK, severity=Severity.REJECT, message=message)


def signed(night: Night, edition: Edition) -> Edition:
    """Return the edition as it is delivered: with its signed copy for a film, where films are signed.

    Raises:
        CorruptMedia: the copy is gone since the film was inspected.
    """
    film = edition.video
    if not night.settings.credentials or film.path.suffix not in SUFFIXES:
        return edition
    copy = _copy(edition)
    try:
        digest = sha256_of(copy)
    except FileNotFoundError:
        raise CorruptMedia(f"The signed copy of {film.path.name} is gone: run its checks again.") from None
    return edition.model_copy(update={"video": film.model_copy(update={"path": copy, "sha256": digest})})


def _credentials(script: LessonScript, edition: Edition, lock: Lock) -> Credentials:
    video = edition.video
    return Credentials(
        lesson_id=script.lesson_id,
        title=script.title,
        lock=digest_of(lock),
        film=video.sha256,
        sections=tuple((placed.key, placed.slug) for placed in video.sections),
    )


def _copy(edition: Edition) -> Path:
    film = edition.video
    return film.path.with_name(f"{film.path.stem}.signed-{film.sha256[:16]}{film.path.suffix}")
