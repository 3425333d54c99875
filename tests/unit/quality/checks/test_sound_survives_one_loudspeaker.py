from __future__ import annotations

from dataclasses import replace

from presgen.model.quality import Severity
from presgen.quality.checks.sound_survives_one_loudspeaker import sound_survives_one_loudspeaker
from tests.unit.quality.films import make_evidence, span


def test_opposed_channels_are_rejected_where_they_begin():
    evidence = make_evidence(channel_levels=(-17.0, -17.0), antiphase=(span(2, 6),))

    [finding] = sound_survives_one_loudspeaker(evidence)

    assert (finding.severity, finding.at, finding.measured) == (Severity.REJECT, 2, 4)


def test_a_short_effect_in_a_film_of_others_is_only_warned_of():
    evidence = replace(make_evidence(antiphase=(span(2, 3.2),)), format=None)

    [finding] = sound_survives_one_loudspeaker(evidence)

    assert finding.severity is Severity.WARN
