from __future__ import annotations

from dataclasses import replace

import pytest

from presgen.media.probe import Chapter
from presgen.model.base import Seconds
from presgen.model.media import Cue
from presgen.model.quality import Expectation, Severity
from presgen.quality.checks.narration_has_no_gap import narration_has_no_gap
from tests.unit.quality.films import make_evidence, span


def test_a_long_silence_is_rejected_where_it_begins():
    [finding] = narration_has_no_gap(make_evidence(silences=(span(2.0, 5.0),)))

    assert (finding.severity, finding.at, finding.until) == (Severity.REJECT, 2.0, 5.0)
    assert "silent for 3.0 s" in finding.message


def test_evidence_of_old_tells_the_longest_silence():
    [finding] = narration_has_no_gap(make_evidence(longest_silence=(Seconds(2.0), Seconds(4.0))))

    assert (finding.severity, finding.at) == (Severity.REJECT, 2.0)


@pytest.mark.parametrize(("end", "verdict"), [(4.8, []), (5.5, [Severity.WARN]), (8.5, [Severity.REJECT])])
def test_films_of_others_may_pause_longer(end, verdict):
    evidence = replace(make_evidence(silences=(span(2.0, end),)), format=None, cues=())

    assert [finding.severity for finding in narration_has_no_gap(evidence)] == verdict


def test_a_chapter_may_begin_in_silence():
    evidence = replace(make_evidence(silences=(span(2.0, 6.0),)), format=None, cues=())
    chapters = (Chapter("One", 0.0, 5.0), Chapter("Two", 5.0, 8.0))

    assert list(narration_has_no_gap(evidence))
    assert not list(narration_has_no_gap(replace(evidence, film=replace(evidence.film, chapters=chapters))))


def test_a_shorter_pause_may_be_expected():
    evidence = replace(make_evidence(silences=(span(2.0, 3.5),)), format=None, cues=())

    [finding] = narration_has_no_gap(replace(evidence, expected=Expectation(longest_silence=1.0)))

    assert (finding.severity, finding.limit) == (Severity.REJECT, 1.0)


def test_a_caption_for_which_nothing_is_heard_is_found():
    cue = Cue(start=Seconds(2.2), end=Seconds(3.4), lines=("Somebody says this.",))
    evidence = replace(make_evidence(silences=(span(2.0, 3.6),)), format=None, cues=(cue,))

    [finding] = narration_has_no_gap(evidence)

    assert finding.at == 2.2
    assert "caption 1" in finding.message


def test_silence_before_the_first_word_is_found():
    [finding] = narration_has_no_gap(make_evidence(sound_starts=Seconds(4.0)))

    assert (finding.at, finding.until) == (0, 4)
