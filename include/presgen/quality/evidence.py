"""What the checks look at: measured facts beside what the script promised."""

from __future__ import annotations

from dataclasses import dataclass

from presgen.media.formats import Format
from presgen.media.probe import Probe
from presgen.model.base import Seconds
from presgen.model.media import Cue, WordTiming
from presgen.model.quality import SectionEvidence


@dataclass(frozen=True, slots=True)
class InspectedSection:
    """One section of the film: what was measured on it, and what the script says of it."""

    title: str
    start: Seconds
    """From the start of the film."""
    measured: SectionEvidence
    text: str | None = None
    """The narration in caption spelling; None where no script is known."""
    planned: Seconds | None = None
    """How long the writer expected it to take."""
    words: tuple[WordTiming, ...] = ()
    """When each word is spoken, from the section's start; empty where the film is already joined."""

    @property
    def end(self) -> Seconds:
        """The moment the section ends in the film."""
        return Seconds(self.start + self.measured.duration)


@dataclass(frozen=True, slots=True)
class Evidence:
    """Everything a check may ask of one film: a single new section, or a joined lesson.

    Nothing here is what a renderer says about its own work: files are probed and decoded by us.
    """

    subject: str
    """The section key, lesson id or file name."""
    film: Probe
    sections: tuple[InspectedSection, ...]
    cues: tuple[Cue, ...]
    """The captions beside the film; moments count from its start."""
    format: Format | None
    """What was ordered; None where nobody ordered anything."""
    joined: bool
    """Whether the film is a lesson made of several clips."""

    @property
    def pictured(self) -> bool:
        """Whether there has to be something to see."""
        return self.format is None or self.format.pictured

    @property
    def audible(self) -> bool:
        """Whether there has to be sound in the file: Opus comes in with the join, since it fits no grid."""
        return self.format is None or self.joined or self.format.audio != "opus"

    @property
    def scripted(self) -> bool:
        """Whether a script is known to hold the film against."""
        return all(section.text is not None for section in self.sections)
