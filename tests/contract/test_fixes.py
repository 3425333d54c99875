"""What every fix promises, and in which order fixes go."""

from __future__ import annotations

from itertools import permutations

import pytest

from presgen.model.quality import Finding, Remedy, Severity
from presgen.quality.fixes import choose_fixes, fixes

OF_SECTIONS = [each for each in Remedy if each is not Remedy.JOIN_AGAIN]


def finding(remedy: Remedy | None, severity: Severity = Severity.REJECT) -> Finding:
    return Finding(check=f"needs-{remedy}", severity=severity, message="It is wrong.", remedy=remedy)


def test_there_is_a_fix_for_every_remedy_of_a_section_and_none_besides():
    assert set(fixes.names()) == set(OF_SECTIONS)


@pytest.mark.parametrize("name", OF_SECTIONS)
def test_a_fix_answers_what_it_is_named_after_and_less_than_more_thorough_ones(name):
    fix = fixes[name]

    assert name in fix.answers
    for other, less in fixes:
        if other != name and other in fix.answers:
            assert less.thoroughness < fix.thoroughness
    assert len({each.thoroughness for _, each in fixes}) == len(fixes.names())


@pytest.mark.parametrize("name", OF_SECTIONS)
def test_one_finding_is_answered_by_its_own_remedy(name):
    assert choose_fixes([finding(name)]) == (name,)


@pytest.mark.parametrize(
    ("remedies", "chosen"),
    [
        (["resynthesise", "remix_loudness"], ["resynthesise"]),
        (["render_again", "rebuild_captions", "remux"], ["render_again"]),
        (["pad_or_trim", "remux"], ["pad_or_trim"]),
        (["remix_loudness", "rebuild_captions"], ["remix_loudness", "rebuild_captions"]),
        (
            ["rebuild_captions", "remux", "remix_loudness"],
            ["remux", "remix_loudness", "rebuild_captions"],
        ),
    ],
)
def test_the_most_thorough_fix_comes_first_and_makes_others_superfluous(remedies, chosen):
    for order in permutations(remedies):
        assert list(choose_fixes([finding(Remedy(each)) for each in order])) == chosen


def test_a_loudness_fix_never_hides_a_clipped_narration():
    clipped_and_quiet = [finding(Remedy.REMIX_LOUDNESS), finding(Remedy.RESYNTHESISE)]

    assert "remix_loudness" not in choose_fixes(clipped_and_quiet)


def test_what_was_tried_in_vain_is_made_anew():
    assert choose_fixes([finding(Remedy.REMUX)], {"remux"}) == ("render_again",)


def test_warnings_are_no_reason_to_touch_a_film():
    assert choose_fixes([finding(Remedy.RENDER_AGAIN, Severity.WARN)]) == ()


def test_where_one_finding_has_no_remedy_nothing_is_tried():
    assert choose_fixes([finding(Remedy.REMUX), finding(None)]) == ()
