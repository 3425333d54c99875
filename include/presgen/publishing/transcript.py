"""The lesson to read: every spoken sentence under its section's heading, with its moment and its sources."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import resources
from urllib.parse import quote

from presgen.model.base import Seconds
from presgen.model.lesson import LessonScript, Section
from presgen.model.media import Video
from presgen.personas import load_persona


@dataclass(frozen=True, slots=True)
class _Labels:
    """What the transcript itself says, in one language."""

    note: str
    speaker: str
    contents: str
    source: str
    sources: str
    play: str


_ENGLISH = _Labels(
    note="Transcript of the lesson video, {length}.",
    speaker="Spoken by {name}. Presenter and voice are made by a computer.",
    contents="Contents",
    source="Source",
    sources="Sources",
    play="Play from {clock}",
)
_LABELS = {
    "en": _ENGLISH,
    "es": _Labels(
        note="Transcripción del vídeo de la lección, {length}.",
        speaker="Habla {name}. La presentadora o el presentador y la voz están hechos por ordenador.",
        contents="Contenido",
        source="Fuente",
        sources="Fuentes",
        play="Reproducir desde {clock}",
    ),
}
_RIGHT_TO_LEFT = frozenset({"ar", "ckb", "dv", "fa", "he", "ps", "sd", "ug", "ur", "yi"})


def transcript_text(script: LessonScript, video: Video) -> str:
    """Return the lesson as plain text."""
    labels = _labels(script)
    parts = [script.title, _note(script, video)]
    for section, placed in zip(script.sections, video.sections, strict=True):
        parts += [f"[{clock(placed.start)}] {section.title}", section.text]
        if named := _sources(section):
            parts.append("\n".join(f"{labels.source}: {source}" for source in named))
    if sources := sources_of(script):
        parts.append("\n".join([labels.sources, *(f"- {source}" for source in sources)]))
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
    labels = _labels(script)
    return environment.from_string(source).render(
        title=script.title,
        locale=script.locale,
        direction="rtl" if _language(script) in _RIGHT_TO_LEFT else "ltr",
        own_language=_language(script) if labels is not _ENGLISH else "en",
        labels=labels,
        note=_note(script, video),
        film=quote(film),
        sections=[
            {
                "id": f"s{number}",
                "title": section.title,
                "text": section.text,
                "clock": clock(placed.start),
                "play": labels.play.format(clock=clock(placed.start)),
                "seconds": f"{placed.start:.3f}",
                "length": f"{placed.duration:.3f}",
                "sources": _sources(section),
            }
            for number, (section, placed) in enumerate(
                zip(script.sections, video.sections, strict=True), start=1
            )
        ],
        sources=sources_of(script),
    )


def sources_of(script: LessonScript) -> tuple[str, ...]:
    """Return what the lesson rests on: each source once, in the order of its first use."""
    return tuple(dict.fromkeys(source for section in script.sections for source in _sources(section)))


def clock(moment: Seconds) -> str:
    """Return a moment as people write it: ``0:07``, ``12:30``, ``1:02:03``."""
    minutes, seconds = divmod(int(moment), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"


def _sources(section: Section) -> tuple[str, ...]:
    named = (f"{source.title}, {source.page}" if source.page else source.title for source in section.sources)
    return tuple(dict.fromkeys(named))


def _note(script: LessonScript, video: Video) -> str:
    labels = _labels(script)
    speaker = labels.speaker.format(name=load_persona(script.persona).title)
    return f"{labels.note.format(length=clock(video.duration))} {speaker}"


def _labels(script: LessonScript) -> _Labels:
    return _LABELS.get(_language(script), _ENGLISH)


def _language(script: LessonScript) -> str:
    return script.locale.replace("_", "-").partition("-")[0].lower()
