"""A small deployment in which the lessons of three learners were made."""

from __future__ import annotations

from pathlib import Path

import pytest

from presgen import pipeline
from tests.factories import make_answer, make_gap, make_outline
from tests.nights import make_learner_record, make_night, write_records


def make_records():
    """Two learners with the same gap, and one with two gaps of which the second is left out."""
    dns = make_answer(
        "q9",
        question_text="Which port does DNS use?",
        options=("Port 53", "Port 80"),
        user_answer="Port 80",
        correct_answer="Port 53",
        explanation="DNS waits on port 53.",
        domain="Names",
    )
    ports, names = make_gap("ports"), make_gap("dns", exam_domain="Names", severity=1.0, question_ids=("q9",))
    return [
        make_learner_record(1),
        make_learner_record(2),
        make_learner_record(
            3,
            answers=[
                make_answer("q1"),
                dns,
                *(make_answer(f"r{n}", is_correct=True, domain="Names") for n in range(4)),
            ],
            gaps=[ports, names],
            outline=[make_outline("ports"), make_outline("dns", exam_domain="Names")],
        ),
    ]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the deployment, after its night."""
    folder = tmp_path_factory.mktemp("deployment")
    night = make_night(folder, top_gaps=1)
    assert pipeline.produce(night, write_records(folder, make_records())).passed
    return folder


@pytest.fixture
def night(folder):
    return make_night(folder, "run-2", top_gaps=1)
