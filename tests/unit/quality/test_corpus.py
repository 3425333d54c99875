"""One good film and its twins: each fault is found by the check that is about it, where it is."""

from __future__ import annotations

import pytest

from presgen.model.quality import Expectation
from presgen.quality import inspect_file
from tests.corpus import OTHERS, TWINS, Film, Other, Twin, expected_of, make_good

pytestmark = pytest.mark.slow

NEAR = 0.35
"""Seconds from the place of a fault to where it is found: freezes are cut at words, silences at pauses."""


@pytest.fixture(scope="module")
def good(tmp_path_factory) -> Film:
    return make_good(tmp_path_factory.mktemp("corpus") / "good")


@pytest.fixture(scope="module")
def expected(good) -> Expectation:
    return expected_of(good)


def test_there_are_twins_enough():
    assert len(TWINS) >= 26
    assert len({twin.name for twin in TWINS}) == len(TWINS)


def test_the_good_film_has_no_finding(good, expected):
    assert inspect_file(good.path, expected).findings == ()


def test_the_good_film_has_no_finding_when_nothing_is_expected_of_it(good):
    assert inspect_file(good.path).findings == ()


@pytest.mark.parametrize("twin", TWINS, ids=lambda twin: twin.name)
def test_a_fault_is_found_where_it_is(good, expected, tmp_path, twin: Twin):
    film = twin.make(good, tmp_path / "twin")
    master = film.master if film.master.is_file() else None

    report = inspect_file(film.path, expected.model_copy(update={"master": master}))

    found = [finding for finding in report.findings if finding.check == twin.check]
    assert found, report.findings
    if twin.at is not None:
        place = twin.at if twin.at >= 0 else good.duration + twin.at
        assert any(finding.at is not None and abs(finding.at - place) < NEAR for finding in found), found


@pytest.mark.parametrize("other", OTHERS, ids=lambda other: other.name)
def test_a_good_film_of_others_has_no_finding(good, tmp_path, other: Other):
    film = other.make(good, tmp_path / "other")

    assert inspect_file(film.path).findings == ()


def test_a_film_of_another_rate_is_good_where_that_is_expected(good, tmp_path):
    film = next(other for other in OTHERS if "25" in other.name).make(good, tmp_path / "other")

    assert inspect_file(film.path, Expectation(fps=25, resolution="640x360", captions=True)).findings == ()


def test_what_a_film_is_to_be_can_be_ordered_by_its_format(good):
    report = inspect_file(good.path, Expectation(format="landscape"))

    assert [finding.check for finding in report.findings] == ["picture-has-its-size"]
