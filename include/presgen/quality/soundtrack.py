"""What is heard of a section where its clip cannot tell: after music is mixed in, or Opus encoded."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from numpy.typing import NDArray

from presgen.errors import CorruptMedia
from presgen.media.decode import sound
from presgen.media.sound import integrated_loudness, true_peak
from presgen.model.base import Seconds
from presgen.model.quality import SectionEvidence
from presgen.quality.hearing import NOTHING


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
