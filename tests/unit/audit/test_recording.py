from __future__ import annotations

import pytest

from presgen.audit import MadeClip, record_films
from presgen.ledger import open_ledger
from presgen.model.base import digest_of
from tests.nights import make_edition, make_script


@pytest.fixture
def trail(tmp_path):
    return open_ledger(f"sqlite:///{tmp_path / 'ledger.sqlite'}").trail


def tell(trail, folder, clips: str, film: bytes) -> list[str]:
    """Tell of a film whose clips have that digest; return the sections that were asked about."""
    script, asked = make_script(), []

    def made(section, key, _format) -> MadeClip:
        asked.append(key)
        return MadeClip(clip=clips, narration=f"narration of {clips}", backend="card")

    editions = [make_edition(folder, script, film)]
    record_films(trail, "run-1", script, digest_of(script), editions, made, lambda _key, _format: clips)
    return asked


def clips_behind(trail, lesson: str) -> list[set[str]]:
    """What clips each film's spans came of, the oldest film first."""
    films: dict[str, set[str]] = {}
    for span in trail.of_lesson(lesson, "span"):
        behind = films.setdefault(span.name, set())
        behind |= {node.body["clip"] for node in trail.origins([span.node]) if node.kind == "clip"}
    return list(films.values())


def test_a_section_that_was_mended_under_its_key_leads_to_the_clip_it_has_now(trail, tmp_path):
    tell(trail, tmp_path / "1", "a" * 64, b"a film")

    asked = tell(trail, tmp_path / "2", "b" * 64, b"the film of mended sections")

    assert len(asked) == 3
    assert clips_behind(trail, make_script().lesson_id) == [{"a" * 64}, {"b" * 64}]
    assert trail.verify().intact


def test_a_clip_that_the_trail_knows_is_not_asked_about_again(trail, tmp_path):
    assert len(tell(trail, tmp_path / "1", "a" * 64, b"a film")) == 3

    assert tell(trail, tmp_path / "2", "a" * 64, b"another film of the same clips") == []
