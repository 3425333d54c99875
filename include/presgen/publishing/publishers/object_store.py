"""Lessons in any store that fsspec can reach: S3, Google Cloud Storage, Azure, SFTP, a network share."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from pathlib import PurePosixPath
from typing import Any
from uuid import uuid4

from pydantic import ValidationError

from presgen.errors import BadInput, DeliveryBlocked, PresGenError, StoreUnavailable
from presgen.ledger import Destination
from presgen.model.publication import Publication, PublishedAsset
from presgen.publishing.desk import Desk
from presgen.publishing.manifest import DeliveredFile, Manifest
from presgen.publishing.parcel import Item, Parcel, is_of
from presgen.publishing.publishers import publishers

NAME = "object-store"

WHOLE = frozenset(
    {"s3", "s3a", "gs", "gcs", "az", "abfs", "abfss", "adl", "oci", "oss", "obs", "hf", "memory"}
)
"""Protocols where an object is there when it is whole, and not before. Elsewhere it is written beside its
place and moved there."""


_ANY = "-"
"""An object's key, whichever it is."""
_UNKNOWN = ""
"""Said by a manifest of a file that is being replaced, in place of its digest."""


@publishers.register(NAME)
def publish_to_object_store(parcel: Parcel, desk: Desk) -> Publication:
    """Put the parcel's files under the URL that the settings name, manifest last."""
    with translated():
        store = open_store(desk.settings.object_store)
        before = store.delivered(parcel)
        store.open_up()
        # Where we may not even look, nothing is begun.
        desk.ledger.note_destination(parcel.lesson_id, Destination(publisher=NAME, address=store.root))
        *others, manifest = parcel.items
        store.disown(parcel, before)
        written = [store.deliver(parcel, item, before) for item in others]
        written += store.withdraw(parcel, before)
        written.append(store.deliver(parcel, manifest, before))
    return Publication(
        lesson_id=parcel.lesson_id,
        publisher=NAME,
        assets=tuple(
            PublishedAsset(
                role=item.role,
                asset_id=_key(parcel, item.ending),
                url=store.address(_key(parcel, item.ending)),
                sha256=item.sha256,
                bytes=item.bytes,
            )
            for item in parcel.items
        ),
        duration=parcel.duration,
        unchanged=not any(written),
    )


