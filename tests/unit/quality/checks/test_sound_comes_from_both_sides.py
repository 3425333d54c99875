from __future__ import annotations

from presgen.model.quality import Severity
from presgen.quality.checks.sound_comes_from_both_sides import sound_comes_from_both_sides
from tests.unit.quality.films import make_evidence, span


def test_a_dead_channel_is_rejected_for_as_long_as_it_is():
    evidence = make_evidence(channel_levels=(-17.0, -90.0), one_sided=(span(1, 7),))

    [finding] = sound_comes_from_both_sides(evidence)

    assert (finding.severity, finding.at, finding.until) == (Severity.REJECT, 1, 7)
    assert "right" in finding.message


def test_a_channel_with_nothing_but_crosstalk_is_found():
    [finding] = sound_comes_from_both_sides(make_evidence(channel_levels=(-50.0, -17.0)))

    assert finding.measured == 33


def test_two_channels_alike_are_fine():
    assert not list(sound_comes_from_both_sides(make_evidence(channel_levels=(-19.0, -17.0))))
