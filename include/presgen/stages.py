"""One structured log line for each stage of a lesson, with its latency and the ids of what it worked on.

    with stage(Stage.SCRIPT_GENERATE, lesson=lesson_id) as facts:
        ...
        facts["sections"] = len(script.sections)

Lines carry ids and digests, never names: whoever adds a fact keeps it that way. Inside Airflow the line joins
the task's log, because Airflow configures structlog itself; a program of ours calls `configure_logs` first.
"""

from __future__ import annotations

import logging
import resource
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import Any

import structlog

from presgen import metrics
from presgen.errors import PresGenError, StoreUnavailable

SHORT_KEY = 12
"""How many letters of a section's key a line has where it names many."""

Keeper = Callable[[str, Mapping[str, Any]], None]
"""Takes a stage's name and its facts when it has ended."""

_log = structlog.get_logger("presgen.stages")
_chosen: Callable[[], None] | None = None
_keeper: ContextVar[Keeper | None] = ContextVar("presgen_keeper", default=None)
_within: ContextVar[_Within | None] = ContextVar("presgen_within", default=None)


class Stage(StrEnum):
    """The stages of a lesson, by the names that dashboards and searches use."""

    SCRIPT_GENERATE = "script_generate"
    RENDER_WAIT = "render_wait"
    TTS_SYNTHESIZE = "tts_synthesize"
    AVATAR_RENDER = "avatar_render"
    SECTION_REUSE = "section_reuse"
    LESSON_JOIN = "lesson_join"
    QA_INSPECT = "qa_inspect"
    QA_FIX = "qa_fix"
    VIDEO_PUBLISH = "video_publish"


class _Within:
    """What the stages inside one have cost, as they end."""

    __slots__ = ("cpu",)

    def __init__(self) -> None:
        self.cpu = 0.0


@contextmanager
def stage(name: Stage, **ids: str) -> Iterator[dict[str, Any]]:
    """Log one line when the block ends, however it ends.

    The line has ``ids``, the facts that the block puts into the yielded dictionary, ``outcome`` (``ok`` or
    ``failed``), ``latency`` in seconds of the monotonic clock, ``cpu`` and, after a failure, ``cause``: the
    error's kind, or kind and place of an error that is not ours. Messages of foreign errors stay out: they
    may quote a learner. The dictionary holds outcome, latency, cpu and cause, too, when the block is left.

    ``cpu`` are CPU seconds of this process and of its children that have ended, without those of stages
    inside this one: so the seconds of all stages may be added up, which their latencies may not.
    """
    facts: dict[str, Any] = {}
    outer, inner = _within.get(), _Within()
    token = _within.set(inner)
    started, spent = time.monotonic(), _cpu()

    def end(outcome: str, **more: str) -> None:
        total = _cpu() - spent
        own = round(max(total - inner.cpu, 0.0), 3)
        facts.update(outcome=outcome, latency=round(time.monotonic() - started, 3), cpu=own, **more)
        if outer is not None:
            outer.cpu += total

    try:
        yield facts
    except BaseException as error:
        end("failed", cause=cause_of(error))
        expected = isinstance(error, PresGenError)
        _log.log(logging.WARNING if expected else logging.ERROR, name.value, **ids, **facts)
        # The first error counts, even when whoever keeps the facts is what has failed.
        with suppress(StoreUnavailable):
            _tell(name, facts)
        raise
    else:
        end("ok")
        _log.info(name.value, **ids, **facts)
        _tell(name, facts)
    finally:
        _within.reset(token)


def waited(name: Stage, seconds: float, **ids: str) -> None:
    """Log that something has waited for its turn, in a line like a stage's."""
    facts = {"outcome": "ok", "latency": round(max(seconds, 0.0), 3), "cpu": 0.0}
    _log.info(name.value, **ids, **facts)
    _tell(name, facts)


@contextmanager
def kept_by(keeper: Keeper) -> Iterator[None]:
    """Have the facts of the stages in the block kept, also of those deep inside; the nearest keeper has them.

    What the keeper raises goes on to the stage's caller, except StoreUnavailable after a failure.
    """
    token = _keeper.set(keeper)
    try:
        yield
    finally:
        _keeper.reset(token)


def cause_of(error: BaseException) -> str:
    """Return what kind of error it is, for counting: ``QualityRejected``, or ``KeyError at voice.py:31``.

    Our own errors are named; a foreign one is named with the line that raised it, without its message.
    """
    name = type(error).__name__
    if isinstance(error, PresGenError) or error.__traceback__ is None:
        return name
    last = error.__traceback__
    while last.tb_next is not None:
        last = last.tb_next
    return f"{name} at {Path(last.tb_frame.f_code.co_filename).name}:{last.tb_lineno}"


def reason_of(error: BaseException) -> str:
    """Return why it failed, in a sentence that may be kept and shown: without text of foreign errors."""
    if isinstance(error, PresGenError):
        return str(error)
    return f"An unexpected error: {cause_of(error)}. The task's log has the details."


def configure_logs(*, json: bool, level: int = logging.INFO) -> None:
    """Send log lines to standard error: as JSON for programs, else in columns for people."""
    renderer = structlog.processors.JSONRenderer() if json else structlog.dev.ConsoleRenderer(colors=False)
    global _chosen
    _chosen = partial(configure_logs, json=json, level=level)
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        # A line is one write: what several processes print in pieces into one pipe gets mixed up.
        logger_factory=structlog.WriteLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )


def log_settings() -> Callable[[], None] | None:
    """Return what makes another process log as this one does; None: nothing was configured here."""
    return _chosen


def _tell(name: Stage, facts: Mapping[str, Any]) -> None:
    metrics.count_stage(name.value, facts)
    if (keeper := _keeper.get()) is not None:
        keeper(name.value, facts)


def _cpu() -> float:
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime
