"""A section heard or seen before its lesson is ordered: short, small, and kept for a day.

Voice models take hundreds of megabytes and rendering takes every processor, so a preview is made by a process
of its own that ends with it: whoever asks stays small and quick to answer.
"""

from __future__ import annotations

import os
import resource
import secrets
import shutil
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from enum import StrEnum
from importlib.metadata import version
from pathlib import Path
from typing import IO

from pydantic import ValidationError

from presgen.brands import load_brand
from presgen.errors import BadInput, PermanentError, PresGenError, TransientError
from presgen.media.formats import Format, formats
from presgen.model.base import Model, Seconds, digest_of
from presgen.model.lesson import Section, Sentence
from presgen.personas import load_persona
from presgen.workspace import Workspace, on_disk, sha256_of, write_whole

CODE = 1
"""Counts up when a preview is made differently."""

PATIENCE = Seconds(120.0)
"""A preview that is not there by then will not be: one takes 4 to 8 seconds of a processor."""
SHORTEST_SIDE = 360
"""Pixels of a film's: half of what lessons have."""
KEPT = 24 * 3600.0
"""Seconds for which a preview is kept after somebody wanted it."""
MOST_KEPT = 200

_FOLDER = "previews"
_DRAFT = ".draft"
_MANIFEST = "preview.json"
_SAID = "said.json"
_CPU_SECONDS = 120
"""The process ends itself after so many, should nobody be left to end it."""


class PreviewUnavailable(TransientError):
    """A preview was not made in time, or its process died."""


class PreviewKind(StrEnum):
    """How somebody wants to know a section."""

    SOUND = "sound"
    FILM = "film"

    @property
    def longest(self) -> Seconds:
        """How much of a section is spoken, as planned."""
        return Seconds(60.0) if self is PreviewKind.SOUND else Seconds(20.0)


class Wanted(Model):
    """A preview to be made."""

    kind: PreviewKind
    section: Section
    """Without learner data."""
    width: int
    """Pixels; 0: there is nothing to see."""
    height: int
    renderer: str
    brand: str
    lexicon: Path | None


class Preview(Model):
    """A preview that was made."""

    key: str
    """64 hex digits: a digest of all that it was made from."""
    kind: PreviewKind
    seconds: Seconds
    whole: bool
    """Whether all of the section is there, and not its beginning only."""
    bytes: int
    sha256: str

    @property
    def file(self) -> str:
        """What its file is called."""
        return "preview.m4a" if self.kind is PreviewKind.SOUND else "preview.mp4"


def size_of(kind: PreviewKind, format: Format) -> tuple[int, int]:
    """Return width and height of a preview in the proportions of ``format``; (0, 0) of a sound.

    Raises:
        BadInput: the format has no pictures, and a film is wanted.
    """
    if kind is PreviewKind.SOUND:
        return 0, 0
    if not format.pictured:
        raise BadInput(f"Format {format.name!r} has no pictures: listen to the section instead.")
    scale = SHORTEST_SIDE / min(format.width, format.height)
    return round(format.width * scale / 2) * 2, round(format.height * scale / 2) * 2


def find_preview(workspace: Workspace, key: str) -> tuple[Preview, Path] | None:
    """Return a preview that is kept, and its file; None: there is none.

    Raises:
        StoreUnavailable: the disk is away.
    """
    folder = workspace.root / _FOLDER / key
    with on_disk(f"preview {key}"), suppress(FileNotFoundError, ValidationError):
        found = Preview.model_validate_json((folder / _MANIFEST).read_bytes())
        if (path := folder / found.file).is_file():
            return found, path
    return None


def key_of_preview(wanted: Wanted) -> str:
    """Return the name of a preview, 64 hex digits: the same for equal content, and made before it is.

    Raises:
        UnknownName: there is no such persona.
        BadInput: the brand or the lexicon cannot be read.
    """
    # Not the section's own key: that one asks for digests of voice models, which are not looked at here.
    return digest_of(
        {
            "code": CODE,
            "version": version("presgen"),
            "wanted": wanted.model_copy(update={"lexicon": None}),
            "persona": load_persona(wanted.section.persona),
            "brand": load_brand(wanted.brand),
            "lexicon": _digest(wanted.lexicon),
        }
    )


def make_preview(workspace: Workspace, wanted: Wanted) -> Preview:
    """Return a preview: one that is kept, or one that a process of its own makes now.

    Raises:
        BadInput: the section cannot be spoken or shown, or the brand, the renderer or the voice is not there.
        UnknownName: the persona is not there.
        PreviewUnavailable: it was not there after `PATIENCE`, or its process died.
        StoreUnavailable: the disk is away or full.
    """
    key = key_of_preview(wanted)
    root = workspace.root / _FOLDER
    if (found := find_preview(workspace, key)) is not None:
        with suppress(OSError):
            os.utime(root / key)
        return found[0]
    with _draft(root, key) as folder:
        seconds = _have_made(wanted, folder)
        made = Preview(
            key=key,
            kind=wanted.kind,
            seconds=seconds,
            whole=_beginning(wanted.section, wanted.kind.longest) == wanted.section,
            bytes=0,
            sha256="",
        )
        file = folder / made.file
        (folder / _SAID).unlink()
        made = made.model_copy(update={"bytes": file.stat().st_size, "sha256": sha256_of(file)})
        write_whole(folder / _MANIFEST, made.model_dump_json().encode())
        with suppress(FileExistsError, OSError):
            # Somebody else may have been faster: same key, same content.
            folder.rename(root / key)
    _forget(root)
    return made


