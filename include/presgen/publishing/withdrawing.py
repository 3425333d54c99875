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

from presgen.errors import BadInput, DeliveryBlocked, StoreUnavailable
from presgen.model.publication import PublishedAsset
from presgen.publishing.desk import Desk
from presgen.publishing.parcel import Parcel, is_of


def withdraw(publisher: str, parcel: Parcel, assets: Sequence[PublishedAsset], desk: Desk) -> int:
    """Remove a lesson from where that publisher puts such; return how many files there were.

    Folders that held nothing else go with it. What people have put beside the lesson stays, and so does its
    folder then; but the learner's permission to read it ends.

    Args:
        publisher: its name.
        parcel: the lesson; its items do not matter.
        assets: what the ledger knows to be delivered.
        desk: where it was handed in.

    Raises:
        BadInput: nobody knows how to take back what that publisher delivered.
        DeliveryBlocked: the destination does not let us, or it is another one than the lesson went to.
        StoreUnavailable: the destination is away.
    """
    if publisher not in _WAYS:
        raise BadInput(
            f"What {publisher} delivered cannot be taken back by PresGen: remove it there by hand."
        )
    return _WAYS[publisher](parcel, assets, desk)


def _from_folder(parcel: Parcel, assets: Sequence[PublishedAsset], desk: Desk) -> int:
    from presgen.publishing.publishers.folder import INCOMING

    root = desk.settings.output.resolve()
    folder = root.joinpath(*parcel.folder)
    places = {root / asset.asset_id for asset in assets}
    for where in (folder, root / INCOMING):
        if where.is_dir():
            places |= {place for place in where.iterdir() if is_of(parcel, place.name)}
    gone = 0
    for place in sorted(places):
        if not place.parent.resolve().is_relative_to(root):
            raise DeliveryBlocked(
                f"{place.parent} leads out of the output folder {root}.",
                "Remove the symbolic link in its way, and what it leads to, by hand.",
            )
        try:
            place.unlink()
            gone += 1
        except (FileNotFoundError, NotADirectoryError):
            pass
        except PermissionError as error:
            raise DeliveryBlocked(
                f"The output folder {root} cannot be written to.",
                "Give PresGen's user write permission there.",
            ) from error
        except OSError as error:
            raise StoreUnavailable(f"The output folder {root} is away: {error.strerror}.") from error
        _remove_empty(place.parent, root)
    _remove_empty(folder, root)
    here = root.is_dir() and [(root / asset.asset_id).as_uri() for asset in assets] == _urls(assets)
    # The root may have been moved, or is seen under another name from here: then our traces are there.
    moved = (root / INCOMING).is_dir() and not any(_path(asset).exists() for asset in assets)
    if assets and not (gone or here or moved):
        raise _elsewhere(
            assets,
            "PRESGEN_OUTPUT",
            "as it is seen from here, and ask again; where that folder was deleted, an empty one will do",
        )
    return gone


def _remove_empty(folder: Path, root: Path) -> None:
    """Remove the folder and those above it that hold nothing any more: their names tell of the learner."""
    with suppress(OSError):
        while folder != root:
            folder.rmdir()
            folder = folder.parent


def _from_object_store(parcel: Parcel, assets: Sequence[PublishedAsset], desk: Desk) -> int:
    from presgen.publishing.publishers.object_store import open_store, translated

    keys = [asset.asset_id for asset in assets]
    with translated():
        store = open_store(desk.settings.object_store)
        gone = store.erase(parcel, keys)
    if not gone and [store.address(key) for key in keys] != _urls(assets):
        raise _elsewhere(assets, "PRESGEN_OBJECT_STORE", "and ask again")
    return gone


def _from_drive(parcel: Parcel, assets: Sequence[PublishedAsset], desk: Desk) -> int:
    from presgen.publishing.drive.removal import remove_from_drive

    return remove_from_drive(parcel, [asset.asset_id for asset in assets], desk)


def _urls(assets: Sequence[PublishedAsset]) -> list[str]:
    return [asset.url for asset in assets]


def _path(asset: PublishedAsset) -> Path:
    return Path(url2pathname(urlsplit(asset.url).path))


def _elsewhere(assets: Sequence[PublishedAsset], setting: str, how: str) -> DeliveryBlocked:
    """Return what to say where nothing of what was delivered is found: it may lie where it was put."""
    where = assets[0].url.removesuffix(assets[0].asset_id)
    return DeliveryBlocked(
        f"{len(assets)} files of the lesson were delivered to {where}, and none of them is where {setting} "
        "leads to.",
        f"Set {setting} to where they lie, {how}.",
    )


_WAYS: Mapping[str, Callable[[Parcel, Sequence[PublishedAsset], Desk], int]] = MappingProxyType(
    {"folder": _from_folder, "object-store": _from_object_store, "drive": _from_drive}
)