class Store:
    """One place of a file system that fsspec knows."""

    def __init__(self, system: Any, root: str) -> None:
        self._system = system
        self._root = root.rstrip("/")
        spoken = (system.protocol,) if isinstance(system.protocol, str) else tuple(system.protocol)
        self._whole = any(protocol in WHOLE for protocol in spoken)

    @property
    def root(self) -> str:
        """The store's URL, without whatever secrets the settings' has."""
        return self.address(_ANY).removesuffix(_ANY)

    def address(self, key: str) -> str:
        """Return an object's URL, as `root`'s."""
        return str(self._system.unstrip_protocol(self._at(key)))

    def open_up(self) -> None:
        """Make the folder that everything is in, where a store has such."""
        if not self._whole and self._root:
            self._system.makedirs(self._root, exist_ok=True)

    def is_there(self) -> bool:
        """Return whether there is such a place; where a store has no folders, there always is."""
        return self._whole or bool(self._system.exists(self._root))

    def delivered(self, parcel: Parcel) -> dict[str, DeliveredFile]:
        """Return the files that the last delivery's manifest lists, by name, and the manifest itself."""
        key = _key(parcel, parcel.items[-1].ending)
        try:
            text = self._system.cat_file(self._at(key))
            files = Manifest.model_validate_json(text).files
        except (FileNotFoundError, ValidationError):
            return {}
        itself = DeliveredFile(
            name=PurePosixPath(key).name,
            role=parcel.items[-1].role,
            media_type=parcel.items[-1].media_type,
            sha256=hashlib.sha256(text).hexdigest(),
            bytes=len(text),
        )
        return {file.name: file for file in (*files, itself)}

    def disown(self, parcel: Parcel, before: dict[str, DeliveredFile]) -> None:
        """Let the manifest that is there no longer say what those files are which will be replaced.

        Whoever takes over from a killed process would believe it: of what is in a store, only sizes are
        looked at.
        """
        *others, manifest = parcel.items
        wanted = {f"{parcel.name}{item.ending}": item.sha256 for item in others}
        itself = f"{parcel.name}{manifest.ending}"
        files = [file for name, file in before.items() if name != itself]
        if all(wanted.get(file.name, file.sha256) == file.sha256 for file in files):
            return
        told = tuple(
            file
            if wanted.get(file.name, file.sha256) == file.sha256
            else file.model_copy(update={"sha256": _UNKNOWN})
            for file in files
        )
        text = Manifest(lesson_id=parcel.lesson_id, duration=parcel.duration, files=told).model_dump_json()
        place = self._at(_key(parcel, manifest.ending))
        with self._draft(place) as draft:
            self._system.pipe_file(draft, text.encode())

    def deliver(self, parcel: Parcel, item: Item, before: dict[str, DeliveredFile]) -> bool:
        """Put the item in its place; return whether anything had to be written."""
        key = _key(parcel, item.ending)
        known = before.get(PurePosixPath(key).name)
        if known is not None and known.sha256 == item.sha256 and self._size(key) == item.bytes:
            return False
        item.check()
        place = self._at(key)
        self._system.makedirs(place.rpartition("/")[0], exist_ok=True)
        with self._draft(place) as draft:
            self._system.put_file(str(item.path), draft)
            self._verify(draft, item)
        return True

    @contextmanager
    def _draft(self, place: str) -> Iterator[str]:
        """Yield where to write what shall be at the place: there itself, where nothing is shown by halves."""
        draft = place if self._whole else f"{place}.{uuid4().hex}.part"
        try:
            yield draft
            if draft != place:
                self._system.mv(draft, place)
        except BaseException:
            if draft != place:
                with suppress(Exception):
                    self._system.rm_file(draft)
            raise

    def withdraw(self, parcel: Parcel, before: dict[str, DeliveredFile]) -> list[bool]:
        """Remove what the last delivery brought and this one lacks, as long as it is what was brought."""
        kept = {f"{parcel.name}{item.ending}" for item in parcel.items}
        gone = []
        for name, file in before.items():
            key = _key(parcel, name.removeprefix(parcel.name))
            if name in kept or not name.startswith(parcel.name) or "/" in name:
                continue
            if self._size(key) == file.bytes and self._digest(self._at(key)) == file.sha256:
                self._system.rm_file(self._at(key))
                gone.append(True)
        return gone

    def erase(self, parcel: Parcel, keys: Collection[str]) -> int:
        """Remove those objects, and whatever else is named after the lesson; return how many there were."""
        self._system.invalidate_cache()
        folder = self._at("/".join(parcel.folder))
        try:
            there = {path for path in self._system.find(folder) if is_of(parcel, PurePosixPath(path).name)}
        except FileNotFoundError:
            there = set()
        gone = 0
        for place in sorted({*there, *map(self._at, keys)}):
            with suppress(FileNotFoundError):
                self._system.rm_file(place)
                gone += 1
            self._remove_empty(place)
        self._remove_empty(f"{folder}/")
        return gone

    def _remove_empty(self, place: str) -> None:
        """Remove folders that hold nothing any more, where a store has such: their names tell of people."""
        if self._whole:
            return
        with suppress(OSError, NotImplementedError):
            while (place := place.rpartition("/")[0]) != self._root and place.startswith(f"{self._root}/"):
                self._system.rmdir(place)

    def _verify(self, place: str, item: Item) -> None:
        """Read back what was written: lost bytes are found now, and not by the learner."""
        if self._digest(place) != item.sha256:
            raise StoreUnavailable(f"The store keeps other bytes than were sent, as {item.role}.")

    def _size(self, key: str) -> int | None:
        """Return an object's size; None: there is none."""
        self._system.invalidate_cache()
        try:
            return int(self._system.info(self._at(key))["size"])
        except FileNotFoundError:
            return None

    def _digest(self, place: str) -> str:
        digest = hashlib.sha256()
        with self._system.open(place, "rb") as file:
            while block := file.read(1 << 20):
                digest.update(block)
        return digest.hexdigest()

    def _at(self, key: str) -> str:
        return f"{self._root}/{key}"


def open_store(url: str) -> Store:
    """Return the store that a URL names.

    Some stores are connected to at once, and what they raise then is theirs: see `translated`.

    Raises:
        BadInput: it is no URL of a store that fsspec knows.
    """
    if not url:
        raise BadInput(
            "The publisher object-store needs PRESGEN_OBJECT_STORE, such as s3://bucket/lessons or "
            "file:///srv/lessons."
        )
    # Whatever is wrong with the URL, it may hold a password.
    from fsspec.core import url_to_fs  # type: ignore[import-untyped]

    try:
        system, root = url_to_fs(url)
    except ImportError as error:
        raise BadInput(
            f"PRESGEN_OBJECT_STORE's protocol needs a package that is not installed: {error.name or error}."
        ) from None
    except ValueError:
        raise BadInput("PRESGEN_OBJECT_STORE is no URL of a store that fsspec knows.") from None
    return Store(system, root)


def _key(parcel: Parcel, ending: str) -> str:
    return "/".join((*parcel.folder, f"{parcel.name}{ending}"))


@contextmanager
def translated() -> Iterator[None]:
    """Turn what stores raise into errors of ours, without the URL, which may hold a password.

    Raises:
        DeliveryBlocked: the store does not let us, or is not there.
        StoreUnavailable: it is away or full.
    """
    try:
        yield
    except PresGenError:
        raise
    except PermissionError as error:
        raise DeliveryBlocked(
            "The object store does not let PresGen write.",
            "Give its account the right to read, write and delete objects there.",
        ) from error
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError) as error:
        raise DeliveryBlocked(
            f"The object store has no such place ({type(error).__name__}).",
            "Make the bucket or folder that PRESGEN_OBJECT_STORE names.",
        ) from error
    except OSError as error:
        raise StoreUnavailable(f"The object store is away or full ({type(error).__name__}).") from error
    except Exception as error:  # noqa: BLE001 - whatever it is, it is a store's
        # Stores have errors of their own, and what these say may be the URL.
        raise StoreUnavailable(
            f"The object store answers with an error of its own ({type(error).__name__}); its URL and "
            "credentials may be wrong, or it is away."
        ) from None
