from __future__ import annotations

from dataclasses import replace

import pytest

from presgen.media.edit_lists import EditList
from presgen.model.quality import Severity
from presgen.quality.checks.film_plays_in_one_piece import film_plays_in_one_piece
from tests.unit.quality.films import make_evidence


def test_our_films_need_no_edit_list():
    evidence = make_evidence()

    [finding] = film_plays_in_one_piece(replace(evidence, film=replace(evidence.film, edit_lists=2)))

    assert finding.severity is Severity.REJECT
    assert "2 edit lists" in finding.message


@pytest.mark.parametrize(
    ("found", "named"),
    [
        (EditList(0.0, 0.066, 1), None),
        (EditList(0.3, 0.0, 1), "delays"),
        (EditList(0.0, 1.0, 1), "leaves out"),
        (EditList(0.0, 0.0, 3), "3 parts"),
    ],
)
def test_films_of_others_may_leave_out_what_primes_the_decoder(found, named):
    evidence = replace(make_evidence(), format=None, edit_lists=(found,))

    messages = [finding.message for finding in film_plays_in_one_piece(evidence)]

    assert len(messages) == (named is not None)
    assert all(named in message for message in messages)
