"""Deliveries are taken back: what a publisher has put somewhere for a learner is removed there.

What is gone already is fine, so that a removal that was cut short can be done again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from types import MappingProxyType

from presgen.errors import BadInput, DeliveryBlocked, StoreUnavailable
from presgen.model.publication import PublishedAsset
from presgen.publishing.desk import Desk


def withdraw(publisher: str, assets: Sequence[PublishedAsset], desk: Desk) -> None:
    """Remove those assets from where that publisher has put them.

    Raises:
        BadInput: nobody knows how to take back what that publisher delivered.
        DeliveryBlocked: the destination does not let us.
        StoreUnavailable: the destination is away.
    """
    if publisher not in _WAYS:
        raise BadInput(
            f"What {publisher} delivered cannot be taken back by PresGen: remove it there by hand."
        )
    _WAYS[publisher](assets, desk)


def _from_folder(assets: Sequence[PublishedAsset], desk: Desk) -> None:
    root = desk.settings.output.resolve()
    for asset in assets:
        place = root / asset.asset_id
        if not place.parent.resolve().is_relative_to(root):
            raise DeliveryBlocked(f"{asset.role} lies outside the output folder.", "Remove it by hand.")
        try:
            place.unlink(missing_ok=True)
        except PermissionError as error:
            raise DeliveryBlocked(
                f"The output folder {root} cannot be written to.",
                "Give PresGen's user write permission there.",
            ) from error
        except NotADirectoryError:
            continue
        except OSError as error:
            raise StoreUnavailable(f"The output folder {root} is away: {error.strerror}.") from error
        _remove_empty(place.parent, root)


def _remove_empty(folder: Path, root: Path) -> None:
    """Remove the folder and those above it that hold nothing any more: their names tell of the learner."""
    with suppress(OSError):
        while folder != root:
            folder.rmdir()
            folder = folder.parent


def _from_object_store(assets: Sequence[PublishedAsset], desk: Desk) -> None:
    from fsspec.core import url_to_fs  # type: ignore[import-untyped]

    try:
        system, root = url_to_fs(desk.settings.object_store)
        for asset in assets:
            with suppress(FileNotFoundError):
                system.rm_file(f"{root.rstrip('/')}/{asset.asset_id}")
    except PermissionError as error:
        raise DeliveryBlocked(
            "The object store lets nobody remove anything.", "Give PresGen's account the right to delete."
        ) from error
    except (OSError, ValueError, ImportError) as error:
        # Whatever is wrong, the URL may hold a password.
        raise StoreUnavailable(f"The object store cannot be reached: {type(error).__name__}.") from None


def _from_drive(assets: Sequence[PublishedAsset], desk: Desk) -> None:
    from presgen.publishing.drive.line import Line, Refusal, explained
    from presgen.publishing.drive.service import open_drive

    line = Line((desk.open_drive or open_drive)(desk.settings), desk.pause)
    for asset in assets:
        try:
            line.call(line.service.files().delete(fileId=asset.asset_id, supportsAllDrives=True))
        except Refusal as refusal:
            if refusal.status != 404:
                raise explained(refusal, f"to delete {asset.asset_id}") from refusal


_WAYS: Mapping[str, Callable[[Sequence[PublishedAsset], Desk], None]] = MappingProxyType(
    {"folder": _from_folder, "object-store": _from_object_store, "drive": _from_drive}
)
