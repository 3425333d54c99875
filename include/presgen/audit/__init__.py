"""Why a second is in the film, and what came of an answer: what the ledger's trail is told, and tells."""

from presgen.audit.asking import Outcome, Why, film_of, trace, why
from presgen.audit.recording import (
    MadeClip,
    Seals,
    record_delivery,
    record_films,
    record_plan,
    record_script,
    record_seals,
    record_verdict,
)

__all__ = [
    "MadeClip",
    "Outcome",
    "Seals",
    "Why",
    "film_of",
    "record_delivery",
    "record_films",
    "record_plan",
    "record_script",
    "record_seals",
    "record_verdict",
    "trace",
    "why",
]
