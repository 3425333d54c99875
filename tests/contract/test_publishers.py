"""What every publisher promises, whatever it delivers to."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from presgen.errors import CorruptMedia, StoreUnavailable
from presgen.model.publication import Publication
from presgen.publishing import Desk, Parcel, publishers
from presgen.publishing.publishers import Publisher
from presgen.publishing.withdrawing import withdraw
from tests.deliveries import drive_here, make_desk
from tests.nights import make_parcel


@dataclass(frozen=True)
class Counter:
    """Where parcels are handed to a publisher."""

    name: str
    publisher: Publisher
    desk: Desk

    def __call__(self, parcel: Parcel) -> Publication:
        return self.publisher(parcel, self.desk)


@pytest.fixture(params=publishers.names())
def publish(request, tmp_path):
    """The publisher, with a destination of its own."""
    publisher = publishers[request.param]
    with drive_here(tmp_path) as drive:
        desk = make_desk(
            tmp_path,
            **drive.settings() | {"object_store": (tmp_path / "objects").as_uri(), "output": tmp_path},
        )
        yield Counter(request.param, publisher, desk)


def test_every_item_becomes_one_asset_with_its_digest(publish, tmp_path):
    parcel = make_parcel(tmp_path / "w")

    publication = publish(parcel)

    assert {(asset.role, asset.sha256, asset.bytes) for asset in publication.assets} == {
        (item.role, item.sha256, item.bytes) for item in parcel.items
    }
    assert len({asset.asset_id for asset in publication.assets}) == len(parcel.items)
    assert (publication.lesson_id, publication.duration) == (parcel.lesson_id, parcel.duration)
    assert not publication.unchanged


def test_a_publisher_signs_with_the_name_it_is_registered_under(publish, tmp_path):
    assert publish(make_parcel(tmp_path / "w")).publisher == publish.name


def test_what_a_delivery_left_that_was_cut_short_can_be_found_and_taken_back(publish, tmp_path):
    parcel = make_parcel(tmp_path / "w")
    parcel.items[-1].path.write_bytes(b"swapped")
    with pytest.raises(CorruptMedia):
        publish(parcel)

    ledger = publish.desk.ledger
    noted = {place.publisher for place in ledger.destinations(parcel.lesson_id)}
    assert publish.name in noted | {*ledger.reserved_by(f"/{parcel.lesson_id}/")}
    assert withdraw(publish.name, parcel, (), publish.desk) == len(parcel.items) - 1


def test_publishing_again_changes_nothing_and_says_so(publish, tmp_path):
    first = publish(make_parcel(tmp_path / "w"))

    again = publish(make_parcel(tmp_path / "w"))

    assert again.unchanged
    assert again.assets == first.assets


def test_a_changed_film_keeps_its_address(publish, tmp_path):
    first = publish(make_parcel(tmp_path / "w"))

    changed = publish(make_parcel(tmp_path / "w", b"a better film"))

    assert not changed.unchanged
    assert [asset.asset_id for asset in changed.assets] == [asset.asset_id for asset in first.assets]
    assert {asset.role for asset in set(changed.assets) - set(first.assets)} == {
        "video",
        "report",
        "manifest",
    }


def test_a_film_that_is_not_what_was_checked_is_not_delivered(publish, tmp_path):
    parcel = make_parcel(tmp_path / "w")
    parcel.items[0].path.write_bytes(b"swapped")

    with pytest.raises(CorruptMedia):
        publish(parcel)


def test_addresses_name_nobody_and_publications_survive_json(publish, tmp_path):
    publication = publish(make_parcel(tmp_path / "w"))

    assert Publication.model_validate_json(publication.model_dump_json()) == publication
    ids = " ".join(asset.asset_id for asset in publication.assets).lower()
    assert "example" not in ids  # part of the name and of the address; "ada" may stand in a hexadecimal id


def test_a_film_that_is_gone_is_not_delivered(publish, tmp_path):
    parcel = make_parcel(tmp_path / "w")
    parcel.items[0].path.unlink()

    with pytest.raises((CorruptMedia, StoreUnavailable)):
        publish(parcel)
