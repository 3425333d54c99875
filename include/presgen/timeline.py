"""What happened to one lesson, stage by stage: from the ledger, or from log lines where there is no ledger.

A stage's log line is one JSON object: `presgen produce --json --verbose` writes them to standard error, and
Airflow to the logs of its tasks.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from presgen.ledger import Ledger
from presgen.model.base import Model, Seconds
from presgen.stages import SHORT_KEY, Stage

_NAMES = frozenset(stage.value for stage in Stage)


class Moment(Model):
    """A stage that has ended."""

    ended: str
    """UTC, ISO 8601."""
    stage: str
    subject: str
    """The lesson's id, or the first letters of a section's key."""
    run_id: str
    attempt: int
    outcome: str
    latency: Seconds
    cpu: Seconds
    """Without the stages inside it."""
    cause: str = ""


def timeline_in_ledger(ledger: Ledger, lesson_id: str, run_id: str | None = None) -> tuple[Moment, ...]:
    """Return the stages of a lesson and of the sections it has, in the order in which they ended.

    ``run_id``: only those of that run.
    """
    content = ledger.contents.of(lesson_id)
    keys = {part.key for part in content.parts if part.key} if content is not None else set()
    events = [event for subject in (lesson_id, *sorted(keys)) for event in ledger.events(run_id, subject)]
    events.sort(key=lambda event: event.number)
    return tuple(
        _moment(event.facts, event.at, event.name, event.subject, event.run_id)
        for event in events
        if event.name in _NAMES
    )


def timeline_in_log(lines: Iterable[str], lesson_id: str, run_id: str | None = None) -> tuple[Moment, ...]:
    """Return the same from log lines, in whichever order they come; other lines are passed by.

    Which sections a lesson shares with others is told by the line of its joining.
    """
    told = [line for line in _stage_lines(lines) if run_id in (None, line.get("run"))]
    own = [line for line in told if line.get("lesson") == lesson_id]
    keys = {key for line in own for key in line.get("keys", ())}
    moments = [
        _moment(line, line["timestamp"], line["event"], _subject(line), line.get("run", ""))
        for line in told
        if line.get("lesson") == lesson_id or line.get("section", "")[:SHORT_KEY] in keys
    ]
    return tuple(sorted(moments, key=lambda moment: moment.ended))


def _stage_lines(lines: Iterable[str]) -> Iterator[dict[str, Any]]:
    for line in lines:
        try:
            found = json.loads(line)
        except ValueError:
            continue
        if isinstance(found, dict) and found.get("event") in _NAMES and "latency" in found:
            yield found


def _subject(line: Mapping[str, Any]) -> str:
    return str(line["section"] if "section" in line else line["lesson"])


def _moment(facts: Mapping[str, Any], ended: str, name: str, subject: str, run_id: str) -> Moment:
    return Moment(
        ended=ended,
        stage=name,
        subject=subject if subject.startswith("lesson") else subject[:SHORT_KEY],
        run_id=run_id,
        attempt=facts.get("attempt", 1),
        outcome=facts["outcome"],
        latency=facts["latency"],
        cpu=facts.get("cpu", 0.0),
        cause=facts.get("cause", ""),
    )
