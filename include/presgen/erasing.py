"""A learner is erased: from the ledger, the workspace, and wherever their lessons were delivered.

What is to go is noted in the ledger before anything goes, and every removal may be repeated. So an erasure
that was cut short is finished by asking for it again, and only then is there a receipt. The audit trail stays
whole: see `presgen.ledger.trail`. The source of the records is not ours; as long as it holds the learner, the
next night makes their lessons anew.
"""

from __future__ import annotations

import json
import secrets
import shutil
from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

from pydantic import ValidationError

from presgen.errors import BadInput, StoreUnavailable
from presgen.making import formats_of, key_of
from presgen.model.base import Model
from presgen.model.edition import Edition
from presgen.model.lesson import LessonScript, SectionKind
from presgen.model.publication import PublishedAsset
from presgen.night import Night
from presgen.publishing import Desk
from presgen.publishing.withdrawing import withdraw
from presgen.sources.identity import PSEUDONYM, pseudonym_of
from presgen.workspace import on_disk

_NARRATIONS = "narrations"
_TIMES = "narration.json"
_PERSONAL = frozenset(kind.value for kind in SectionKind if not kind.shared)
_STORED_APART = frozenset({"sections", "corrupt", _NARRATIONS, "receipts"})


class Receipt(Model):
    """What was erased. Names nobody, not even by pseudonym."""

    receipt: str
    """Random; the name of the file it is kept in."""
    at: str
    lessons: int
    sections: int
    """Clips of personal sections, and their narrations."""
    delivered: int
    """Files that were taken back from where they were delivered."""
    files: int
    """Files and folders of the workspace."""
    facts: int
    """Of the audit trail."""
    rows: int
    """Of the ledger's other tables."""
    head: str
    """The audit trail's last event, which tells of the erasure."""


def erase_learner(night: Night, learner: str) -> Receipt:
    """Erase a learner, named by id or pseudonym, and return the receipt.

    Raises:
        BadInput: nothing is known of such a learner, and no erasure of theirs has begun.
        DeliveryBlocked: a destination does not let us remove what was delivered.
        StoreUnavailable: a destination, the workspace or the ledger is away.
    """
    pseudonym = _pseudonym(night, learner)
    ledger, trail = night.ledger, night.ledger.trail
    lessons = ledger.erasures.lessons_of(pseudonym)
    if not lessons and pseudonym not in (*ledger.erasures.begun(), *trail.pseudonyms()):
        raise BadInput("Nothing is known of such a learner: neither a lesson nor a begun erasure.")
    found = _keys(night, pseudonym, lessons)
    subjects = ledger.erasures.begin(pseudonym, [*lessons, *found])
    lessons = tuple(each for each in subjects if each.startswith("lesson-"))
    digests = [each for each in subjects if each not in lessons and each != pseudonym]
    delivered = sum(_take_back(night, lesson) for lesson in lessons)
    files = sum(_clear(night.workspace.root, lesson) for lesson in lessons)
    sections = sum(_clear_section(night.workspace.root, key) for key in digests)
    sections += _clear_shelf(night.workspace.root / _NARRATIONS, digests)
    facts = trail.erase(night.run_id, pseudonym)
    head = trail.head()
    rows = ledger.erasures.end(pseudonym, subjects)
    receipt = Receipt(
        receipt=secrets.token_hex(8),
        at=datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z"),
        lessons=len(lessons),
        sections=sections,
        delivered=delivered,
        files=files,
        facts=facts,
        rows=rows,
        head=head,
    )
    night.workspace.save("receipts", receipt.receipt, receipt)
    return receipt


def expired(night: Night, days: int) -> tuple[str, ...]:
    """Return the learners of whom no lesson has changed for so many days, and those half erased."""
    moment = (datetime.now(UTC) - timedelta(days=days)).isoformat(timespec="microseconds")
    idle = night.ledger.erasures.idle_since(moment.replace("+00:00", "Z"))
    return tuple(sorted({*idle, *night.ledger.erasures.begun()}))


def _pseudonym(night: Night, learner: str) -> str:
    if PSEUDONYM.fullmatch(learner):
        return learner
    key = night.workspace.pseudonym_key(night.settings.pseudonym_key.get_secret_value())
    return pseudonym_of(learner, key)


def _keys(night: Night, pseudonym: str, lessons: Sequence[str]) -> set[str]:
    """Return keys of the learner's personal sections, digests of their narrations, and of their editions."""
    found = {
        node.name for node in night.ledger.trail.facts_of(pseudonym) if node.kind in ("clip", "narration")
    }
    for lesson in lessons:
        found.add(night.ledger.lesson(lesson).editions)
        for path in (night.workspace.root / "videos").glob(f"{lesson}.*.json"):
            with suppress(ValidationError, OSError):
                edition = Edition.model_validate_json(path.read_bytes())
                found |= _personal(night, [placed.key for placed in edition.video.sections])
        found |= _written(night, lesson)
    return found - {""}


def _written(night: Night, lesson: str) -> set[str]:
    """Return the keys of personal sections that were written, whether or not a film was made of them."""
    try:
        script = night.workspace.load("scripts", lesson, LessonScript)
    except (BadInput, StoreUnavailable):
        return set()
    shapes = formats_of(night)
    return {
        key_of(night, section, shape)
        for section in script.sections
        if not section.kind.shared
        for shape in shapes
    }


def _personal(night: Night, keys: Iterable[str]) -> set[str]:
    known = night.ledger.known_sections()
    return {key for key in keys if key in known and known[key].kind in _PERSONAL}


def _take_back(night: Night, lesson: str) -> int:
    desk = Desk(settings=night.settings, ledger=night.ledger, open_drive=night.open_drive)
    count = 0
    for publisher, assets in _deliveries(night, lesson).items():
        withdraw(publisher, assets, desk)
        count += len(assets)
    return count


def _deliveries(night: Night, lesson: str) -> dict[str, tuple[PublishedAsset, ...]]:
    from presgen.publishing import publishers

    found = {name: night.ledger.assets(lesson, name) for name in publishers.names()}
    return {name: assets for name, assets in found.items() if assets}


def _clear(root: Path, lesson: str) -> int:
    """Remove all that is named after the lesson in the workspace."""
    count = 0
    with on_disk("what is erased"):
        for kind in sorted(root.iterdir()) if root.is_dir() else ():
            if kind.is_dir() and kind.name not in _STORED_APART:
                count += sum(_remove(path) for path in sorted(kind.rglob(f"{lesson}*")))
    return count


def _clear_section(root: Path, key: str) -> int:
    count = 0
    with on_disk("what is erased"):
        for place in (root / "sections" / key, *(root / "corrupt").glob(f"{key}-*")):
            count += _remove(place)
    return count


def _clear_shelf(shelf: Path, digests: Sequence[str]) -> int:
    """Remove narrations whose sound has one of those digests: what a personal section was spoken with."""
    wanted, count = set(digests), 0
    with on_disk("what is erased"):
        for times in shelf.glob(f"*/{_TIMES}"):
            try:
                sound = json.loads(times.read_text(encoding="utf-8"))["sound"]
            except (OSError, ValueError, KeyError, TypeError):
                continue
            if sound in wanted:
                count += _remove(times.parent)
    return count


def _remove(place: Path) -> int:
    if place.is_dir() and not place.is_symlink():
        shutil.rmtree(place, ignore_errors=False)
    elif place.exists() or place.is_symlink():
        place.unlink()
    else:
        return 0
    return 1
