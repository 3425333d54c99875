"""The lesson to read: every spoken sentence under its section's heading, and the sources at the end."""

from __future__ import annotations

from importlib import resources
from urllib.parse import quote

from presgen.model.base import Seconds
from presgen.model.lesson import LessonScript
from presgen.model.media import Video


def transcript_text(script: LessonScript, video: Video) -> str:
    """Return the lesson as plain text."""
    parts = [script.title, _note(video)]
    for section, placed in zip(script.sections, video.sections, strict=True):
        parts += [f"[{clock(placed.start)}] {section.title}", section.text]
    if sources := sources_of(script):
        parts.append("\n".join(["Sources", *(f"- {source}" for source in sources)]))
    return "\n\n".join(parts) + "\n"


def transcript_html(script: LessonScript, video: Video, film: str) -> str:
    """Return the lesson as a page that needs nothing else; time stamps open ``film``, a file beside it."""
    from jinja2 import StrictUndefined
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    environment = ImmutableSandboxedEnvironment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, keep_trailing_newline=True
    )
    source = (resources.files("presgen.publishing") / "templates" / "transcript.html.jinja").read_text(
        "utf-8"
    )
    return environment.from_string(source).render(
        title=script.title,
        locale=script.locale,
        note=_note(video),
        film=quote(film),
        sections=[
            {
                "title": section.title,
                "text": section.text,
                "clock": clock(placed.start),
                "seconds": f"{placed.start:.3f}",
            }
            for section, placed in zip(script.sections, video.sections, strict=True)
        ],
        sources=sources_of(script),
    )


def sources_of(script: LessonScript) -> tuple[str, ...]:
    """Return what the lesson rests on: each source once, in the order of its first use."""
    named = (
        f"{source.title}, {source.page}" if source.page else source.title
        for section in script.sections
        for source in section.sources
    )
    return tuple(dict.fromkeys(named))


def clock(moment: Seconds) -> str:
    """Return a moment as people write it: ``0:07``, ``12:30``, ``1:02:03``."""
    minutes, seconds = divmod(int(moment), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"


def _note(video: Video) -> str:
    return (
        f"Transcript of the lesson video. Length {clock(video.duration)}. "
        "Presenter and voice are made by a computer."
    )
