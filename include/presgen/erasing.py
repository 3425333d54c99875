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
import time
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from pydantic import ValidationError

from presgen.bulletin import forget_in_reports
from presgen.errors import BadInput, LessonUnderWay, PresGenError, StoreUnavailable
from presgen.making import formats_of, key_of
from presgen.model.base import Model, Seconds
from presgen.model.edition import Edition
from presgen.model.learner import AssessmentRecord
from presgen.model.lesson import LessonScript, Section, SectionKind
from presgen.night import Night
from presgen.orders import forget_handed_in, forget_records
from presgen.publishing import Desk, Parcel, Recipient, publishers
from presgen.publishing.withdrawing import withdraw
from presgen.sources.identity import PSEUDONYM, pseudonym_of
from presgen.workspace import on_disk

_NARRATIONS = "narrations"
_TIMES = "narration.json"
_PERSONAL = frozenset(kind.value for kind in SectionKind if not kind.shared)
PATIENCE = Seconds(60.0)
"""How long a step that is under way is waited for: most take less, and rendering goes on without us."""
_GLANCE = 0.2
"""Seconds between two looks."""
_FORGOTTEN = 600.0
"""Seconds after which a narration's draft counts as abandoned; writing one takes less than one."""
_RECEIPT = "receipt-"
"""Before the receipt's name among what is noted of an erasure."""
_STORED_APART = frozenset({"sections", "corrupt", _NARRATIONS, "receipts"})


class Receipt(Model):
    """What was erased. Names nobody, not even by pseudonym.

    The numbers are of what was found by the erasure that came to its end; what an earlier one had removed
    before it was cut short is only in those of lessons and missing files.
    """

    receipt: str
    """Random; the name of the file it is kept in."""
    at: str
    lessons: int
    sections: int
    """Clips of personal sections, and their narrations."""
    delivered: int
    """Files that were taken back from where they were delivered."""
    missing: int = 0
    """Files that were known to be delivered, and were gone from there already."""
    files: int
    """Files and folders of the workspace."""
    facts: int
    """Of the audit trail."""
    rows: int
    """Of the ledger's other tables."""
    head: str
    """The audit trail's last event, which tells of the erasure."""
    unseen: tuple[str, ...] = ()
    """Addresses of destinations where nobody has looked: nothing was left there, said who asked."""

    @property
    def line(self) -> str:
        """What was erased, in a sentence."""
        were = "was" if self.missing == 1 else "were"
        missing = f" ({self.missing} more {were} gone already)" if self.missing else ""
        unseen = f" Said to hold nothing, and not looked at: {', '.join(self.unseen)}." if self.unseen else ""
        return (
            f"Erased: {self.lessons} lessons, {self.delivered} delivered files{missing}, {self.sections} "
            f"personal sections and narrations, {self.files} files and folders, {self.facts} facts of the "
            f"audit trail, {self.rows} rows of the ledger. Receipt {self.receipt}, head of the audit trail "
            f"{self.head}.{unseen}"
        )


class NotErased(NamedTuple):
    """A learner whose erasure has begun and could not be ended."""

    pseudonym: str
    error: PresGenError


