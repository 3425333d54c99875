"""Deliveries are taken back: what a publisher has put somewhere for a learner is removed there.

What is gone already is fine, so that a removal that was cut short can be done again. What was delivered and
never noted, because somebody was killed in between, is found by the lesson's name.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from types import MappingProxyType
from urllib.parse import urlsplit
from urllib.request import url2pathname

from presgen.errors import BadInput, DeliveryBlocked
from presgen.ledger import Destination
from presgen.model.publication import PublishedAsset
from presgen.publishing.desk import Desk
from presgen.publishing.parcel import Parcel, is_of


def withdraw(publisher: str, parcel: Parcel, assets: Sequence[PublishedAsset], desk: Desk) -> int:
    """Remove a lesson from where that publisher puts such; return how many files there were.

    Folders that held nothing else go with it. What people have put beside the lesson stays, and so does its
    folder then; but the learner's permission to read it ends. What the settings do not lead to any more is
    left alone: an address that was noted once may be anybody's by now. A place that is done is forgotten, so
    several are taken back from one after the other.

    Args:
        publisher: its name.
        parcel: the lesson; its items do not matter.
        assets: what the ledger knows to be delivered.
        desk: where it was handed in.

    Raises:
        BadInput: nobody knows how to take back what that publisher delivered.
        DeliveryBlocked: the destination does not let us, or the lesson was delivered to another one, too.
        StoreUnavailable: the destination is away.
    """
    if publisher not in _WAYS:
        raise BadInput(
            f"What {publisher} delivered cannot be taken back by PresGen: remove it there by hand."
        )
    return _WAYS[publisher](parcel, assets, desk)


def _from_folder(parcel: Parcel, assets: Sequence[PublishedAsset], desk: Desk) -> int:
    from presgen.publishing.publishers.folder import INCOMING, NAME, address_of, mark_of, translated

    root = desk.settings.output.resolve()
    folder = root.joinpath(*parcel.folder)
    gone = 0
    with translated(root):
        places = {root / asset.asset_id for asset in assets}
        for where in (folder, root / INCOMING):
            if where.is_dir():
                places |= {place for place in where.iterdir() if is_of(parcel, place.name)}
        for place in sorted(places):
            if not place.parent.resolve().is_relative_to(root):
                raise DeliveryBlocked(
                    f"{place.parent} leads out of the output folder {root}.",
                    "Remove the symbolic link in its way, and what it leads to, by hand.",
                )
            with suppress(FileNotFoundError, NotADirectoryError):
                place.unlink()
                gone += 1
            _remove_empty(place.parent, root)
        _remove_empty(folder, root)
        mark, address, there = mark_of(root), address_of(root), root.is_dir()

    def is_here(place: Destination) -> bool:
        if place.mark:
            return place.mark == mark
        # An earlier release has noted it. If it was moved, our traces are here, and there it is no more.
        moved = (root / INCOMING).is_dir() and not _path(place.address).exists()
        return there and (place.address == address or moved)

    _leave(NAME, parcel, desk, is_here, "PRESGEN_OUTPUT")
    return gone


def _remove_empty(folder: Path, root: Path) -> None:
    """Remove the folder and those above it that hold nothing any more: their names tell of the learner."""
    with suppress(OSError):
        while folder != root:
            folder.rmdir()
            folder = folder.parent


def _from_object_store(parcel: Parcel, assets: Sequence[PublishedAsset], desk: Desk) -> int:
    from presgen.publishing.publishers.object_store import NAME, open_store, translated

    gone, root = 0, ""
    if desk.settings.object_store:
        with translated():
            store = open_store(desk.settings.object_store)
            gone = store.erase(parcel, [asset.asset_id for asset in assets])
            root = store.root if store.is_there() else ""
    _leave(NAME, parcel, desk, lambda place: place.address == root, "PRESGEN_OBJECT_STORE")
    return gone


def _from_drive(parcel: Parcel, assets: Sequence[PublishedAsset], desk: Desk) -> int:
    from presgen.publishing.drive.removal import remove_from_drive

    return remove_from_drive(parcel, [asset.asset_id for asset in assets], desk)


def _leave(
    publisher: str, parcel: Parcel, desk: Desk, is_done: Callable[[Destination], bool], setting: str
) -> None:
    """Forget the places of that publisher that are done.

    Raises:
        DeliveryBlocked: the lesson was delivered to another one, too.
    """
    lesson_id, left = parcel.lesson_id, []
    for place in desk.ledger.destinations(lesson_id):
        if place.publisher == publisher:
            if is_done(place) or place.address in desk.gone:
                desk.ledger.forget_destination(lesson_id, place)
            else:
                left.append(place.address)
    if left:
        raise DeliveryBlocked(
            f"Lesson {lesson_id} was delivered to {left[0]}, and that is not what {setting} leads to now.",
            f"Set {setting} to where it is, as it is seen from here, and ask again; where nothing is left of "
            f"it, say so with --gone {left[0]}",
        )


def _path(url: str) -> Path:
    return Path(url2pathname(urlsplit(url).path))


_WAYS: Mapping[str, Callable[[Parcel, Sequence[PublishedAsset], Desk], int]] = MappingProxyType(
    {"folder": _from_folder, "object-store": _from_object_store, "drive": _from_drive}
)
