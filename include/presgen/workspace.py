"""Where work that took minutes is kept: the section store, records, scripts and videos, in one folder.

Nothing in it is ever half-written: a file is written beside its place, flushed to the disk and renamed. A
process may be killed at any moment; what it leaves is a draft that nobody reads. Drafts of sections are swept
by the next one; all that are named after a lesson are erased with its learner.
"""

from __future__ import annotations

import errno
import fcntl
import hashlib
import os
import re
import secrets
import shutil
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, TypeVar

import structlog
from pydantic import ValidationError

from presgen.errors import BadInput, StoreUnavailable, TurnTaken
from presgen.model.base import Model
from presgen.model.media import Clip, StoredSection

M = TypeVar("M", bound=Model)

_log = structlog.get_logger(__name__)

_NAME = re.compile(r"[a-z0-9_-][a-z0-9._-]*")
_MANIFEST = "section.json"
_AT_WORK = "at-work"
_MAKING = "making-"
_DRAFT = ".draft"
_FORGOTTEN = 24 * 3600.0
"""Seconds after which another machine's draft counts as abandoned: its processes cannot be seen from here,
and no section takes a day."""
_KEY_BYTES = 32
PATIENCE = 240.0
"""Seconds to wait for one's turn: less than Airflow gives the task, which has to do its work, too."""
_GLANCE = 0.1
"""Seconds between two looks."""
_STORAGE = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO, errno.ESTALE, errno.ENFILE})
"""Errors of the disk, not of whoever writes to it."""


