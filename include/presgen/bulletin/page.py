"""The account of a night as a page of its own, and in a few lines for an e-mail."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any

from presgen.brands import load_brand
from presgen.bulletin import charts
from presgen.bulletin.account import NightAccount
from presgen.bulletin.charts import Bar, Column
from presgen.model.lesson import LessonStatus

if TYPE_CHECKING:
    from jinja2.sandbox import ImmutableSandboxedEnvironment
    from markupsafe import Markup

_TEMPLATES = ("report.html.jinja", "report.txt.jinja")
_SHOWN_STAGES = 9


def page_of(account: NightAccount) -> str:
    """Return a whole page: nothing is loaded from anywhere, nothing runs, and it prints."""
    return (
        _environment().get_template("report.html.jinja").render(**_values(account), charts=_charts(account))
    )


def text_of(account: NightAccount) -> str:
    """Return the account in a few lines, to be sent or read in a log."""
    return _environment().get_template("report.txt.jinja").render(**_values(account))


def lasting(seconds: float) -> str:
    """Return a length of time for people, in its two largest units."""
    whole = round(abs(seconds))
    if whole < 10 and abs(seconds) != whole:
        return f"{abs(seconds):.1f} s"
    if whole < 60:
        return f"{whole} s"
    minutes, rest = divmod(whole, 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f"{hours} h {minutes:02} min"
    return f"{minutes} min {rest:02} s" if minutes < 10 else f"{minutes} min"


def clock(moment: str) -> str:
    """Return a moment for people: ``23 Nov 2026, 06:00 UTC``."""
    return f"{datetime.fromisoformat(moment).astimezone(UTC):%-d %b %Y, %H:%M} UTC"


def share(part: float, whole: float) -> str:
    """Return a share in percent; of nothing, a dash. What is not all never reads as 100 %."""
    if not whole:
        return "–"
    percent = 100 * part / whole
    return f"{min(percent, 99.9) if part < whole else percent:.{0 if percent in (0, 100) else 1}f} %"


def verdict_of(account: NightAccount) -> str:
    """Return what became of the night, in one sentence."""
    if not account.needed:
        return "Nobody needed a lesson." if account.passed else "No lesson was made."
    if account.failed:
        return f"{account.published} of {_lessons(account.needed)} are published; {account.failed} are not."
    every = "The lesson is" if account.needed == 1 else f"All {account.needed} lessons are"
    return f"{every} published."


def _values(account: NightAccount) -> dict[str, Any]:
    return {
        "account": account,
        "verdict": verdict_of(account),
        "late": account.spare is not None and account.spare < 0,
        "light": _colours("house"),
        "dark": _colours("dusk"),
    }


def _charts(account: NightAccount) -> dict[str, Markup]:
    lessons = [
        Bar(name.replace("_", " "), count, str(count), _tone(name)) for name, count in account.lessons.items()
    ]
    stages = [Bar(one.stage, one.cpu, lasting(one.cpu), "main") for one in account.stages[:_SHOWN_STAGES]]
    begun = datetime.fromisoformat(account.started)
    due = None if account.due is None else (datetime.fromisoformat(account.due) - begun).total_seconds()
    return {
        "lessons": charts.share("lessons", "What became of the lessons", verdict_of(account), lessons),
        "stages": charts.bars(
            "stages", "CPU time by stage", "One bar a stage, the one that took most first.", stages
        ),
        "delivered": charts.curve(
            "delivered",
            "Lessons published by when",
            f"From 0 to {account.published} lessons within {lasting(account.lasted)}.",
            account.delivered,
            end=account.lasted,
            due=due,
        ),
        "causes": charts.bars(
            "causes",
            "Lessons that failed, by cause",
            "One bar a cause, the most frequent first.",
            [Bar(one.cause, one.count, str(one.count), "bad") for one in account.causes],
        ),
        "nights": charts.columns(
            "nights",
            "Lessons by night",
            "One column a night, this one the last: published, failed and other lessons.",
            [
                Column(
                    f"{datetime.fromisoformat(one.started):%-d %b}",
                    (("good", one.published), ("bad", one.failed), ("quiet", one.other)),
                    one.run_id == account.run_id,
                )
                for one in account.before
            ],
        ),
    }


def _tone(status: str) -> str:
    match status:
        case LessonStatus.PUBLISHED.value:
            return "good"
        case LessonStatus.NOT_NEEDED.value:
            return "quiet"
        case LessonStatus.FAILED.value:
            return "bad"
        case LessonStatus.QUARANTINED.value | LessonStatus.DELIVERY_BLOCKED.value:
            return "warn"
        case _:
            return "main"


def _lessons(count: int) -> str:
    return "1 lesson" if count == 1 else f"{count} lessons"


def _colours(brand: str) -> dict[str, str]:
    palette = load_brand(brand).palette.model_dump()
    named = {name.replace("_", "-"): value for name, value in palette.items() if isinstance(value, str)}
    return {**named, "warn-line": palette["bars"][2]}


@cache
def _environment() -> ImmutableSandboxedEnvironment:
    from jinja2 import DictLoader, StrictUndefined, select_autoescape
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    folder = resources.files("presgen.bulletin") / "templates"
    environment = ImmutableSandboxedEnvironment(
        loader=DictLoader({name: (folder / name).read_text("utf-8") for name in _TEMPLATES}),
        autoescape=select_autoescape(("html.jinja",)),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"lasting": lasting, "clock": clock}
    environment.globals |= {"share": share, "tone": _tone}
    return environment