def erase_learner(
    night: Night, learner: str, patience: Seconds = PATIENCE, gone: Collection[str] = ()
) -> Receipt:
    """Erase a learner, named by id or pseudonym, and return the receipt.

    Once it has begun, no run takes a further step of their lessons. A step that is under way is waited for,
    as long as there is ``patience``. Of the addresses in ``gone``, the word of whoever asks is taken that
    nothing is left there; the receipt says so.

    Raises:
        BadInput: nothing is known of such a learner, and no erasure of theirs has begun.
        LessonUnderWay: a run still works on a lesson of theirs; nothing was removed yet.
        DeliveryBlocked: a destination does not let us remove what was delivered, or the settings do not lead
            to it; what the others held is removed, and asking again goes on.
        StoreUnavailable: a destination, the workspace or the ledger is away.
    """
    pseudonym = _pseudonym(night, learner)
    ledger, trail = night.ledger, night.ledger.trail
    known = ledger.erasures.lessons_of(pseudonym)
    known += tuple(order.video_id for order in ledger.orders.of_learner(pseudonym))
    # Killed before it entered a lesson, a run may have left its record.
    begun = night.workspace.begun_for(pseudonym)
    if (
        not (known or begun)
        and pseudonym not in (*ledger.erasures.begun(), *trail.pseudonyms())
        and not _was_set_aside(night, pseudonym)
    ):
        raise BadInput(
            "Nothing is known of such a learner: no lesson, no order, no record that was set aside, no begun "
            "erasure. An id is looked up with PRESGEN_PSEUDONYM_KEY; the pseudonym would be fine, too."
        )
    name = _receipt_of(ledger.erasures.begin(pseudonym, begun))
    # In this order: who reads the record at this moment may still enter a lesson.
    _wait_for(night, [pseudonym], patience)
    lessons = ledger.erasures.lessons_of(pseudonym)
    _wait_for(night, lessons, patience)
    keys = _keys(night, pseudonym, lessons)
    subjects = ledger.erasures.begin(pseudonym, [_RECEIPT + name, *lessons, *keys])
    lessons = tuple(each for each in subjects if each.startswith("lesson-"))
    others = (pseudonym, _RECEIPT + name, *lessons)
    digests = [each for each in subjects if each not in others]
    texts = {text for lesson in lessons for text in _spoken(night, lesson)}
    # A lesson that is noted but in the ledger no more has been taken back by an earlier attempt.
    taken = [_take_back(night, lesson, gone) for lesson in ledger.erasures.lessons_of(pseudonym)]
    sections = sum(_clear_section(night.workspace.root, key) for key in digests)
    sections += _clear_shelf(night.workspace.root / _NARRATIONS, digests, texts)
    # What the sections were is known from the script: that goes when they are gone.
    files = sum(_clear(night.workspace.root, lesson) for lesson in lessons)
    ordered = [order.video_id for order in ledger.orders.of_learner(pseudonym)]
    files += forget_records(night.workspace, ordered) + forget_handed_in(night.workspace)
    files += forget_in_reports(night.workspace.root, [*lessons, pseudonym])
    facts = trail.erase(night.run_id, pseudonym)
    head = trail.head()
    rows = ledger.erasures.remove(pseudonym, subjects)
    if night.workspace.has("receipts", name):
        # Only the last step had failed; what is new since then is gone by now, too.
        receipt = night.workspace.load("receipts", name, Receipt)
        ledger.erasures.end(pseudonym)
        return receipt
    receipt = Receipt(
        receipt=name,
        at=datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z"),
        lessons=len(lessons),
        sections=sections,
        delivered=sum(found for found, _ in taken),
        missing=sum(missing for _, missing in taken),
        files=files,
        facts=facts,
        rows=rows,
        head=head,
        unseen=tuple(sorted(gone)),
    )
    night.workspace.save("receipts", receipt.receipt, receipt)
    ledger.erasures.end(pseudonym)
    return receipt


def erase_expired(night: Night, days: int, gone: Collection[str] = ()) -> Iterator[Receipt | NotErased]:
    """Erase all learners whose time is over, after so many days; who cannot be erased keeps nobody else.

    ``gone`` is as in `erase_learner`.

    Raises:
        BadInput: ``days`` is 0, which is never.
        StoreUnavailable: the ledger is away.
    """
    if not days:
        raise BadInput("PRESGEN_RETENTION_DAYS is 0: no learner's time is ever over.")
    for pseudonym in expired(night, days):
        try:
            yield erase_learner(night, pseudonym, gone=gone)
        except PresGenError as error:
            yield NotErased(pseudonym, error)


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


def _receipt_of(noted: Iterable[str]) -> str:
    """Return what the erasure's receipt is called, as an earlier attempt has noted, or by a new name."""
    names = (each.removeprefix(_RECEIPT) for each in noted if each.startswith(_RECEIPT))
    return next(names, None) or secrets.token_hex(8)


def _was_set_aside(night: Night, pseudonym: str) -> bool:
    """Return whether a run has refused a record of theirs: then the ledger says what was wrong with it."""
    runs = night.ledger.runs()
    return any(each.pseudonym == pseudonym for run in runs for each in night.ledger.quarantined(run.run_id))


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
    shapes = formats_of(night)
    return {
        key_of(night, section, shape) for section in _personal_sections(night, lesson) for shape in shapes
    }


