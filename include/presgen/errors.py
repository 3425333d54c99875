"""What can go wrong, and whether trying again helps.

    PresGenError
    ├── PermanentError            the same input fails again: do not retry
    │   ├── BadInput              a record, a setting or an argument is wrong
    │   │   ├── BadRecord         one learner's record: that learner is quarantined
    │   │   └── BadScript         a lesson script breaks a limit or lacks a section
    │   ├── UnknownName           nothing is registered under that name
    │   ├── CannotJoin            section clips do not fit together
    │   ├── CorruptMedia          a media file is damaged or not what it says
    │   ├── QualityRejected       a section or video failed its checks
    │   ├── SectionFailed         a section this lesson needs could not be rendered in this run
    │   ├── IllegalTransition     a lesson cannot go from that status to this one
    │   ├── LearnerErased         the lesson's learner is being erased, or was
    │   ├── TrailDamaged          the audit trail is not what was written: nothing is added to it
    │   └── DeliveryBlocked       the destination refuses: quota, permission, folder gone
    └── TransientError            the same call may succeed later: retry
        ├── SourceUnavailable     the place records are read from is away
        ├── StoreUnavailable      the workspace or ledger is away, locked or full
        ├── LessonUnderWay        a run works on the lesson at this moment
        ├── TurnTaken             another run does the same with the lesson at this moment
        └── SectionMissing        a shared section is not in the store (yet, or no longer)

The first branch answers the only question a scheduler has. The DAGs' retry policy reads it.
"""

from __future__ import annotations


class PresGenError(Exception):
    """Everything PresGen raises on purpose."""


class PermanentError(PresGenError):
    """Trying again with the same input fails again."""


class TransientError(PresGenError):
    """Trying again later may succeed."""


class BadInput(PermanentError):
    """A record, a setting or an argument is wrong."""


class BadRecord(BadInput):
    """One learner's record cannot be used; the other learners go on.

    Attributes:
        field: the dotted path of the field at fault, e.g. ``gap_analysis.overall_score``.
        value: a short, printable form of the value found there.
        reason: what is wrong and what would have been fine.
    """

    def __init__(self, field: str, value: str, reason: str) -> None:
        self.field = field
        self.value = value
        self.reason = reason
        super().__init__(f"{field} is {value}: {reason}")


class BadScript(BadInput):
    """A lesson script breaks a length limit or lacks a required section."""


class UnknownName(PermanentError):
    """A name was asked for that no module registers.

    Attributes:
        kind: what was looked for, e.g. ``renderer``.
        name: the name that was asked for.
        known: the names that exist.
    """

    def __init__(self, kind: str, name: str, known: tuple[str, ...]) -> None:
        self.kind = kind
        self.name = name
        self.known = known
        super().__init__(f"No {kind} is called {name!r}. Known: {', '.join(known) or 'none'}.")


class CannotJoin(PermanentError):
    """Section clips do not fit together: another format, encoder or grid."""


class CorruptMedia(PermanentError):
    """A media file is damaged, cut short, or not what its name says."""


class QualityRejected(PermanentError):
    """A section or a video failed its checks and goes no further.

    Attributes:
        subject: the section key or lesson id that was rejected.
        findings: one line for each finding that rejects.
    """

    def __init__(self, subject: str, findings: tuple[str, ...]) -> None:
        self.subject = subject
        self.findings = findings
        super().__init__(f"{subject} is rejected: " + "; ".join(findings))


class SectionFailed(PermanentError):
    """A section that a lesson needs could not be rendered in this run.

    Attributes:
        key: the section's key.
    """

    def __init__(self, key: str, slug: str, why: str) -> None:
        self.key = key
        super().__init__(f"Section {slug} ({key[:12]}) could not be rendered in this run: {why}")


class IllegalTransition(PermanentError):
    """A lesson cannot go from the status it has to the one that was asked for."""


class LearnerErased(PermanentError):
    """The lesson's learner is being erased, or was: nothing more is made of it."""


class TrailDamaged(PermanentError):
    """The audit trail is not what was written: nothing is added to it until somebody has put it right."""

    def __init__(self, what: str) -> None:
        super().__init__(
            f"Nothing is added to the audit trail, for it is not what was written: {what} `presgen audit "
            "verify` names every such place. Restore the ledger from a backup."
        )


class DeliveryBlocked(PermanentError):
    """The destination refuses the delivery until somebody acts.

    Attributes:
        remedy: what that somebody has to do.
    """

    def __init__(self, message: str, remedy: str) -> None:
        self.remedy = remedy
        super().__init__(f"{message} Remedy: {remedy}")


class SourceUnavailable(TransientError):
    """The place records are read from is away: a network share, a device."""


class StoreUnavailable(TransientError):
    """The workspace or the ledger is away, locked or full."""


class LessonUnderWay(TransientError):
    """A run works at this moment on what is to be erased.

    Attributes:
        runs: the ids of such runs.
    """

    def __init__(self, runs: tuple[str, ...]) -> None:
        self.runs = runs
        super().__init__(
            f"A lesson of this learner is under way in {', '.join(runs)}. No further step of it will begin: "
            "ask for the erasure again when this one has ended."
        )


class TurnTaken(TransientError):
    """Another run does at this moment what only one at a time may do with a lesson."""


class SectionMissing(TransientError):
    """A shared section is not in the store: not rendered yet, failed, or found corrupt.

    Attributes:
        key: the section's key.
    """

    def __init__(self, key: str, why: str) -> None:
        self.key = key
        super().__init__(f"Section {key} is not in the store: {why}")
