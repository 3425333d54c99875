"""A dry run counts what a night would make, and makes nothing."""

from __future__ import annotations

import pytest

from presgen import pipeline
from presgen.errors import UnknownName
from presgen.rehearsing import rehearse, told
from tests.factories import make_answer
from tests.nights import STAMP, TALL, make_learner_record, make_night, write_records

WELL = make_learner_record(3, answers=(make_answer("q2", is_correct=True),), gaps=())


@pytest.fixture
def source(tmp_path):
    return write_records(tmp_path, [make_learner_record(1), make_learner_record(2), WELL])


def files(folder):
    return {path for path in folder.rglob("*") if path.is_file()}


def test_nothing_is_made_entered_or_published(tmp_path, source):
    night = make_night(tmp_path)

    would = rehearse(night, source)

    assert night.ledger.lessons() == ()
    assert night.workspace.sections.keys() == ()
    assert not (tmp_path / "output").exists()
    assert (would.lessons, would.not_needed, would.unchanged, would.to_reuse) == (2, 1, 0, 0)
    assert not would.failures
    # Opening and closing are each learner's own; what they are taught is shared.
    assert would.to_render < 2 * 4
    assert would.film > would.rendering > 0


@pytest.fixture(scope="module")
def after(tmp_path_factory):
    """A deployment in which that night was rehearsed, and then run."""
    folder = tmp_path_factory.mktemp("after")
    source = write_records(folder, [make_learner_record(1), make_learner_record(2), WELL])
    would = rehearse(make_night(folder, "dry"), source)
    return folder, source, would, pipeline.produce(make_night(folder, "real"), source)


def test_it_foretells_what_the_night_then_does(after):
    _, _, would, report = after

    assert report.lessons == {"not_needed": 1, "published": would.lessons}
    assert report.sections_rendered == would.to_render
    assert report.film == pytest.approx(would.film, rel=0.2)


def test_what_is_published_stays_unless_it_is_forced_and_costs_are_known_by_then(after):
    folder, source, _, _ = after

    again = rehearse(make_night(folder, "dry-1"), source)
    forced = rehearse(make_night(folder, "dry-2", cpu_hour_price=36.0), source, force=True)

    assert (again.lessons, again.unchanged, again.to_render) == (0, 2, 0)
    assert again.cpu == 0
    assert (forced.lessons, forced.unchanged, forced.to_render) == (2, 0, 0)
    assert forced.to_reuse > 0
    assert forced.cpu is not None
    assert forced.cost == pytest.approx(forced.cpu / 100)
    assert again.cost is None


def test_costs_of_a_format_that_was_never_made_are_not_made_up(after):
    folder, source, _, _ = after

    would = rehearse(make_night(folder, "dry-3", formats=(STAMP, TALL)), source)

    assert would.lessons == 2
    assert would.cpu is None
    assert any("not known" in line for line in told(would))


def test_only_those_who_are_wanted_are_counted(tmp_path, source):
    would = rehearse(make_night(tmp_path), source, only=["L-1"])

    assert (would.lessons, would.not_needed, would.quarantined) == (1, 0, 0)


def test_a_source_of_which_nothing_is_left_does_not_pass(tmp_path):
    path = tmp_path / "records.jsonl"
    path.write_text('{"learner": {}}\n')

    night = make_night(tmp_path)
    would = rehearse(night, f"jsonl:{path}")

    assert (would.quarantined, would.passed) == (1, False)
    assert not pipeline.report(night).passed


def test_what_cannot_be_had_is_refused_at_once(tmp_path, source):
    with pytest.raises(UnknownName):
        rehearse(make_night(tmp_path), source, persona="nobody")


def test_the_account_names_nobody(tmp_path, source, capsys):
    night = make_night(tmp_path)

    would = rehearse(night, source)

    [kept] = files(tmp_path / "workspace" / "rehearsals")
    for secret in ("Ada1", "@example.org", "L-1"):
        assert secret not in kept.read_text() + " ".join(told(would)) + "".join(capsys.readouterr())