def _personal(night: Night, keys: Iterable[str]) -> set[str]:
    known = night.ledger.known_sections()
    return {key for key in keys if key in known and known[key].kind in _PERSONAL}


def _wait_for(night: Night, subjects: Sequence[str], patience: Seconds) -> None:
    """Wait until no run works on any of them.

    Raises:
        LessonUnderWay: one still does when patience is at its end.
    """
    until = time.monotonic() + patience
    while runs := sorted({run for each in subjects for run in night.workspace.at_work_on(each)}):
        if time.monotonic() > until:
            raise LessonUnderWay(tuple(runs))
        time.sleep(_GLANCE)


def _take_back(night: Night, lesson: str, gone: Collection[str]) -> tuple[int, int]:
    """Remove what was delivered of a lesson, also by a run that was killed before it noted it.

    Every publisher is asked that has begun, in whichever run, whatever the settings say now.

    Return how many files there were, and how many that are known to be delivered were not there.
    """
    entry = night.ledger.lesson(lesson)
    parcel = Parcel(lesson, entry.pseudonym, entry.certification, Seconds(0.0), items=())
    desk = Desk(
        settings=night.settings,
        ledger=night.ledger,
        recipient=Recipient(_address(night, lesson)),
        open_drive=night.open_drive,
        gone=gone,
    )
    begun = {place.publisher for place in night.ledger.destinations(lesson)}
    begun |= {*night.ledger.reserved_by(f"/{lesson}/"), *night.settings.publishers}
    count = missing = 0
    for name in publishers.names():
        assets = night.ledger.assets(lesson, name)
        if assets or name in begun:
            found = withdraw(name, parcel, assets, desk)
            count += found
            missing += max(0, len(assets) - found)
    return count, missing


def _address(night: Night, lesson: str) -> str:
    try:
        return night.workspace.load("records", lesson, AssessmentRecord).learner.email or ""
    except (BadInput, StoreUnavailable):
        return ""


def _spoken(night: Night, lesson: str) -> tuple[str, ...]:
    """Return the words of the lesson's personal sections, whether or not a film was made of them."""
    return tuple(section.text for section in _personal_sections(night, lesson))


def _personal_sections(night: Night, lesson: str) -> tuple[Section, ...]:
    try:
        script = night.workspace.load("scripts", lesson, LessonScript)
    except (BadInput, StoreUnavailable):
        return ()
    return tuple(section for section in script.sections if not section.kind.shared)


def _clear(root: Path, lesson: str) -> int:
    """Remove all that is named after the lesson in the workspace, also what a killed process left of it."""
    count = 0
    with on_disk("what is erased"):
        for kind in sorted(root.iterdir()) if root.is_dir() else ():
            if kind.is_dir() and kind.name not in _STORED_APART:
                for name in (f"{lesson}*", f".{lesson}*"):
                    count += sum(_remove(path) for path in sorted(kind.rglob(name)))
    return count


def _clear_section(root: Path, key: str) -> int:
    count = 0
    with on_disk("what is erased"):
        drafts = (root / "sections").glob(f".*-{key}")
        measured = (root / "evidence").glob(f"*{key}.json*")
        for place in (root / "sections" / key, *(root / "corrupt").glob(f"{key}-*"), *drafts, *measured):
            count += _remove(place)
    return count


def _clear_shelf(shelf: Path, digests: Collection[str], texts: Collection[str]) -> int:
    """Remove narrations whose sound has one of those digests, or that speak one of those texts.

    What a killed process left half-written there may be anybody's, and goes, too.
    """
    count = 0
    with on_disk("what is erased"):
        for draft in shelf.glob(".*"):
            with suppress(FileNotFoundError):
                if time.time() - draft.stat().st_mtime > _FORGOTTEN:
                    _remove(draft)
        for times in shelf.glob(f"[!.]*/{_TIMES}"):
            try:
                kept = json.loads(times.read_text(encoding="utf-8"))
                sound, words = kept["sound"], kept["narration"]["words"]
                text = " ".join(word["text"] for word in words)
            except (OSError, ValueError, KeyError, TypeError):
                continue
            if sound in digests or text in texts:
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
