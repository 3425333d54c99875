"""Charts as SVG: every one has a title, a description, and beside it a table with the same numbers.

Colours are classes, which the page's style gives a light and a dark side; numbers are written out, so that
no chart is read by its colours alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

from presgen.model.base import Seconds

if TYPE_CHECKING:
    from markupsafe import Markup

WIDTH = 640
"""Of all charts, in their own units; pages scale them."""
_ROW = 48


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar."""

    label: str
    value: float
    said: str
    """The value as people read it."""
    tone: str = "main"
    """``main``, ``good``, ``warn``, ``bad`` or ``quiet``."""


@dataclass(frozen=True, slots=True)
class Column:
    """A stack: from the ground up, (tone, number)."""

    label: str
    parts: tuple[tuple[str, int], ...]
    strong: bool = False


def bars(name: str, title: str, told: str, rows: Sequence[Bar]) -> Markup:
    """Return bars that lie, one below the other."""
    most = max((bar.value for bar in rows), default=0) or 1
    drawn = []
    for at, bar in enumerate(rows):
        y = at * _ROW
        length = max(bar.value / most * WIDTH, 3 if bar.value else 0)
        drawn += [
            _text(0, y + 18, bar.label, "start"),
            _text(WIDTH, y + 18, bar.said, "end", "strong"),
            f'<rect class="track" x="0" y="{y + 27}" width="{WIDTH}" height="12" rx="4"/>',
            f'<rect class="{bar.tone}" x="0" y="{y + 27}" width="{length:.1f}" height="12" rx="4"/>',
        ]
    return _svg(name, title, told, max(len(rows), 1) * _ROW, drawn)


def share(name: str, title: str, told: str, parts: Sequence[Bar]) -> Markup:
    """Return one bar of several parts; the page has their key."""
    total = sum(part.value for part in parts) or 1
    x, drawn = 0.0, []
    for part in parts:
        width = part.value / total * WIDTH
        if part.value:
            gap = 2 if width > 6 else 0
            drawn.append(
                f'<rect class="{part.tone}" x="{x:.1f}" y="0" width="{max(width - gap, 1):.1f}" height="34"'
                ' rx="5"/>'
            )
        x += width
    return _svg(name, title, told, 36, drawn)


def curve(
    name: str, title: str, told: str, points: Sequence[tuple[Seconds, int]], *, end: float, due: float | None
) -> Markup:
    """Return how a number grew, step by step, from 0 at the start to ``end`` seconds, with the deadline."""
    left, top, right, foot = 46, 14, 14, 30
    height = 230
    longest = max(end, 1.0)
    # A deadline far behind the end would press the curve against the wall.
    marked = due is not None and 0 <= due <= 1.6 * longest
    if marked and due is not None:
        longest = max(longest, due * 1.04)
    most = max((number for _, number in points), default=0) or 1
    wide, tall = WIDTH - left - right, height - top - foot

    def place(seconds: float, number: float) -> tuple[float, float]:
        return left + seconds / longest * wide, top + tall - number / most * tall

    drawn = []
    for value in _steps(most):
        _, y = place(0, value)
        drawn.append(f'<line class="grid" x1="{left}" x2="{WIDTH - right}" y1="{y:.1f}" y2="{y:.1f}"/>')
        drawn.append(_text(left - 8, y + 4, f"{value}", "end"))
    for part in range(5):
        x, _ = place(longest * part / 4, 0)
        anchor = "start" if part == 0 else "end" if part == 4 else "middle"
        drawn.append(_text(x, height - 8, _span(longest * part / 4), anchor))
    x, y = place(0, 0)
    path = [f"M{x:.1f} {y:.1f}"]
    for seconds, number in points:
        to_x, to_y = place(seconds, number)
        path.append(f"H{to_x:.1f}V{to_y:.1f}")
    last, ground = place(max(end, 0.0), 0)
    path.append(f"H{last:.1f}")
    drawn.append(f'<path class="area" d="{"".join(path)}V{ground:.1f}Z"/>')
    drawn.append(f'<path class="line" d="{"".join(path)}"/>')
    if marked and due is not None:
        at, _ = place(due, 0)
        side = "end" if at > WIDTH / 2 else "start"
        drawn.append(f'<line class="due" x1="{at:.1f}" x2="{at:.1f}" y1="{top}" y2="{top + tall}"/>')
        drawn.append(_text(at + (-7 if side == "end" else 7), top + tall - 9, "deadline", side, "strong"))
    return _svg(name, title, told, height, drawn)


def columns(name: str, title: str, told: str, rows: Sequence[Column]) -> Markup:
    """Return columns side by side, each a stack."""
    left, top, foot, height = 46, 10, 28, 210
    most = max((sum(number for _, number in row.parts) for row in rows), default=0) or 1
    slot = (WIDTH - left) / max(len(rows), 7)
    tall = height - top - foot
    drawn = []
    for value in _steps(most):
        y = top + tall - value / most * tall
        drawn.append(f'<line class="grid" x1="{left}" x2="{WIDTH}" y1="{y:.1f}" y2="{y:.1f}"/>')
        drawn.append(_text(left - 8, y + 4, f"{value}", "end"))
    every = -(-len(rows) // 5)
    for at, row in enumerate(rows):
        x, y = left + at * slot, top + tall
        for tone, number in row.parts:
            if number:
                part = number / most * tall
                y -= part
                drawn.append(
                    f'<rect class="{tone}" x="{x + slot * 0.18:.1f}" y="{y:.1f}" width="{slot * 0.64:.1f}" '
                    f'height="{max(part - 1, 1):.1f}" rx="2"/>'
                )
        if at % every == (len(rows) - 1) % every:
            tone = "strong" if row.strong else ""
            drawn.append(_text(x + slot / 2, height - 8, row.label, "middle", tone))
    return _svg(name, title, told, height, drawn)


def _svg(name: str, title: str, told: str, height: int, drawn: Iterable[str]) -> Markup:
    from markupsafe import Markup

    head = f'<title id="{name}-title">{escape(title)}</title><desc id="{name}-desc">{escape(told)}</desc>'
    return Markup(  # noqa: S704 - every text in it is escaped above, and numbers are numbers
        f'<svg class="chart" viewBox="0 0 {WIDTH} {height}" role="img" '
        f'aria-labelledby="{name}-title {name}-desc">{head}{"".join(drawn)}</svg>'
    )


def _text(x: float, y: float, said: str, anchor: str, tone: str = "") -> str:
    kind = f' class="{tone}"' if tone else ""
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}"{kind}>{escape(said)}</text>'


def _steps(most: int) -> list[int]:
    """Return round numbers from 0 to ``most``, five or six at most."""
    power = 1
    while True:
        for factor in (1, 2, 5):
            if most / (step := factor * power) <= 5:
                return list(range(0, most + 1, step))
        power *= 10


def _span(seconds: float) -> str:
    if seconds < 60:
        return f"{seconds:.0f} s"
    if seconds < 600:
        return f"{int(seconds) // 60}:{int(seconds) % 60:02} min"
    return f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"
