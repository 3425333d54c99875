"""One real night, rendered once with cards, and one video that somebody has ordered."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest

from presgen import pipeline
from presgen.client.calls import PREFIX
from presgen.night import Night
from presgen.sources import lesson_id_of, pseudonym_of
from tests.desks import TestDesk, make_desk, transport_of
from tests.nights import make_learner_record, write_records

NIGHT = "scheduled__2026-11-22T02:00:00+00:00"
DUE = datetime(2026, 11, 22, 6, tzinfo=UTC)
ORDER = "order__1"
ORDERED = "video-that-owner-ordered"


@dataclass(frozen=True)
class MadeNight:
    """A deployment with a lesson of a night, and one that ``owner`` ordered. Nobody changes it."""

    desk: TestDesk
    transport: httpx.ASGITransport
    lesson_id: str
    ordered: str
    """The lesson that answers the order."""

    def get(self, path: str, who: str = "viewer", **more: Any) -> httpx.Response:
        """Get what is there as somebody; an empty ``who`` is a stranger. Addresses may be whole."""

        async def once() -> httpx.Response:
            headers = {**({"Authorization": f"Bearer {who}"} if who else {}), **more.pop("headers", {})}
            method = more.pop("method", "GET")
            address = path if path.startswith(PREFIX) else PREFIX + path
            async with httpx.AsyncClient(transport=self.transport, base_url="http://airflow") as client:
                return await client.request(method, address, headers=headers, **more)

        return asyncio.run(once())


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> MadeNight:
    """The deployment."""
    folder: Path = tmp_path_factory.mktemp("api")
    desk = make_desk(folder)
    key = desk.workspace.pseudonym_key(desk.settings.pseudonym_key.get_secret_value())
    lessons = []
    for run_id, number in ((NIGHT, 1), (ORDER, 2)):
        night = Night(run_id, desk.settings, desk.workspace, desk.ledger)
        desk.ledger.begin_run(run_id)
        desk.ledger.figures.note_due(run_id, DUE if run_id == NIGHT else None)
        record = make_learner_record(number)
        pseudonym = pseudonym_of(record.learner.id, key)
        lessons.append(lesson_id_of(pseudonym, record.certification.id, record.gap_analysis.workflow_id))
        if run_id == ORDER:
            desk.ledger.orders.reserve(
                ORDERED,
                by="u-owner",
                key=None,
                body="b" * 64,
                pseudonym=pseudonym,
                lesson_id=lessons[-1],
                run_id=run_id,
            )
        pipeline.produce(night, write_records(folder / f"source-{number}", [record]))
    return MadeNight(desk, transport_of(desk), *lessons)
