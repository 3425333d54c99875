"""The API against its own description: whatever is sent, the answer is one that the description names."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

schemathesis = pytest.importorskip("schemathesis")

import hypothesis  # noqa: E402
from schemathesis import Config, GenerationMode  # noqa: E402

from presgen import pipeline  # noqa: E402
from presgen.api import application  # noqa: E402
from presgen.api.views import VideoRequest  # noqa: E402
from presgen.client.calls import PREFIX  # noqa: E402
from presgen.night import Night  # noqa: E402
from tests.desks import client_of, make_desk  # noqa: E402
from tests.nights import make_learner_record, write_records  # noqa: E402

pytestmark = pytest.mark.slow

OPERATOR = {"Authorization": "Bearer operator"}
EXAMPLES = 15
"""Requests for each operation, well-formed and ill-formed ones."""
CHECKS = {
    # A description cannot say which personas there are, or that two answers contradict each other.
    "checks": {
        "positive_data_acceptance": {"expected-statuses": ["2xx", 401, 403, 404, 409, 422]},
        # A body that is ill-formed and too large is refused for its size, before it is read.
        "negative_data_rejection": {
            "expected-statuses": [400, 401, 403, 404, 405, 409, 413, 415, 422, 429, "5xx"]
        },
    },
}


@pytest.fixture(scope="module")
def described(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The description of a deployment with a night, a lesson and an order in it."""
    folder = tmp_path_factory.mktemp("deployment")
    desk = make_desk(folder)
    night = Night("manual__1", desk.settings, desk.workspace, desk.ledger)
    learners = pipeline.load_learners(night, write_records(folder, [make_learner_record()]))
    pipeline.plan_sections(night, learners)

    async def order() -> None:
        async with client_of(desk) as client:
            await client.create_video(VideoRequest(record=make_learner_record(2)), key="key-1")

    asyncio.run(order())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(application, "READS_A_MINUTE", 0)
        patch.setattr(application, "WRITES_A_MINUTE", 0)
        patch.setattr(application, "PREVIEWS_A_MINUTE", 0)
        api = application.create_api(desk)

    async def mounted(scope: Any, receive: Any, send: Any) -> None:
        await api({**scope, "root_path": PREFIX}, receive, send)

    return schemathesis.openapi.from_asgi(
        f"{PREFIX}/openapi.json", mounted, headers=OPERATOR, config=Config.from_dict(CHECKS)
    )


@pytest.mark.parametrize("mode", list(GenerationMode), ids=lambda mode: mode.value)
def test_every_answer_is_one_that_the_description_names(described: Any, mode: GenerationMode):
    operations = [found.ok() for found in described.get_all_operations()]

    assert {"/create-video", "/generate-script"} <= {each.path for each in operations}
    for operation in operations:
        if mode is GenerationMode.NEGATIVE and not operation.body and not any(operation.iter_parameters()):
            continue  # nothing of it can be ill-formed

        @hypothesis.given(case=operation.as_strategy(generation_mode=mode))
        @hypothesis.settings(
            max_examples=EXAMPLES,
            deadline=None,
            derandomize=True,
            database=None,
            suppress_health_check=list(hypothesis.HealthCheck),
        )
        def answers_as_described(case: Any) -> None:
            case.call_and_validate(headers=OPERATOR)

        answers_as_described()
