"""What has to go well on any account of Google Drive: a real one (`tests/live`), and the emulator's."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from typer.testing import CliRunner

from presgen.cli import app
from presgen.model.publication import Publication
from presgen.publishing import Desk, Parcel
from presgen.publishing.drive.folders import find
from presgen.publishing.drive.line import Line
from presgen.publishing.publishers.drive import publish_to_drive
from presgen.publishing.withdrawing import withdraw
from tests.nights import make_parcel

FILM = b"the film" * 40_000


def passes_the_check(environment: Mapping[str, str], reader: str = "") -> None:
    """``presgen drive check`` finds nothing missing; with ``reader``, an address, sharing neither."""
    result = CliRunner().invoke(app, ["drive", "check", "--share-with", reader], env=dict(environment))

    assert result.exit_code == 0, result.output
    assert ("Learners can be let in." in result.output) is bool(reader)
    assert "MISSING" not in result.output


def takes_a_lesson_its_change_and_its_withdrawal(desk: Desk, folder: Path) -> None:
    """A lesson goes there, again, changed, and away; and all of it is looked at on Drive itself."""
    assert desk.open_drive is not None
    line = Line(desk.open_drive(desk.settings))
    # Of its own, since people look at real accounts, and two may be at this at once.
    words = {"lesson_id": f"lesson-{secrets.token_hex(8)}", "pseudonym": f"learner-{secrets.token_hex(6)}"}
    parcel = _small(make_parcel(folder / "first", FILM, **words))
    better = _small(make_parcel(folder / "second", FILM[::-1], **words))
    first = None
    try:
        first = publish_to_drive(parcel, desk)
        assert _lies_there(line, first) == {item.role: item.sha256 for item in parcel.items}
        assert publish_to_drive(parcel, desk).unchanged

        second = publish_to_drive(better, desk)

        assert [asset.asset_id for asset in second.assets] == [asset.asset_id for asset in first.assets]
        assert _lies_there(line, second) == {item.role: item.sha256 for item in better.items}
        film = second.assets[0].asset_id
        request = line.service.revisions().list(fileId=film, fields="revisions(id)")
        assert len(line.call(request)["revisions"]) == 2
    finally:
        gone = withdraw("drive", better, () if first is None else first.assets, desk)
    assert gone == len(parcel.items)
    assert _lies_there(line, second) == {}


def _small(parcel: Parcel) -> Parcel:
    film, captions, *_, manifest = parcel.items
    return replace(parcel, items=(film, captions, manifest))


def _lies_there(line: Line, publication: Publication) -> dict[str, Any]:
    """Return the digests of what is there of that publication and not in the bin, by role."""
    found = {asset.role: find(line, asset.asset_id, "trashed,sha256Checksum") for asset in publication.assets}
    return {role: file["sha256Checksum"] for role, file in found.items() if file and not file["trashed"]}
