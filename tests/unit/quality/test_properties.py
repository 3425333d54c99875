"""What is true of all captions, however they come."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from presgen.media.captions import lay_out_cues
from presgen.model.base import Seconds
from presgen.model.media import Cue, WordTiming
from presgen.model.quality import Severity
from presgen.quality.checks import checks
from tests.unit.quality.films import LENGTH, make_evidence

CAPTION_CHECKS = tuple(name for name in checks.names() if name.startswith("captions-"))

moments = st.floats(-1, 20, allow_nan=False).map(lambda moment: Seconds(round(moment, 3)))
texts = st.text(st.characters(exclude_categories=("Cs", "Cc", "Zl", "Zp")), max_size=90)
cues = st.builds(
    lambda start, length, lines: Cue(start=start, end=Seconds(round(start + length, 3)), lines=tuple(lines)),
    moments,
    st.floats(-1, 9, allow_nan=False),
    st.lists(texts, min_size=1, max_size=4),
)


def judged(evidence):
    return [finding for name in CAPTION_CHECKS for finding in checks[name](evidence)]


@settings(deadline=None, max_examples=60)
@given(st.lists(cues, max_size=6))
def test_any_captions_can_be_judged(some):
    for finding in judged(replace(make_evidence(), cues=tuple(some))):
        assert finding.message
        assert finding.remedy is not None


@settings(deadline=None, max_examples=60)
@given(st.lists(cues, min_size=1, max_size=6))
def test_captions_that_overlap_go_back_or_outlast_the_film_never_pass(some):
    evidence = replace(make_evidence(), cues=tuple(some), format=None)
    evidence = replace(evidence, sections=(replace(evidence.sections[0], text=None),))
    wrong = (
        any(cue.end <= cue.start for cue in some)
        or any(after.start < before.end - 0.002 for before, after in pairwise(some))
        or any(cue.end > LENGTH + 1.1 for cue in some)
    )

    rejected = any(finding.severity is Severity.REJECT for finding in judged(evidence))

    assert rejected or not wrong


words = st.lists(
    st.text(st.characters(categories=("Ll", "Lu", "Nd")), min_size=1, max_size=12), min_size=1, max_size=40
)


@settings(deadline=None, max_examples=60)
@given(words, st.floats(0.25, 0.6))
def test_captions_laid_out_by_us_pass_in_step_with_any_words(some, pace):
    """Spoken at a human pace; what is laid out, written and read again is never rejected."""
    spoken = tuple(
        WordTiming(text=word, start=Seconds(0.5 + n * pace), end=Seconds(0.5 + (n + 0.9) * pace))
        for n, word in enumerate(some)
    )
    end = Seconds(0.5 + len(some) * pace + 8)
    laid = lay_out_cues(spoken, until=end)
    evidence = make_evidence(duration=end)
    section = replace(evidence.sections[0], text=" ".join(some), words=spoken)
    track = replace(evidence.film.pictures, duration=end)
    film = replace(evidence.film, duration=end, pictures=track)

    found = judged(replace(evidence, film=film, sections=(section,), cues=laid))

    slow = [finding for finding in found if "characters a second" not in finding.message]
    assert [finding for finding in slow if finding.severity is Severity.REJECT] == []


@settings(deadline=None, max_examples=60)
@given(words, st.data())
def test_a_word_changed_anywhere_is_noticed(some, data):
    spoken = tuple(
        WordTiming(text=word, start=Seconds(0.5 + n * 0.4), end=Seconds(0.8 + n * 0.4))
        for n, word in enumerate(some)
    )
    evidence = make_evidence()
    section = replace(evidence.sections[0], text=" ".join(some), words=())
    at = data.draw(st.integers(0, len(some) - 1))
    changed = [*some[:at], some[at] + "x", *some[at + 1 :]]
    laid = lay_out_cues(
        tuple(word.model_copy(update={"text": text}) for word, text in zip(spoken, changed, strict=True))
    )

    found = checks["captions-say-what-is-spoken"](replace(evidence, sections=(section,), cues=laid))

    assert any(finding.severity is Severity.REJECT for finding in found)
