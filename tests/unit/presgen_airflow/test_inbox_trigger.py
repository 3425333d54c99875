"""The trigger of the inbox, with real files."""

from __future__ import annotations

import asyncio
import importlib
import os
from types import SimpleNamespace

import pytest

from presgen.inbox import Delivery
from presgen_airflow.inbox import InboxTrigger, newest


def put(folder, name, text):
    (folder / name).write_text(text)
    os.utime(folder / name, (0, 0))


async def look(trigger, seconds=0.3):
    """Return what fires within that time."""
    told = []

    async def listen():
        async for event in trigger.run():
            told.append(event.payload)  # noqa: PERF401 - what was told before it is cancelled counts

    with pytest.raises(asyncio.TimeoutError):
        await asyncio.wait_for(listen(), seconds)
    return told


def test_one_event_a_delivery(tmp_path):
    put(tmp_path, "a.jsonl", "{}")
    put(tmp_path, "b.jsonl", "[]")

    [told] = asyncio.run(look(InboxTrigger(str(tmp_path), settle=1, pause=0.02)))

    assert told["files"] == 2


def test_a_folder_that_is_away_is_waited_for(tmp_path):
    assert asyncio.run(look(InboxTrigger(str(tmp_path / "away"), settle=1, pause=0.02))) == []


def test_it_comes_back_in_the_triggerer():
    path, given = InboxTrigger("/inbox", 30, 10).serialize()
    module, _, name = path.rpartition(".")

    again = getattr(importlib.import_module(module), name)(**given)

    assert again.serialize() == (path, given)


def test_of_several_events_the_newest_counts():
    events = [
        SimpleNamespace(timestamp=f"2026-11-22T0{hour}", extra={"payload": {"digest": str(hour), "files": 1}})
        for hour in (3, 5, 4)
    ]

    assert newest({"asset": events}) == Delivery(digest="5", files=1)
