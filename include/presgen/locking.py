"""A lock lists everything that a lesson was made from, and verifying it makes the lesson again, to the byte.

Records and scripts are in it as digests only: a lock names nobody. The audit trail has its digest, and so has
the signed film: a lock that somebody changed is known for it, and by the workspace's own copy every changed
field. It is verified where the lesson's script is, in the deployment's workspace; sections are all made anew,
in a folder of their own.
"""

from __future__ import annotations

import platform
import shutil
import tempfile
import time
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from presgen import audit
from presgen.brands import load_brand
from presgen.errors import BadInput, CorruptMedia, StoreUnavailable
from presgen.making import edition_of, make_edition, music_of, order_of
from presgen.media.formats import formats
from presgen.model.base import Model, digest_of
from presgen.model.edition import Edition
from presgen.model.learner import AssessmentRecord
from presgen.model.lesson import LessonScript
from presgen.night import Night, open_night

_KIND = "locks"
_REBUILT = "rebuilt"
"""The folder of the workspace in which locked lessons are made again: an erasure looks there, too."""
_FORGOTTEN = 24 * 3600.0
"""Seconds after which a lesson made again counts as abandoned; verifying takes minutes."""
PACKAGES = ("av", "numpy", "scipy", "skia-python", "typst", "hibari-tts", "onnxruntime")
"""Whose versions shape pictures and sound. Every section's key knows them; the lock tells them to people."""


class LockedSection(Model):
    """One section of a film."""

    slug: str
    kind: str
    key: str
    """Digest of all that shapes the clip: words, slide, voice, model, lexicon, brand, fonts, versions."""
    files: dict[str, str]
    """The clip's files and their SHA-256."""


class LockedFilm(Model):
    """The lesson in one format."""

    format: str
    sha256: str
    inputs: str
    """Digest of what the film was joined from."""
    sections: tuple[LockedSection, ...]


class Lock(Model):
    """Everything a lesson was made from."""

    lesson_id: str
    record: str
    script: str
    renderer: str
    brand: str
    brand_digest: str
    music: str
    """Digest of the music, or the name of ours."""
    film: LockedFilm
    others: tuple[str, ...]
    """The other formats of that night: one may lend a film without pictures its cover."""
    python: str
    packages: dict[str, str]


class Rebuilt(Model):
    """What came of verifying a lock."""

    lesson_id: str
    altered: tuple[str, ...] = ()
    """What is not in the lock as it was when the film was inspected; then nothing was made."""
    differences: tuple[str, ...] = ()
    """Inputs that are other ones than the lock lists, and films that came out other; none: all is equal."""

    @property
    def same(self) -> bool:
        """Whether the same bytes came out."""
        return not self.altered and not self.differences


def lock_film(night: Night, lesson_id: str, format: str) -> Lock:
    """Return the lock of a lesson's film in that format.

    Raises:
        UnknownName: there is no such format.
        CorruptMedia: the film or a section is gone from the workspace, or has changed.
        StoreUnavailable: the lesson's script is not in this workspace.
    """
    edition = edition_of(night, lesson_id, formats[format])
    if edition is None:
        raise CorruptMedia(f"Lesson {lesson_id} has no {format} film in the workspace: make it again.")
    script = night.workspace.load("scripts", lesson_id, LessonScript)
    lock = lock_of(night, script, edition, night.ledger.lesson(lesson_id).record)
    seals = audit.Seals(locks={digest_of(lock): lock.film.sha256})
    audit.record_seals(night.ledger.trail, night.run_id, script, seals)
    return lock


def lock_of(night: Night, script: LessonScript, edition: Edition, record: str) -> Lock:
    """Return the lock of a film: the one that was written when it was made, else one that is written now.

    One that the audit trail does not know is written again. ``record`` is the digest of the learner's record.

    Raises:
        CorruptMedia: a section is gone from the store.
    """
    name = f"{script.lesson_id}.{edition.video.format}.{edition.video.sha256[:16]}"
    if (kept := _kept(night, name)) is not None and _is_known(night, kept):
        return kept
    lock = _new_lock(night, script, edition, record)
    night.workspace.save(_KIND, name, lock)
    return lock


