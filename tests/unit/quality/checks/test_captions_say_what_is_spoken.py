from __future__ import annotations

from dataclasses import replace

from presgen.model.quality import Severity
from presgen.quality.checks.captions_say_what_is_spoken import captions_say_what_is_spoken
from tests.unit.quality.films import make_evidence


def test_captions_within_the_film_must_be_those_beside_it():
    evidence = make_evidence()
    other = evidence.cues[1].model_copy(update={"lines": ("something else",)})
    film = replace(evidence.film, cues=(evidence.cues[0], other))

    [finding] = captions_say_what_is_spoken(replace(evidence, film=film))

    assert (finding.severity, finding.at) == (Severity.REJECT, other.start)
    assert "Caption 2" in finding.message


def test_films_of_others_may_spell_their_captions_as_they_like():
    evidence = make_evidence()
    loud = tuple(cue.model_copy(update={"lines": (f"- {cue.text.upper()}!",)}) for cue in evidence.cues)

    assert list(captions_say_what_is_spoken(replace(evidence, cues=loud)))
    assert not list(captions_say_what_is_spoken(replace(evidence, cues=loud, format=None)))


def test_a_word_the_script_does_not_have_is_rejected_without_being_quoted():
    evidence = make_evidence(sections=2, joined=True)
    wrong = evidence.cues[3].model_copy(update={"lines": ("secret from another.",)})

    [finding] = captions_say_what_is_spoken(replace(evidence, cues=(*evidence.cues[:3], wrong)))

    assert (finding.severity, finding.at) == (Severity.REJECT, wrong.start)
    assert "'Section 1'" in finding.message
    assert "secret" not in finding.message


def test_a_caption_that_is_lost_at_the_end_is_rejected():
    evidence = make_evidence()

    [finding] = captions_say_what_is_spoken(replace(evidence, cues=evidence.cues[:1]))

    assert finding.severity is Severity.REJECT


def test_a_word_broken_over_two_lines_is_still_the_same_word():
    evidence = make_evidence()
    broken = evidence.cues[1].model_copy(update={"lines": ("service from an", "other.")})

    assert not list(captions_say_what_is_spoken(replace(evidence, cues=(evidence.cues[0], broken))))


def test_a_caption_out_of_step_with_its_word_is_found():
    evidence = make_evidence()
    late, lost = (
        evidence.cues[0].model_copy(update={"start": 0.75}),
        evidence.cues[1].model_copy(update={"start": 5.0, "end": 6.0}),
    )

    first, second = captions_say_what_is_spoken(replace(evidence, cues=(late, lost)))

    assert (first.severity, second.severity) == (Severity.NOTE, Severity.REJECT)
    assert "0.25 s" in first.message
