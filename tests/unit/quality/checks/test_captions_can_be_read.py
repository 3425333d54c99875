from __future__ import annotations

from dataclasses import replace

import pytest

from presgen.model.quality import Severity
from presgen.quality.checks.captions_can_be_read import captions_can_be_read
from tests.unit.quality.films import make_evidence


@pytest.mark.parametrize(
    ("changes", "severity", "named"),
    [
        ({"lines": ("x" * 43,)}, Severity.WARN, "43 characters"),
        ({"lines": ("service", "from", "another.")}, Severity.WARN, "3 lines"),
        ({"end": 3.8}, Severity.REJECT, "characters a second"),
        ({"lines": ("a",), "end": 3.8}, Severity.WARN, "stays for 0.30 s"),
    ],
)
def test_a_caption_nobody_can_read_is_found(changes, severity, named):
    evidence = make_evidence()
    changed = evidence.cues[1].model_copy(update=changes)

    findings = list(captions_can_be_read(replace(evidence, cues=(evidence.cues[0], changed))))

    assert severity in {finding.severity for finding in findings}
    assert any(named in finding.message for finding in findings)


def test_an_accent_is_no_character():
    evidence = make_evidence()
    accented = evidence.cues[0].model_copy(
        update={"lines": ("e\N{COMBINING ACUTE ACCENT}" * 42,), "end": 4.0}
    )

    assert not list(captions_can_be_read(replace(evidence, cues=(accented,))))