def _kept(night: Night, name: str) -> Lock | None:
    with suppress(BadInput):
        return night.workspace.load(_KIND, name, Lock) if night.workspace.has(_KIND, name) else None
    return None


def _is_known(night: Night, lock: Lock) -> bool:
    """Return whether the trail has that lock, for that lesson's film."""
    known = night.ledger.trail.named("lock", [digest_of(lock)])
    return any((node.lesson, node.body["film"]) == (lock.lesson_id, lock.film.sha256) for node in known)


def _new_lock(night: Night, script: LessonScript, edition: Edition, record: str) -> Lock:
    settings = night.settings
    return Lock(
        lesson_id=script.lesson_id,
        record=record,
        script=digest_of(script),
        renderer=settings.renderer,
        brand=settings.brand,
        brand_digest=load_brand(settings.brand).digest,
        music=music_of(night)[1],
        others=tuple(name for name in settings.formats if name != edition.video.format),
        film=LockedFilm(
            format=edition.video.format,
            sha256=edition.video.sha256,
            inputs=edition.inputs,
            sections=tuple(_sections(night, script, edition)),
        ),
        python=_version("python"),
        packages={name: _version(name) for name in PACKAGES},
    )


def verify_lock(night: Night, lock: Lock) -> Rebuilt:
    """Hold a lock against the audit trail, make its lesson again from nothing but its script, and compare.

    Compared are inputs, sections and films. Of a lock that is not the one that was written, the fields are
    told that were altered, and nothing is made.

    Raises:
        StoreUnavailable: the lesson's script is not in this workspace.
        LearnerErased: the lesson's learner is being erased.
        QualityRejected: a section that passed once fails its checks now.
        UnknownName: a format of the lock is not there any more.
    """
    if not _is_known(night, lock):
        return Rebuilt(lesson_id=lock.lesson_id, altered=tuple(_altered(night, lock)))
    film = lock.film
    with _place(night, lock.lesson_id) as folder:
        script = night.workspace.load("scripts", lock.lesson_id, LessonScript)
        settings = night.settings.model_copy(
            update={
                "workspace": folder,
                "ledger_url": "",
                "formats": (film.format, *lock.others),
                "renderer": lock.renderer,
                "brand": lock.brand,
            }
        )
        fresh = open_night(settings, night.run_id)
        differences = [*_other_inputs(night, fresh, lock, script)]
        order = order_of(fresh, script, formats[film.format])
        if order.inputs != film.inputs:
            differences.append(f"the film's inputs are {order.inputs:.12}, not {film.inputs:.12}")
        edition = make_edition(fresh, script, order, {})
        differences += _other_sections(film, tuple(_sections(fresh, script, edition)))
        if edition.video.sha256 != film.sha256:
            differences.append(f"the film is {edition.video.sha256:.12}, not {film.sha256:.12}")
    return Rebuilt(lesson_id=lock.lesson_id, differences=tuple(differences))


@contextmanager
def _place(night: Night, lesson_id: str) -> Iterator[Path]:
    """Make a folder to make the lesson in again, and remove it; an erasure waits meanwhile."""
    with night.workspace.at_work(lesson_id, night.run_id):
        night.ledger.erasures.check(lesson_id)
        around = night.workspace.root / _REBUILT
        around.mkdir(exist_ok=True)
        for left in around.iterdir():
            with suppress(FileNotFoundError):
                if time.time() - left.stat().st_mtime > _FORGOTTEN:
                    shutil.rmtree(left)
        with tempfile.TemporaryDirectory(prefix=f"{lesson_id}-", dir=around) as folder:
            yield Path(folder)