def _have_made(wanted: Wanted, folder: Path) -> Seconds:
    """Have a process make the preview in ``folder``; return how long it is."""
    path = os.pathsep.join(each for each in sys.path if each)
    try:
        done = subprocess.run(  # noqa: S603 - our own command line
            [sys.executable, "-m", __name__, str(folder)],
            input=wanted.model_dump_json().encode(),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "PYTHONPATH": path},
            timeout=PATIENCE,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise PreviewUnavailable(f"A preview took longer than {PATIENCE:.0f} s.") from None
    try:
        said = _Said.model_validate_json((folder / _SAID).read_bytes())
    except FileNotFoundError:
        raise PreviewUnavailable(f"A preview's process ended with {done.returncode}.") from None
    if said.problem:
        raise BadInput(said.problem) if said.permanent else PreviewUnavailable(said.problem)
    return said.seconds


class _Said(Model):
    """What the process says when it is done."""

    seconds: Seconds = Seconds(0.0)
    problem: str = ""
    """Empty: there is a preview."""
    permanent: bool = True


def main(folder: Path, given: IO[bytes]) -> None:
    """Make the preview that ``given`` holds in ``folder``, and write there what became of it."""
    resource.setrlimit(resource.RLIMIT_CPU, (_CPU_SECONDS, _CPU_SECONDS))
    wanted = Wanted.model_validate_json(given.read())
    try:
        said = _Said(seconds=_make(wanted, folder))
    except PresGenError as error:
        said = _Said(problem=str(error), permanent=isinstance(error, PermanentError))
    write_whole(folder / _SAID, said.model_dump_json().encode())


def _make(wanted: Wanted, folder: Path) -> Seconds:
    """Render the beginning of the section; only the preview's file stays in ``folder``."""
    from presgen.media.clip import clip_name
    from presgen.rendering import render_section

    shape = _shape(wanted)
    section = _beginning(wanted.section, wanted.kind.longest)
    clip = render_section(
        section,
        load_persona(section.persona),
        shape,
        wanted.renderer,
        folder,
        wanted.lexicon,
        brand=load_brand(wanted.brand),
    )
    kept = folder / clip_name(shape)
    kept = kept.rename(folder / f"preview{kept.suffix}")
    for path in folder.iterdir():
        if path != kept:
            path.unlink()
    return clip.duration


def _shape(wanted: Wanted) -> Format:
    if wanted.kind is PreviewKind.SOUND:
        return next(each for _, each in formats if not each.pictured)
    return Format(name="preview", width=wanted.width, height=wanted.height, preset="ultrafast")


def _beginning(section: Section, longest: Seconds) -> Section:
    """Return the section with the sentences that fit into that time, but at least the first."""
    if section.planned <= longest:
        return section
    letters = sum(len(sentence.text) for sentence in section.sentences)
    room = letters * longest / section.planned
    kept = list(_fitting(section.sentences, room))
    share = sum(len(sentence.text) for sentence in kept) / letters
    return section.model_copy(update={"sentences": tuple(kept), "planned": Seconds(section.planned * share)})


def _fitting(sentences: Iterable[Sentence], room: float) -> Iterator[Sentence]:
    for number, sentence in enumerate(sentences):
        room -= len(sentence.text)
        if room < 0 and number:
            return
        yield sentence


def _digest(lexicon: Path | None) -> str:
    if lexicon is None:
        return ""
    try:
        return sha256_of(lexicon)
    except OSError as error:
        raise BadInput(f"The lexicon cannot be read: {error.strerror}.") from None


@contextmanager
def _draft(root: Path, key: str) -> Iterator[Path]:
    folder = root / f"{_DRAFT}-{secrets.token_hex(8)}"
    with on_disk(f"preview {key}"):
        folder.mkdir(parents=True)
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)


def _forget(root: Path) -> None:
    """Remove previews that nobody wanted for a day, those beyond `MOST_KEPT`, and what was never finished."""
    now = time.time()
    found: list[tuple[float, Path]] = []
    for folder in root.iterdir():
        with suppress(FileNotFoundError):
            found.append((folder.stat().st_mtime, folder))
    whole = sorted((each for each in found if not each[1].name.startswith(_DRAFT)), reverse=True)
    drafts = [each for each in found if each[1].name.startswith(_DRAFT)]
    old = [folder for at, folder in whole if now - at > KEPT]
    forgotten = [folder for at, folder in drafts if now - at > 2 * PATIENCE]
    for folder in {*old, *forgotten, *(folder for _, folder in whole[MOST_KEPT:])}:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.stdin.buffer)
