"""What to do about each kind of failure, in a sentence."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

CLEAR = (
    "In Airflow, clear the failed tasks with downstream: what is finished stays, and nothing goes out twice."
)
LOOK = "The task's log has the details: open a red task of the run."

TODO: Mapping[str, str] = MappingProxyType(
    {
        "BadScript": "Correct the course's content or the record, then start a run for these learners.",
        "BadInput": "Correct what the reason names, then start a run for these learners.",
        "UnknownName": "Correct the setting or the record that names it, then start the run again.",
        "QualityRejected": (
            "Look at the findings on the lesson's page, correct the content, then start a new run."
        ),
        "SectionFailed": (
            "Make the section alone: `presgen sections retry KEY`. When it is there, clear the lessons "
            "that wait for it."
        ),
        "SectionMissing": "Clear the red `render_section` tasks with downstream: it is not there yet.",
        "CorruptMedia": (
            "A file is damaged. Clear the task: it is made anew. If it comes again, check disk and memory."
        ),
        "CannotJoin": "Clips do not fit together. Clear the lesson's `render` task; they are made anew.",
        "DeliveryBlocked": "Do there what the reason asks for, then clear the red `upload` tasks.",
        "StoreUnavailable": "Bring disk or database back, then clear the failed tasks with downstream.",
        "TurnTaken": "Another run delivers the lesson. Clear the red `upload` task when that run is done.",
        "IllegalTransition": "Another run has made the lesson anew: nothing to do, unless that failed, too.",
        "LearnerErased": "The learner was erased while the night ran: nothing to do.",
        "TrailDamaged": (
            "Somebody has changed the ledger: `presgen audit verify` says where. Restore it from a "
            "backup, then clear the failed tasks with downstream."
        ),
        "Unfinished": "Tasks ended without a word, or still wait. " + LOOK,
        "": "An error that nobody foresaw. " + LOOK + " Then clear the failed tasks with downstream.",
    }
)
"""By the kind of error; the empty one is for errors that are not ours."""
