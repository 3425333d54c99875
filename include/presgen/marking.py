"""Films are signed last: what is delivered is a signed copy, made once and kept beside the film.

The film keeps its own digest, by which the ledger knows it: the same inputs give the same film. Only the copy
that leaves the house has a signature in it, and its digest is in the audit trail, too.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

import structlog

from presgen import audit
from presgen.audit import Seals
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
from presgen.workspace import on_disk, sha256_of

LOCAL = "local"
CHECK = "film-is-marked"
SIGNED_AGAIN = "film_signed_again"
"""The event that tells of a film which had to be signed once more: its copy was not right."""

_log = structlog.get_logger(__name__)


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


def sign_editions(
    night: Night, script: LessonScript, editions: Sequence[Edition], record: str
) -> tuple[tuple[Finding, ...], Seals]:
    """Lock every edition, sign what can be signed and is not yet, and find what is wrong with signatures.

    ``record`` is the digest of the learner's record. Returns the findings, and the digests of locks and of
    signed copies. Nothing is delivered but copies that the audit trail was told of.
    """
    certificate = certificate_of(night)
    findings: list[Finding] = []
    locks: dict[str, str] = {}
    copies: dict[str, str] = {}
    for edition in editions:
        lock, film = lock_of(night, script, edition, record), edition.video
        locks[digest_of(lock)] = film.sha256
        if certificate is None or film.path.suffix not in SUFFIXES:
            continue
        digest, wrong = _sign(night, script, edition, _credentials(script, edition, lock), certificate)
        if not wrong:
            copies[digest] = film.sha256
        for fault in wrong:
            message = f"The content credentials of the {film.format} film are not right: {fault}."
            findings.append(Finding(check=CHECK, severity=Severity.REJECT, message=message))
    return tuple(findings), Seals(locks, copies)


def signed(night: Night, edition: Edition) -> Edition:
    """Return the edition as it is delivered: with its signed copy for a film, where films are signed.

    Raises:
        CorruptMedia: the copy is gone, or is not the one that was inspected, byte by byte.
    """
    film = edition.video
    if not _is_signed(night, edition):
        return edition
    copy = _copy(edition)
    digest = _inspected(night, edition)
    if digest is None:
        raise CorruptMedia(
            f"The signed copy of {film.path.name} is gone, or has changed since it was inspected: run the "
            "lesson again from its rendering, and it is signed anew."
        )
    return edition.model_copy(update={"video": film.model_copy(update={"path": copy, "sha256": digest})})


def are_signed(night: Night, editions: Sequence[Edition]) -> bool:
    """Return whether all signed copies lie there as they were inspected, byte by byte."""
    return all(_inspected(night, edition) is not None for edition in editions if _is_signed(night, edition))


def _is_signed(night: Night, edition: Edition) -> bool:
    return bool(night.settings.credentials) and edition.video.path.suffix in SUFFIXES


def _inspected(night: Night, edition: Edition) -> str | None:
    """Return the digest of the edition's signed copy; None: no inspection has passed those bytes."""
    try:
        digest = sha256_of(_copy(edition))
    except FileNotFoundError:
        return None
    known = night.ledger.trail.named("copy", [digest])
    return digest if any(node.body["film"] == edition.video.sha256 for node in known) else None


def _known(night: Night, lesson_id: str, film: str) -> set[str]:
    """Return the digests of the film's copies that an inspection has passed."""
    copies = night.ledger.trail.of_lesson(lesson_id, "copy")
    return {copy.name for copy in copies if copy.body["film"] == film}


def _sign(
    night: Night, script: LessonScript, edition: Edition, told: Credentials, certificate: Certificate
) -> tuple[str, tuple[str, ...]]:
    """Sign the edition's film, unless that is done and right; return the copy's digest and what is wrong."""
    film, copy = edition.video, _copy(edition)
    with _alone(film.path.parent):
        before = sha256_of(copy) if copy.is_file() else ""
        known = _known(night, told.lesson_id, film.sha256)
        why: tuple[str, ...] = ()
        if before:
            # Wrong are copies that were damaged, or signed for what the lesson was before.
            why = faults(copy, told, certificate)
            if known and before not in known:
                # C2PA leaves some boxes out of its digest, and so does not see what is put there.
                why = (*why, "it is another copy than the one that was inspected")
            if not why:
                return before, ()
        elif known:
            why = ("it is gone",)
        sign_once(film.path, copy, told, certificate, anew=bool(why))
        found, wrong = sha256_of(copy), faults(copy, told, certificate)
        if why:
            facts = {"format": film.format, "film": film.sha256, "copy": found, "before": before, "why": why}
            night.ledger.note_event(night.run_id, SIGNED_AGAIN, told.lesson_id, facts)
            _log.warning(SIGNED_AGAIN, run=night.run_id, lesson=told.lesson_id, **facts)
            if not wrong:
                # Known at once, or another run that looks next would sign once more.
                seals = Seals(copies={found: film.sha256})
                audit.record_seals(night.ledger.trail, night.run_id, script, seals)
        return found, wrong


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Wait until nobody else looks which film there has to be signed."""
    with on_disk(folder.name):
        place = os.open(folder, os.O_RDONLY)
    try:
        # Where a network's file system locks no folders, two runs may sign what was damaged one after the
        # other: then one of them fails, and the next makes up for it.
        with suppress(OSError):
            fcntl.flock(place, fcntl.LOCK_EX)
        yield
    finally:
        os.close(place)


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
