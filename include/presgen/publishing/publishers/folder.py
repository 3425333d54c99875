"""Lessons in a folder, laid out as they would be in Drive."""

from __future__ import annotations

import secrets
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from uuid import uuid4

from pydantic import ValidationError

from presgen.errors import BadInput, CorruptMedia, DeliveryBlocked, StoreUnavailable
from presgen.ledger import Destination
from presgen.model.publication import Publication, PublishedAsset
from presgen.publishing.desk import Desk
from presgen.publishing.manifest import Manifest
from presgen.publishing.parcel import Item, Parcel
from presgen.publishing.publishers import publishers
from presgen.workspace import flush, make_once, sha256_of

NAME = "folder"

INCOMING = ".incoming"
"""The folder under the root in which a file is written before it is moved to its place."""
_MARK = "mark"
"""The file in `INCOMING` that says which output folder this is, wherever it is seen or moved to."""
_FORGOTTEN = 24 * 3600.0
"""Seconds after which a file that a killed process left in `INCOMING` is swept away."""


@publishers.register(NAME)
def publish(parcel: Parcel, desk: Desk) -> Publication:
    """Deliver to the folder that the settings name."""
    root = desk.settings.output
    with translated(root):
        here = Destination(publisher=NAME, address=address_of(root), mark=_mark(root))
    desk.ledger.note_destination(parcel.lesson_id, here)
    return publish_to_folder(parcel, str(root))


def publish_to_folder(parcel: Parcel, destination: str) -> Publication:
    """Copy the parcel's files to their folder under ``destination``, each flushed and renamed into place."""
    root = Path(destination)
    with translated(root):
        folder = _folder_of(parcel, root)
        # The manifest comes last, so that it never speaks of what is not there; until then the old one tells
        # whoever takes over from a killed process what else has to go.
        *others, manifest = parcel.items
        written = [_deliver(item, folder / f"{parcel.name}{item.ending}", root) for item in others]
        written.append(_withdraw(parcel, folder))
        written.append(_deliver(manifest, folder / f"{parcel.name}{manifest.ending}", root))
        if any(written):
            # A new file survives a power cut only if every new folder on the way to it does.
            for made in (folder, *folder.parents[: len(parcel.folder)]):
                flush(made)
    return Publication(
        lesson_id=parcel.lesson_id,
        publisher=NAME,
        assets=tuple(_asset(item, folder / f"{parcel.name}{item.ending}", root) for item in parcel.items),
        duration=parcel.duration,
        unchanged=not any(written),
    )


def address_of(root: Path) -> str:
    """Return the output folder's URL."""
    return f"{root.resolve().as_uri()}/"


def mark_of(root: Path) -> str:
    """Return by what an output folder is known; empty: nothing was ever delivered there."""
    try:
        return (root / INCOMING / _MARK).read_text(encoding="ascii").strip()
    except (FileNotFoundError, NotADirectoryError, UnicodeDecodeError):
        return ""


def _mark(root: Path) -> str:
    """Return by what the output folder is known, from now on if it was not."""
    if mark := mark_of(root):
        return mark
    place = root / INCOMING / _MARK
    place.parent.mkdir(parents=True, exist_ok=True)
    make_once(place, f"{secrets.token_hex(16)}\n".encode("ascii"), mode=0o644)
    return mark_of(root)


def _folder_of(parcel: Parcel, root: Path) -> Path:
    """Make the lesson's folder and return it; refuse one that a link would lead out of the root."""
    if not all(part == Path(part).name and part not in ("", ".", "..") for part in parcel.folder):
        raise BadInput(
            f"{parcel.lesson_id} cannot be filed under {parcel.folder!r}: these are no folder names."
        )
    folder = root.joinpath(*parcel.folder)
    if not folder.resolve().is_relative_to(root.resolve()):
        raise DeliveryBlocked(
            f"{Path(*parcel.folder)} leads out of the output folder.",
            "Remove the symbolic link in its way.",
        )
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _deliver(item: Item, place: Path, root: Path) -> bool:
    """Put the item in its place; return whether anything had to be written."""
    if not place.is_symlink() and place.is_file() and sha256_of(place) == item.sha256:
        return False
    incoming = root / INCOMING
    incoming.mkdir(parents=True, exist_ok=True)
    _sweep(incoming)
    draft = incoming / f"{place.name}.{uuid4().hex}"
    try:
        shutil.copyfile(item.path, draft)
        if sha256_of(draft) != item.sha256:
            raise CorruptMedia(f"{item.path.name} has changed since it was checked: make the lesson again.")
        flush(draft)
        draft.replace(place)
    finally:
        draft.unlink(missing_ok=True)
    return True


def _withdraw(parcel: Parcel, folder: Path) -> bool:
    """Remove what an earlier delivery of the lesson left and this one lacks; return whether there was any.

    Only what that delivery's manifest lists is touched, and only as long as it is what was delivered.
    """
    last = folder / f"{parcel.name}{parcel.items[-1].ending}"
    try:
        listed = Manifest.model_validate_json(last.read_bytes()).files
    except (FileNotFoundError, ValidationError):
        return False
    kept = {f"{parcel.name}{item.ending}" for item in parcel.items}
    gone = False
    for file in listed:
        place = folder / Path(file.name).name
        if file.name in kept or not file.name.startswith(parcel.name) or place.is_symlink():
            continue
        if place.is_file() and sha256_of(place) == file.sha256:
            place.unlink()
            gone = True
    return gone


def _asset(item: Item, place: Path, root: Path) -> PublishedAsset:
    return PublishedAsset(
        role=item.role,
        asset_id=place.relative_to(root).as_posix(),
        url=place.resolve().as_uri(),
        sha256=item.sha256,
        bytes=item.bytes,
    )


def _sweep(incoming: Path) -> None:
    for draft in incoming.iterdir():
        with suppress(FileNotFoundError):
            if draft.name != _MARK and time.time() - draft.stat().st_mtime > _FORGOTTEN:
                draft.unlink()


@contextmanager
def translated(root: Path) -> Iterator[None]:
    """Turn what the disk raises into errors of ours.

    Raises:
        DeliveryBlocked: the output folder does not let us, or something else is in the way there.
        StoreUnavailable: it is away or full.
    """
    try:
        yield
    except PermissionError as error:
        raise DeliveryBlocked(
            f"The output folder {root} cannot be written to.", "Give PresGen's user write permission there."
        ) from error
    except (FileExistsError, IsADirectoryError, NotADirectoryError) as error:
        raise DeliveryBlocked(
            f"Something else is in the way in the output folder {root}: {error.strerror}.",
            "Move it away; PresGen replaces no folder by a file and no file by a folder.",
        ) from error
    except OSError as error:
        raise StoreUnavailable(
            f"The output folder {root} cannot take the lesson: {error.strerror}."
        ) from error
