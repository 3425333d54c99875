from __future__ import annotations

import socket
import traceback
from contextlib import suppress
from pathlib import Path

import fsspec
import pytest

from presgen.errors import BadInput, DeliveryBlocked, StoreUnavailable
from presgen.publishing import pack
from presgen.publishing.publishers import object_store
from presgen.publishing.publishers.object_store import publish_to_object_store
from tests.deliveries import make_desk
from tests.nights import make_edition, make_parcel, make_report, make_script


@pytest.fixture(params=["file", "memory"])
def url(request, tmp_path):
    """A store where files are moved into place, and one where they appear whole."""
    if request.param == "file":
        yield (tmp_path / "objects").as_uri()
        return
    memory = fsspec.filesystem("memory")
    yield "memory://lessons"
    memory.rm("/lessons", recursive=True)


def everything(url):
    system, root = fsspec.core.url_to_fs(url)
    return {path.removeprefix(root).strip("/"): system.cat_file(path) for path in system.find(root)}


def parcel_of(folder, *names):
    script = make_script()
    editions = [make_edition(folder, script, f"{name} film".encode(), format=name) for name in names]
    return pack(editions, script, make_report(script, editions[0].video))


def test_every_file_lies_where_its_asset_says(tmp_path, url):
    publication = publish_to_object_store(make_parcel(tmp_path / "w"), make_desk(tmp_path, object_store=url))

    found = everything(url)
    assert sorted(found) == sorted(asset.asset_id for asset in publication.assets)
    for asset in publication.assets:
        with fsspec.open(asset.url) as file:
            assert file.read() == found[asset.asset_id]


def test_what_is_no_longer_ordered_is_withdrawn_and_what_others_put_there_is_not(tmp_path, url):
    desk = make_desk(tmp_path, object_store=url)
    both = publish_to_object_store(parcel_of(tmp_path / "w", "landscape", "portrait"), desk)
    notes = f"{both.assets[0].url}-notes.txt"
    with fsspec.open(notes, "wb") as file:
        file.write(b"mine")

    one = publish_to_object_store(parcel_of(tmp_path / "w", "landscape"), desk)

    assert not one.unchanged
    assert set(everything(url)) == {asset.asset_id for asset in one.assets} | {
        f"{both.assets[0].asset_id}-notes.txt"
    }
    assert publish_to_object_store(parcel_of(tmp_path / "w", "landscape"), desk).unchanged


def test_a_film_that_was_cut_short_in_the_store_is_put_right(tmp_path, url):
    desk = make_desk(tmp_path, object_store=url)
    publication = publish_to_object_store(make_parcel(tmp_path / "w"), desk)
    with fsspec.open(publication.assets[0].url, "wb") as file:
        file.write(b"a f")

    assert not publish_to_object_store(make_parcel(tmp_path / "w"), desk).unchanged

    assert everything(url)[publication.assets[0].asset_id] == b"a film"


@pytest.mark.parametrize("count", range(1, 5))
def test_a_lesson_becomes_again_what_it_was_though_a_killed_run_has_begun_to_replace_it(
    tmp_path, url, monkeypatch, count
):
    desk = make_desk(tmp_path, object_store=url)
    publish_to_object_store(make_parcel(tmp_path / "w", b"a film"), desk)
    before = everything(url)
    system, left = type(fsspec.core.url_to_fs(url)[0]), [None] * count
    with monkeypatch.context() as patched:
        real = system.put_file

        def put_file(*words, **named):
            if not left:
                raise KeyboardInterrupt
            left.pop()
            return real(*words, **named)

        patched.setattr(system, "put_file", put_file)
        with suppress(KeyboardInterrupt):
            # To the byte as long.
            publish_to_object_store(make_parcel(tmp_path / "w", b"b film"), desk)

    publish_to_object_store(make_parcel(tmp_path / "w", b"a film"), desk)

    assert everything(url) == before


def test_a_store_that_loses_bytes_is_found_out_and_the_old_file_stays(tmp_path, monkeypatch):
    url = (tmp_path / "objects").as_uri()
    desk = make_desk(tmp_path, object_store=url)
    publish_to_object_store(make_parcel(tmp_path / "w"), desk)
    before = everything(url)
    system = type(fsspec.filesystem("file"))

    def put_half(self, here, there, **_):
        Path(there).write_bytes(Path(here).read_bytes()[:3])

    monkeypatch.setattr(system, "put_file", put_half)
    with pytest.raises(StoreUnavailable, match="other bytes than were sent"):
        publish_to_object_store(make_parcel(tmp_path / "w", b"a better film"), desk)

    after = everything(url)
    [manifest] = [name for name in before if name.endswith("-manifest.json")]
    assert {**after, manifest: b""} == {**before, manifest: b""}
    monkeypatch.undo()
    publish_to_object_store(make_parcel(tmp_path / "w"), desk)
    assert everything(url) == before


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("", "needs PRESGEN_OBJECT_STORE"),
        ("pigeon://user:s3cret@roof/lessons", "no URL of a store that fsspec knows"),
    ],
)
def test_a_store_that_nobody_knows_is_refused_without_showing_its_secrets(tmp_path, url, told):
    with pytest.raises(BadInput, match=told) as refused:
        publish_to_object_store(make_parcel(tmp_path / "w"), make_desk(tmp_path, object_store=url))

    assert "s3cret" not in str(refused.value)
    assert "s3cret" not in repr(make_desk(tmp_path, object_store=url).settings)


def test_a_store_that_cannot_be_connected_to_is_away_and_shows_no_secret(tmp_path):
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        url = f"ftp://user:s3cret@127.0.0.1:{nobody.getsockname()[1]}/lessons"

        with pytest.raises(StoreUnavailable, match="away or full") as refused:
            publish_to_object_store(make_parcel(tmp_path / "w"), make_desk(tmp_path, object_store=url))

    assert "s3cret" not in str(refused.value)


def test_errors_that_are_a_store_s_own_are_told_by_their_kind_only(tmp_path, monkeypatch):
    class ServerDisconnected(Exception):
        pass

    def lost(*_, **__):
        raise ServerDisconnected("https://user:s3cret@store/lessons")

    monkeypatch.setattr(type(fsspec.filesystem("memory")), "put_file", lost)

    with pytest.raises(StoreUnavailable, match="ServerDisconnected") as refused:
        publish_to_object_store(make_parcel(tmp_path / "w"), make_desk(tmp_path, object_store="memory://y"))

    told = "".join(traceback.format_exception(refused.value))
    assert "s3cret" not in told


def test_a_store_that_may_not_be_written_to_blocks(tmp_path, monkeypatch):
    system = type(fsspec.filesystem("memory"))
    monkeypatch.setattr(system, "put_file", lambda *_, **__: (_ for _ in ()).throw(PermissionError("no")))

    with pytest.raises(DeliveryBlocked, match="the right to read, write and delete"):
        publish_to_object_store(make_parcel(tmp_path / "w"), make_desk(tmp_path, object_store="memory://x"))


def test_where_objects_appear_whole_nothing_is_moved(tmp_path, monkeypatch):
    desk = make_desk(tmp_path, object_store="memory://whole")
    monkeypatch.setattr(type(fsspec.filesystem("memory")), "mv", None)

    publish_to_object_store(make_parcel(tmp_path / "w"), desk)

    assert "memory" in object_store.WHOLE
    assert len(everything("memory://whole")) == 9
    fsspec.filesystem("memory").rm("/whole", recursive=True)
