from __future__ import annotations

from presgen.errors import CorruptMedia
from presgen.model.base import Seconds
from presgen.model.quality import Severity
from presgen.quality.checks.film_is_whole import film_is_whole, unreadable
from tests.unit.quality.films import make_evidence, with_picture


def test_missing_pictures_are_rejected():
    [finding] = film_is_whole(with_picture(make_evidence(), promised_frames=300))

    assert (finding.severity, finding.measured, finding.limit) == (Severity.REJECT, 240, 300)


def test_a_file_that_cannot_be_read_to_its_end_says_how_far_it_can():
    finding = unreadable(CorruptMedia("film.mp4 is cut short."), Seconds(9.5))

    assert (finding.severity, finding.at) == (Severity.REJECT, 9.5)
    assert "up to 9.50 s" in finding.message
