"""What is heard of a section where its clip cannot tell: before Opus is encoded, after music is mixed in."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from presgen.errors import CorruptMedia
from presgen.media.decode import sound
from presgen.media.sound import integrated_loudness, read_wav, true_peak
from presgen.model.base import Decibels, Seconds
from presgen.model.quality import SectionEvidence

NOTHING = Decibels(-120.0)
"""dBTP of digital silence."""


def heard_on_master(measured: SectionEvidence, master: Path) -> SectionEvidence:
    """Return the evidence of a mute clip with what its narration sounds like."""
    samples, rate = read_wav(master)
    return measured.model_copy(update=_levels(samples.astype(np.float32) / 32_768, rate))


def heard_in_film(film: Path, sections: Sequence[tuple[Seconds, SectionEvidence]]) -> list[SectionEvidence]:
    """Return the evidence of sections as they sound in a film whose sound the join encoded.

    Args:
        film: the joined film.
        sections: when each section starts in the film, and what was measured when it was new.
    """
    try:
        samples, rate = sound(film)
    except CorruptMedia as damage:
        found = [each for _, each in sections]
        errors = (*found[0].decode_errors, str(damage))
        return [found[0].model_copy(update={"decode_errors": errors}), *found[1:]]
    heard = []
    for start, measured in sections:
        part = samples[round(start * rate) : round((start + measured.duration) * rate)]
        heard.append(measured.model_copy(update=_levels(part, rate)))
    return heard


def _levels(samples: NDArray[Any], rate: int) -> dict[str, Any]:
    return {
        "loudness": integrated_loudness(samples, rate) if samples.size else None,
        "true_peak": max(true_peak(samples, rate), NOTHING) if samples.size else NOTHING,
    }
