"""Kokoro's speakers: for each a table of styles, one for every length of what is said.

They come from the npm package ``kokoro-js``, which not every machine can install from, so the few that teach
here are kept in this folder as half floats: rounded by at most a part in 2000, which is far below what the
8-bit network after them can tell apart. ``packs.toml`` says where each is from and what it is. To make the
files again, or others::

    npm pack kokoro-js@1.2.1
    python -m presgen.rendering.studio.voice.packs kokoro-js-1.2.1.tgz
"""

from __future__ import annotations

import hashlib
import tarfile
import tomllib
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from presgen.errors import BadInput
from presgen.model.base import Model, Seconds

LENGTHS, WIDTH = 510, 256
"""Rows: the style for one symbol, for two …; and numbers in each."""


class Pack(Model):
    """A speaker and where the table of its styles is from."""

    language: str
    """The BCP 47 tag of what it was taught."""
    gender: Literal["female", "male"]
    word_length: Seconds
    """What a word of plain prose takes on average at speed 1: eight sentences, measured."""
    original: str
    """SHA-256 of upstream's file: 32-bit floats."""
    sha256: str
    """Of the file in this folder."""


@cache
def packs() -> dict[str, Pack]:
    """Return the speakers by upstream's names."""
    text = (resources.files(__name__) / "packs.toml").read_text(encoding="utf-8")
    return {name: Pack.model_validate(table) for name, table in tomllib.loads(text)["speakers"].items()}


@cache
def styles(name: str) -> NDArray[np.float32]:
    """Return the styles of the speaker ``name``: (lengths, width), float32.

    Raises:
        BadInput: the file is not the one it should be.
    """
    content = (resources.files(__name__) / f"{name}.bin").read_bytes()
    if hashlib.sha256(content).hexdigest() != packs()[name].sha256:
        raise BadInput(f"The speaker {name} is damaged: install PresGen again.")
    return np.frombuffer(content, "<f2").astype(np.float32).reshape(LENGTHS, WIDTH)


def style(name: str, symbols: int) -> NDArray[np.float32]:
    """Return the style of the speaker ``name`` for that many symbols, as the network takes it: (1, width)."""
    place = min(symbols, LENGTHS) - 1
    return styles(name)[place : place + 1]


def halved(original: bytes) -> bytes:
    """Return upstream's table as it is kept here."""
    table = np.frombuffer(original, "<f4")
    if table.size != LENGTHS * WIDTH:
        raise BadInput(f"The table has {table.size} numbers; expected {LENGTHS * WIDTH}.")
    return table.astype("<f2").tobytes()


def unpack(package: Path, folder: Path) -> None:
    """Write all speakers into ``folder``, from upstream's ``package`` (a .tgz).

    Raises:
        BadInput: a table is not the one that ``packs.toml`` names.
    """
    with tarfile.open(package) as archive:
        for name, pack in packs().items():
            member = archive.extractfile(f"package/voices/{name}.bin")
            original = member.read() if member else b""
            if hashlib.sha256(original).hexdigest() != pack.original:
                raise BadInput(f"{package.name} holds another {name} than the one expected.")
            (folder / f"{name}.bin").write_bytes(halved(original))
