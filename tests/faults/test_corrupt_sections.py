"""A section that rots in the store is found out, made again, and written down."""

from __future__ import annotations

import pytest

from presgen.ledger import SectionOutcome
from presgen.model.lesson import SectionKind
from tests.faults.deployments import delivered, exit_code, in_a_process, produce
from tests.nights import make_night

pytestmark = pytest.mark.usefixtures("without_tables")


@pytest.mark.parametrize("runs", [("run-1",), ("run-1", "run-2")], ids=["one night", "two at once"])
def test_a_rotten_section_is_made_again_and_the_ledger_tells_once_what_was_wrong(deployment, runs):
    whole = delivered(deployment)
    ledger = make_night(deployment).ledger
    rotten = next(each.key for each in ledger.sections("run-0") if each.kind == SectionKind.DEEP_DIVE)
    clip = deployment / "workspace" / "sections" / rotten / "clip.mp4"
    right = clip.read_bytes()
    clip.write_bytes(right[:-1] + bytes([right[-1] ^ 1]))

    nights = [in_a_process(produce, deployment, run_id) for run_id in runs]

    assert [exit_code(night) for night in nights] == [0] * len(runs)
    assert clip.read_bytes() == right
    assert delivered(deployment) == whole
    [event] = [each for each in ledger.events(subject=rotten) if each.name == "section_corrupt"]
    assert event.run_id in runs
    assert event.facts == {"damage": f"{clip.name} has changed"}
    outcomes = {entry.outcome for run_id in runs for entry in ledger.sections(run_id) if entry.key == rotten}
    assert SectionOutcome.RENDERED in outcomes
    [aside] = (deployment / "workspace" / "corrupt").iterdir()
    assert aside.name.startswith(rotten)