class Workspace:
    """The folder of one deployment. Nothing is created before the first write."""

    def __init__(
        self, root: Path, on_damage: Callable[[str, str], None] = lambda _key, _damage: None
    ) -> None:
        """Take the folder; ``on_damage`` is told a section's key and what was wrong when it was set aside."""
        self.root = root
        self.sections = SectionStore(root / "sections", corrupt=root / "corrupt", on_damage=on_damage)

    def pseudonym_key(self, configured: str) -> bytes:
        """Return the secret behind the pseudonyms: the configured one, else the workspace's own.

        The workspace's own is made once, of 32 random bytes, readable by its owner only. Whoever loses it
        cannot tie old lessons to learners any more, and the same learner gets a new pseudonym.

        Raises:
            StoreUnavailable: the key cannot be read or made.
        """
        if configured:
            return configured.encode()
        path = self.root / "pseudonym.key"
        with on_disk(f"the pseudonym key in {self.root}"):
            if not path.exists():
                path.parent.mkdir(parents=True, exist_ok=True)
                make_once(path, secrets.token_bytes(_KEY_BYTES), mode=0o600)
            key = path.read_bytes()
        if len(key) != _KEY_BYTES:
            raise StoreUnavailable(
                f"{path} holds {len(key)} bytes; a pseudonym key has {_KEY_BYTES}. Restore it from a backup."
            )
        return key

    def save(self, kind: str, key: str, value: Model) -> Path:
        """Keep ``value`` as JSON under its kind and key, in place of what was there; return the file.

        Raises:
            BadInput: kind or key is not made of [a-z0-9._-], or starts with a dot.
            StoreUnavailable: the disk is away or full.
        """
        path = self._path(kind, key)
        with on_disk(f"{kind}/{key}"):
            write_whole(path, value.model_dump_json(indent=1).encode() + b"\n")
        return path

    def load(self, kind: str, key: str, model: type[M]) -> M:
        """Return what was saved under that kind and key.

        Raises:
            BadInput: it is not a ``model``, or kind or key is no name.
            StoreUnavailable: nothing is there, or it cannot be read.
        """
        path = self._path(kind, key)
        with on_disk(f"{kind}/{key}"):
            try:
                text = path.read_bytes()
            except FileNotFoundError:
                raise StoreUnavailable(f"The workspace holds no {kind}/{key}.") from None
        try:
            return model.model_validate_json(text)
        except ValidationError as error:
            # The error's own text would repeat the input, which may be a learner's record.
            raise BadInput(
                f"{kind}/{key} in the workspace is no {model.__name__}: {error.error_count()} of its "
                "fields do not fit. Delete the file and run the step again that wrote it."
            ) from None

    def has(self, kind: str, key: str) -> bool:
        """Return whether something is saved under that kind and key."""
        return self._path(kind, key).is_file()

    def only(self, kind: str, start: str) -> str:
        """Return the one key under that kind that begins so.

        Raises:
            BadInput: none does, several do, or kind or start is no name.
        """
        found = sorted(path.stem for path in (self.root / _name(kind)).glob(f"{_name(start)}*.json"))
        if len(found) != 1:
            told = f"several do: {', '.join(found[:5])}" if found else "none does"
            raise BadInput(f"One of the {kind} in the workspace should begin with {start}; {told}.")
        return found[0]

    @contextmanager
    def at_work(self, subject: str, run_id: str, making: str = "") -> Iterator[None]:
        """Show `at_work_on` that a run works on a lesson, or reads a learner's record, while it does.

        A process that dies shows it no more; what it was ``making`` is still told by `begun_for`.

        Raises:
            BadInput: the subject, or what is made, is no name.
            StoreUnavailable: the disk is away or full.
        """
        made = f"{_MAKING}{_name(making)}." if making else ""
        with self._sign_of(f"{_name(subject)}.{made}{secrets.token_hex(8)}", run_id):
            yield

    @contextmanager
    def in_turn(self, subject: str, work: str, run_id: str, patience: float = PATIENCE) -> Iterator[None]:
        """Wait until no other run does that work on a lesson, and keep others waiting while this one does.

        Raises:
            BadInput: the subject or the work is no name.
            StoreUnavailable: the disk is away or full.
            TurnTaken: another run still does it after ``patience`` seconds.
        """
        with self._sign_of(f"{_name(subject)}.{_name(work)}", run_id, patience):
            yield

    def at_work_on(self, subject: str) -> tuple[str, ...]:
        """Return the runs that work on a lesson or learner at this moment; sweep what dead processes left.

        Raises:
            BadInput: the subject is no name.
            StoreUnavailable: the disk is away.
        """
        found = set()
        with on_disk(subject):
            for place in (self.root / _AT_WORK).glob(f"{_name(subject)}.*"):
                with suppress(FileNotFoundError), place.open("r+") as sign:
                    try:
                        fcntl.flock(sign, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    except BlockingIOError:
                        found.add(sign.read())
                    else:
                        # Removed by its owner just now, it may have a successor of that name.
                        if os.fstat(sign.fileno()).st_nlink:
                            place.unlink()
        return tuple(sorted(found))

    def begun_for(self, subject: str) -> tuple[str, ...]:
        """Return what runs are making for a learner, or were when they died; until `at_work_on` is asked.

        Raises:
            BadInput: the subject is no name.
        """
        signs = (self.root / _AT_WORK).glob(f"{_name(subject)}.{_MAKING}*.*")
        return tuple(sorted({sign.name.split(".")[1].removeprefix(_MAKING) for sign in signs}))

    def folder(self, kind: str, key: str) -> Path:
        """Return the folder of that kind and key, made if need be.

        Raises:
            BadInput: kind or key is not made of [a-z0-9._-], or starts with a dot.
            StoreUnavailable: the disk is away or full.
        """
        folder = self.root / _name(kind) / _name(key)
        with on_disk(f"{kind}/{key}"):
            folder.mkdir(parents=True, exist_ok=True)
        return folder

    def _path(self, kind: str, key: str) -> Path:
        return self.root / _name(kind) / f"{_name(key)}.json"

    @contextmanager
    def _sign_of(self, name: str, run_id: str, patience: float = PATIENCE) -> Iterator[None]:
        place = self.root / _AT_WORK / name
        until = time.monotonic() + patience
        told = False
        with on_disk(name):
            place.parent.mkdir(parents=True, exist_ok=True)
            while (sign := _held_sign(place, run_id)) is None:
                if time.monotonic() > until:
                    raise TurnTaken(
                        f"Another run is still at {name} after {patience:.0f} s: try again when it is done."
                    )
                if not told:
                    _log.info("turn_awaited", turn=name, run=run_id)
                    told = True
                time.sleep(_GLANCE)
        try:
            yield
        finally:
            try:
                place.unlink(missing_ok=True)
            finally:
                # Closing alone would leave it to a forked process that has inherited it.
                fcntl.flock(sign, fcntl.LOCK_UN)
                sign.close()


class SectionStore:
    """Rendered sections by key: each a folder that was renamed into place when it was whole."""

    def __init__(
        self, root: Path, corrupt: Path, on_damage: Callable[[str, str], None] = lambda _key, _damage: None
    ) -> None:
        self.root = root
        self._corrupt = corrupt
        self._on_damage = on_damage

    def get(self, key: str) -> StoredSection | None:
        """Return the section of that key, every file verified by its digest.

        A damaged section is moved aside and logged. None: it is not there, or no longer.

        Raises:
            BadInput: the key is no name.
            StoreUnavailable: the store cannot be read.
        """
        folder = self.root / _name(key)
        with on_disk(f"section {key}"):
            if not folder.is_dir():
                return None
            section = _manifest_of(folder)
            damage = _damage(folder, key, section)
            if section is not None and damage is None:
                return section.model_copy(update={"folder": folder})
            if not folder.is_dir():
                return None  # another process found the same and was faster
            if (moved_to := self._set_aside(folder, key)) is not None:
                told = damage or "no manifest"
                _log.warning("section_corrupt", section=key, damage=told, moved_to=moved_to)
                self._on_damage(key, told)
        return None

    @contextmanager
    def draft(self, key: str) -> Iterator[SectionDraft]:
        """Open an empty folder, private to this process, in which to make the section of that key.

        It is gone afterwards unless it was committed. Drafts that dead processes left are swept.

        Raises:
            BadInput: the key is no name.
            StoreUnavailable: the disk is away or full, now or within the ``with`` block.
        """
        name = f"{_DRAFT}-{_whereabouts()}-{os.getpid()}-{secrets.token_hex(4)}-{_name(key)}"
        folder = self.root / name
        with on_disk(f"section {key}"):
            self.root.mkdir(parents=True, exist_ok=True)
            self._sweep()
            folder.mkdir()
            try:
                yield SectionDraft(self, key, folder)
            finally:
                shutil.rmtree(folder, ignore_errors=True)

    def keys(self) -> tuple[str, ...]:
        """Return the keys of all sections, sorted. They are verified when they are taken, not now."""
        if not self.root.is_dir():
            return ()
        with on_disk("the section store"):
            return tuple(sorted(path.parent.name for path in self.root.glob(f"[!.]*/{_MANIFEST}")))

    def told(self, key: str) -> StoredSection | None:
        """Return what is written about the section of that key, whose files were verified a moment ago.

        Raises:
            BadInput: the key is no name.
            StoreUnavailable: the store cannot be read.
        """
        with on_disk(f"section {key}"):
            return _manifest_of(self.root / _name(key))

    def drafted(self) -> frozenset[str]:
        """Return the keys of the sections that are being made now, or whose making was cut short."""
        return frozenset(path.name.rpartition("-")[2] for path in self.root.glob(f"{_DRAFT}-*"))

    def set_aside(self, key: str, why: str) -> None:
        """Move the section of that key out of the store, if it is there: it will be made again.

        Raises:
            BadInput: the key is no name.
            StoreUnavailable: the store cannot be read.
        """
        folder = self.root / _name(key)
        with on_disk(f"section {key}"):
            if folder.is_dir():
                moved_to = self._set_aside(folder, key)
                _log.warning("section_set_aside", section=key, why=why, moved_to=moved_to)

    def _set_aside(self, folder: Path, key: str) -> str | None:
        """Return where the section is now; None: another process was faster."""
        self._corrupt.mkdir(parents=True, exist_ok=True)
        aside = self._corrupt / f"{key}-{secrets.token_hex(4)}"
        with suppress(FileNotFoundError):
            folder.rename(aside)
            return str(aside)
        return None

    def _sweep(self) -> None:
        for folder in self.root.glob(f"{_DRAFT}-*"):
            _, where, pid, _ = folder.name.removeprefix(".").split("-", 3)
            with suppress(FileNotFoundError):
                if where == _whereabouts():
                    abandoned = not _alive(int(pid))
                else:
                    abandoned = time.time() - folder.stat().st_mtime > _FORGOTTEN
                if abandoned:
                    shutil.rmtree(folder, ignore_errors=True)
                    _log.info("draft_swept", draft=folder.name)


class SectionDraft:
    """A section in the making."""

    def __init__(self, store: SectionStore, key: str, folder: Path) -> None:
        self.folder = folder
        self._store = store
        self._key = key

    def commit(self, clip: Clip) -> StoredSection:
        """Put the folder's files into the store as one whole; the folder is gone afterwards.

        If another process was faster, its section is kept and returned: same key, same content.

        Raises:
            StoreUnavailable: the disk is away or full.
        """
        place = self._store.root / self._key
        with on_disk(f"section {self._key}"):
            # The manifest names no place: the store may be moved, and equal sections have equal manifests.
            section = StoredSection(key=self._key, folder=Path(), clip=clip, files=_digests(self.folder))
            write_whole(self.folder / _MANIFEST, section.model_dump_json(indent=1).encode() + b"\n")
            for path in (*self.folder.rglob("*"), self.folder):
                flush(path)
            # Renaming fails as long as a folder with content is in the place; a corrupt one is moved aside
            # by `get`, after which the place is free.
            while True:
                try:
                    self.folder.rename(place)
                except OSError as error:
                    if error.errno not in (errno.ENOTEMPTY, errno.EEXIST):
                        raise
                    if (existing := self._store.get(self._key)) is not None:
                        shutil.rmtree(self.folder)
                        return existing
                else:
                    flush(place.parent)
                    return section.model_copy(update={"folder": place})


def _name(name: str) -> str:
    if not _NAME.fullmatch(name):
        raise BadInput(f"{name!r} cannot name anything in the workspace: use [a-z0-9._-], no dot first.")
    return name


@contextmanager
def on_disk(what: str) -> Iterator[None]:
    """Turn a disk that is full or away into an error of ours; other errors pass as they are.

    Raises:
        StoreUnavailable: the disk is full, away, read-only or out of bounds.
    """
    try:
        yield
    except OSError as error:
        if error.errno in _STORAGE or isinstance(error, PermissionError):
            raise StoreUnavailable(f"The workspace cannot hold or give {what}: {error.strerror}.") from error
        raise


def write_whole(path: Path, content: bytes) -> None:
    """Write ``content`` to ``path`` so that a reader finds all of the old or all of the new.

    Raises:
        StoreUnavailable: the disk is away or full.
    """
    with beside(path) as draft:
        draft.write_bytes(content)


@contextmanager
def beside(path: Path) -> Iterator[Path]:
    """Give a path beside ``path`` to write to; what lies there afterwards is flushed and takes its place.

    After an error, nothing has changed.

    Raises:
        StoreUnavailable: the disk is away or full, now or within the ``with`` block.
    """
    draft = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    with on_disk(path.name):
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            yield draft
            flush(draft)
            draft.rename(path)
        finally:
            draft.unlink(missing_ok=True)
        flush(path.parent)


def flush(path: Path) -> None:
    """Make sure that a file or folder survives a power cut."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _held_sign(place: Path, text: str) -> IO[str] | None:
    """Return a file with that text and nothing else, locked; None: another one holds it."""
    while True:
        sign = place.open("a", encoding="utf-8")
        try:
            fcntl.flock(sign, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            sign.close()
            return None
        # Between opening and locking, whoever held it may have removed it, or it may have been swept away.
        if os.fstat(sign.fileno()).st_nlink:
            sign.truncate(0)
            sign.write(text)
            sign.flush()
            return sign
        sign.close()


def make_once(path: Path, content: bytes, mode: int) -> None:
    """Make a file unless there is one: all processes see the same, and never a part."""
    draft = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        # Unlike a rename, a link never replaces the file of a process that was faster.
        with suppress(FileExistsError):
            os.link(draft, path)
    finally:
        draft.unlink(missing_ok=True)
    flush(path.parent)


def _digests(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): sha256_of(path)
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file, in hexadecimal digits, as all files are known by here."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _manifest_of(folder: Path) -> StoredSection | None:
    try:
        return StoredSection.model_validate_json((folder / _MANIFEST).read_bytes())
    except (FileNotFoundError, ValidationError):
        return None


def _damage(folder: Path, key: str, section: StoredSection | None) -> str | None:
    """Return what is wrong with a stored section; None: nothing."""
    if section is None:
        return f"{_MANIFEST} is missing or damaged"
    if section.key != key:
        return f"{_MANIFEST} belongs to section {section.key}"
    for name, digest in section.files.items():
        try:
            if sha256_of(folder / name) != digest:
                return f"{name} has changed"
        except FileNotFoundError:
            return f"{name} is missing"
    return None


def _whereabouts() -> str:
    """Return a name for the set of processes that this one can see: the machine and its pid namespace."""
    try:
        namespace = str(Path("/proc/self/ns/pid").readlink())
    except OSError:
        namespace = ""
    return hashlib.sha256(f"{socket.gethostname()} {namespace}".encode()).hexdigest()[:8]


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
