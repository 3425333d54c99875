"""A lock lists everything that a lesson was made from, and verifying it makes the lesson again, to the byte.

Records and scripts are in it as digests only: a lock names nobody. It is verified where the lesson's script
is, in the deployment's workspace; sections are all made anew, in a folder of their own.
"""

from __future__ import annotations

import platform
import tempfile
from collections.abc import Iterator, Sequence
from importlib.metadata import version
from pathlib import Path

from presgen.brands import load_brand
from presgen.errors import CorruptMedia
from presgen.making import edition_of, make_edition, music_of, order_of
from presgen.media.formats import formats
from presgen.model.base import Model, digest_of
from presgen.model.edition import Edition
from presgen.model.lesson import LessonScript
from presgen.night import Night, open_night

_KIND = "locks"
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
    """What came of making a locked lesson again."""

    lesson_id: str
    differences: tuple[str, ...]
    """Inputs that are other ones than the lock lists, and films that came out other; none: all is equal."""

    @property
    def same(self) -> bool:
        """Whether the same bytes came out."""
        return not self.differences


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
    return lock_of(night, night.workspace.load("scripts", lesson_id, LessonScript), edition)


def lock_of(night: Night, script: LessonScript, edition: Edition) -> Lock:
    """Return the lock of a film: the one that was written when it was made, else one that is written now.

    Raises:
        CorruptMedia: a section is gone from the store.
    """
    name = f"{script.lesson_id}.{edition.video.format}.{edition.video.sha256[:16]}"
    if night.workspace.has(_KIND, name):
        return night.workspace.load(_KIND, name, Lock)
    lock = _new_lock(night, script, edition)
    night.workspace.save(_KIND, name, lock)
    return lock


def _new_lock(night: Night, script: LessonScript, edition: Edition) -> Lock:
    settings = night.settings
    return Lock(
        lesson_id=script.lesson_id,
        record=night.ledger.lesson(script.lesson_id).record,
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
        python=platform.python_version(),
        packages={name: version(name) for name in PACKAGES},
    )


def verify_lock(night: Night, lock: Lock) -> Rebuilt:
    """Make the locked lesson again from nothing but its script, and compare inputs, sections and films.

    Raises:
        StoreUnavailable: the lesson's script is not in this workspace.
        QualityRejected: a section that passed once fails its checks now.
        UnknownName: a format of the lock is not there.
    """
    script = night.workspace.load("scripts", lock.lesson_id, LessonScript)
    film = lock.film
    differences = list(_other_inputs(night, lock, script))
    with tempfile.TemporaryDirectory(prefix="presgen-verify-") as folder:
        settings = night.settings.model_copy(
            update={
                "workspace": Path(folder),
                "ledger_url": "",
                "formats": (film.format, *lock.others),
                "renderer": lock.renderer,
            }
        )
        fresh = open_night(settings, night.run_id)
        order = order_of(fresh, script, formats[film.format])
        if order.inputs != film.inputs:
            differences.append(f"the film's inputs are {order.inputs:.12}, not {film.inputs:.12}")
        edition = make_edition(fresh, script, order)
        differences += _other_sections(film, tuple(_sections(fresh, script, edition)))
        if edition.video.sha256 != film.sha256:
            differences.append(f"the film is {edition.video.sha256:.12}, not {film.sha256:.12}")
    return Rebuilt(lesson_id=lock.lesson_id, differences=tuple(differences))


def _sections(night: Night, script: LessonScript, edition: Edition) -> Iterator[LockedSection]:
    for section, placed in zip(script.sections, edition.video.sections, strict=True):
        stored = night.workspace.sections.get(placed.key)
        if stored is None:
            raise CorruptMedia(f"Section {placed.key:.12} is gone from the store: make the lesson again.")
        # What was measured on a clip is no part of it.
        files = {name: digest for name, digest in stored.files.items() if not name.endswith(".json")}
        yield LockedSection(slug=section.slug, kind=section.kind.value, key=placed.key, files=files)


def _other_inputs(night: Night, lock: Lock, script: LessonScript) -> Iterator[str]:
    found = {
        "script": (digest_of(script), lock.script),
        "brand": (load_brand(night.settings.brand).digest, lock.brand_digest),
        "music": (music_of(night)[1], lock.music),
    }
    for name, (now, then) in found.items():
        if now != then:
            yield f"the {name} is {now or 'none':.12}, not {then or 'none':.12}"
    for name, then in lock.packages.items():
        if (now := version(name)) != then:
            yield f"{name} is {now}, not {then}"


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