def _altered(night: Night, lock: Lock) -> Iterator[str]:
    """Tell in which fields a lock is not the workspace's own copy of it."""
    kept = list(_candidates(night, lock))
    if not kept:
        yield "the audit trail knows no such lock, and the workspace has none that it could have been"
        return
    found = min((tuple(_apart(lock, each)) for each in kept), key=len)
    for field, now, then in found:
        yield f"{field} is {_shown(now)}; it was locked as {_shown(then)}"


def _candidates(night: Night, lock: Lock) -> Iterator[Lock]:
    """Yield the locks of that lesson or that film which the workspace keeps as the trail knows them."""
    trail = night.ledger.trail
    lessons = {lock.lesson_id, *(node.lesson for node in trail.named("film", [lock.film.sha256]))}
    for path in sorted((night.workspace.root / _KIND).glob("*.json")):
        if path.name.partition(".")[0] in lessons:
            kept = _kept(night, path.stem)
            if kept is not None and _is_known(night, kept):
                yield kept


def _apart(lock: Lock, kept: Lock) -> Iterator[tuple[str, Any, Any]]:
    now, then = _fields(lock.model_dump(mode="json")), _fields(kept.model_dump(mode="json"))
    for field in sorted({*now, *then}):
        if now.get(field) != then.get(field):
            yield field, now.get(field), then.get(field)


def _fields(value: Any, path: str = "") -> dict[str, Any]:
    """Return the fields of a lock, each by its path: ``film.sections.0.key``."""
    if isinstance(value, Mapping):
        pairs: Collection[tuple[Any, Any]] = value.items()
    elif isinstance(value, Sequence) and not isinstance(value, str):
        pairs = tuple(enumerate(value))
    else:
        return {path: value}
    found: dict[str, Any] = {}
    for name, part in pairs:
        found |= _fields(part, f"{path}.{name}" if path else str(name))
    return found


def _shown(value: Any) -> str:
    return "not there" if value is None else repr(value)


def _sections(night: Night, script: LessonScript, edition: Edition) -> Iterator[LockedSection]:
    for section, placed in zip(script.sections, edition.video.sections, strict=True):
        stored = night.workspace.sections.get(placed.key)
        if stored is None:
            raise CorruptMedia(f"Section {placed.key:.12} is gone from the store: make the lesson again.")
        # What was measured on a clip is no part of it.
        files = {name: digest for name, digest in stored.files.items() if not name.endswith(".json")}
        yield LockedSection(slug=section.slug, kind=section.kind.value, key=placed.key, files=files)


def _other_inputs(night: Night, fresh: Night, lock: Lock, script: LessonScript) -> Iterator[str]:
    found = {
        "record": (_record(night, lock.lesson_id), lock.record),
        "script": (digest_of(script), lock.script),
        "brand": (load_brand(lock.brand).digest, lock.brand_digest),
        "music": (music_of(fresh)[1], lock.music),
    }
    for name, (now, then) in found.items():
        if now != then:
            yield f"the {name} is {now or 'none':.12}, not {then or 'none':.12}"
    for name, then in {"python": lock.python, **lock.packages}.items():
        if (now := _version(name)) != then:
            yield f"{name} is {now}, not {then}"


def _record(night: Night, lesson_id: str) -> str:
    with suppress(BadInput, StoreUnavailable):
        return digest_of(night.workspace.load("records", lesson_id, AssessmentRecord))
    return ""


def _version(name: str) -> str:
    if name == "python":
        return platform.python_version()
    try:
        return version(name)
    except PackageNotFoundError:
        return "not installed"


def _other_sections(film: LockedFilm, made: Sequence[LockedSection]) -> Iterator[str]:
    if len(made) != len(film.sections):
        yield f"there are {len(made)} sections, not {len(film.sections)}"
        return
    for now, then in zip(made, film.sections, strict=True):
        if now.key != then.key:
            yield f"{then.slug} has the key {now.key:.12}, not {then.key:.12}"
        for name in sorted({*now.files, *then.files}):
            if now.files.get(name) != then.files.get(name):
                yield f"{name} of {then.slug} came out other"
