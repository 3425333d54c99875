"""What tells the viewer that presenter and voice are made by a machine, and how it is lettered."""

from __future__ import annotations

from typing import TYPE_CHECKING

from presgen.rendering.studio.captions import lettered

if TYPE_CHECKING:
    import skia

SIZE = 13.0
HEIGHT = 24.0
_PAD = 11.0
_DOT = 13.0
"""From the pill's edge to where the text starts, beyond the pad: the green light and its room."""

_PRESENTER = {
    "de": "KI-Avatar",
    "en": "AI presenter",
    "es": "Avatar de IA",
    "fr": "Avatar IA",
    "it": "Avatar IA",
}
_VOICE = {"de": "KI-Stimme", "en": "AI voice", "es": "Voz de IA", "fr": "Voix IA", "it": "Voce IA"}


def presenter_label(title: str, locale: str) -> str:
    """Return who is seen, and that a machine made them: ``Ava · AI presenter``."""
    return f"{title} · {_of(_PRESENTER, locale)}"


def voice_label(title: str, locale: str) -> str:
    """Return who is heard, where nobody is seen: ``Ava · AI voice``."""
    return f"{title} · {_of(_VOICE, locale)}"


def paint_pill(canvas: skia.Canvas, text: str, centre: float, middle: float, room: float) -> None:
    """Paint a small dark pill with ``text`` around a point, at most ``room`` wide."""
    import skia

    words = lettered(text, SIZE, "#FFFFFF")
    width = words.LongestLine + 2 * _PAD + _DOT
    shrink = min(1.0, room / width)
    canvas.save()
    canvas.translate(centre, middle)
    canvas.scale(shrink, shrink)
    left = -width / 2
    pill = skia.Rect.MakeXYWH(left, -HEIGHT / 2, width, HEIGHT)
    ground = skia.Paint(Color=skia.Color(11, 21, 48, 235), AntiAlias=True)
    canvas.drawRoundRect(pill, HEIGHT / 2, HEIGHT / 2, ground)
    _light(canvas, left + _PAD + 3.5, 0)
    words.paint(canvas, left + _PAD + _DOT, -words.Height / 2)
    canvas.restore()


def paint_note(canvas: skia.Canvas, text: str, left: float, middle: float, room: float, colour: str) -> None:
    """Letter ``text`` in ``colour`` from ``left``, behind a green light."""
    words = lettered(text, SIZE, colour)
    shrink = min(1.0, room / (words.LongestLine + _DOT + 2))
    canvas.save()
    canvas.translate(left, middle)
    canvas.scale(shrink, shrink)
    _light(canvas, 5, 0)
    words.paint(canvas, _DOT + 2, -words.Height / 2)
    canvas.restore()


def _light(canvas: skia.Canvas, x: float, y: float) -> None:
    import skia

    canvas.drawCircle(x, y, 5.4, skia.Paint(Color=skia.Color(46, 178, 116, 56), AntiAlias=True))
    canvas.drawCircle(x, y, 3.2, skia.Paint(Color=skia.Color(46, 178, 116), AntiAlias=True))


def _of(labels: dict[str, str], locale: str) -> str:
    return labels.get(locale.split("-")[0].lower(), labels["en"])
