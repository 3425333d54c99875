"""Narrations kept between formats: what was spoken for one is taken from the shelf for the next.

A narration lies in a folder that is named after everything that shapes it. It is written beside and renamed
when whole, and its sound is checked when it is taken: a damaged one is as good as none.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
from contextlib import suppress
from pathlib import Path

from pydantic import ValidationError

from presgen.model.media import Narration
from presgen.workspace import sha256_of

SOUND, TIMES = "narration.wav", "narration.json"


def take(shelf: Path, key: str, folder: Path) -> Narration | None:
    """Return the narration of that key, its sound copied into ``folder``; None: there is no whole one."""
    kept = shelf / key
    try:
        facts = json.loads((kept / TIMES).read_text(encoding="utf-8"))
        shutil.copyfile(kept / SOUND, folder / SOUND)
        narration = Narration.model_validate({**facts["narration"], "path": folder / SOUND})
        whole = facts["sound"] == sha256_of(folder / SOUND) and facts["times"] == _digest_of_times(narration)
    except (OSError, ValueError, KeyError, TypeError, ValidationError):
        whole = False
    if whole:
        return narration
    (folder / SOUND).unlink(missing_ok=True)
    return None


def put(shelf: Path, key: str, narration: Narration) -> None:
    """Keep a copy of ``narration`` under ``key``, in the place of a damaged one."""
    shelf.mkdir(parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(prefix=f".{key[:16]}-", dir=shelf))
    try:
        shutil.copyfile(narration.path, draft / SOUND)
        facts = {
            "sound": sha256_of(draft / SOUND),
            "times": _digest_of_times(narration),
            "narration": narration.model_dump(mode="json", exclude={"path"}),
        }
        (draft / TIMES).write_text(json.dumps(facts, ensure_ascii=False), encoding="utf-8")
        # What is there is damaged, or was put there this moment by another process: then it is the same.
        shutil.rmtree(shelf / key, ignore_errors=True)
        with suppress(OSError):
            draft.rename(shelf / key)
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def _digest_of_times(narration: Narration) -> str:
    return hashlib.sha256(narration.model_dump_json(exclude={"path"}).encode()).hexdigest()
