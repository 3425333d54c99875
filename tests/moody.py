"""A renderer that holds or fails the films of learners it is told about, in whichever process it runs."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from presgen.errors import CorruptMedia
from presgen.media.clip import clip_name
from presgen.media.formats import Format
from presgen.model.media import Clip
from presgen.rendering.backends import renderers

MOODY = "moody"
LONGEST = 900.0
"""Seconds after which a film is let go, whatever happens to the test."""


class Moods:
    """What the renderer is told, in files that all processes see."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    def set(self, *, held: Sequence[str] = (), broken: Sequence[str] = ()) -> None:
        """Hold the films of some learners until they are let go, and break those of others."""
        for sign in self.folder.glob("*.held"):
            sign.unlink()
        fresh = self.folder / "moods.new"
        fresh.write_text(json.dumps({"held": list(held), "broken": list(broken)}), encoding="utf-8")
        fresh.replace(self.folder / "moods.json")

    def let_go(self) -> None:
        """Let all films be made."""
        self.set()

    def wait_until_held(self, name: str, patience: float = 300.0) -> None:
        """Return when the film of that learner is being held."""
        until = time.monotonic() + patience
        while not (self.folder / f"{name}.held").exists():
            assert time.monotonic() < until, f"{name}'s film was not begun"
            time.sleep(0.3)

    def _told(self, mood: str, text: str) -> str | None:
        found = json.loads((self.folder / "moods.json").read_text("utf-8"))[mood]
        return next((name for name in found if re.search(rf"\b{name}\b", text)), None)


class Moody:
    """Makes what ``card`` makes, unless it is told otherwise."""

    def __init__(self, moods: Moods) -> None:
        self._moods = moods

    def fingerprint(self, *args: Any, **named: Any) -> Any:
        return renderers["card"].fingerprint(*args, **named)

    def narrate(self, *args: Any) -> Any:
        return renderers["card"].narrate(*args)

    def render(
        self, section: Any, persona: Any, format: Format, folder: Path, *args: Any, **named: Any
    ) -> Clip:
        text = f"{section.title} {section.text}"
        until = time.monotonic() + LONGEST
        while (name := self._moods._told("held", text)) and time.monotonic() < until:
            (self._moods.folder / f"{name}.held").touch()
            time.sleep(0.2)
        if self._moods._told("broken", text):
            raise CorruptMedia(f"{clip_name(format)} has no frame: broken on purpose.")
        return renderers["card"].render(section, persona, format, folder, *args, **named)


def arrange(folder: Path) -> None:
    """Register the renderer ``moody``, which does what the files in ``folder`` say."""
    if MOODY not in renderers.names():
        renderers.add(MOODY, Moody(Moods(folder)))


DAG_FILE = '''"""dag, airflow: the project's own file, with a renderer that has moods."""

import sys
from pathlib import Path

sys.path.insert(0, {root!r})

import tests.nights  # registers small formats
from tests.moody import arrange

arrange(Path({moods!r}))
exec(compile(Path({file!r}).read_text("utf-8"), __file__, "exec"))
'''
"""What Airflow reads in place of the project's own file."""
