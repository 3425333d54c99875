"""What the checks look at: measured facts beside what the script promised."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from presgen.media.edit_lists import EditList
from presgen.media.formats import Format
from presgen.media.probe import Probe
from presgen.model.base import Seconds
from presgen.model.media import Cue, WordTiming
from presgen.model.quality import Expectation, SectionEvidence, Severity

PICTURES = {
    "pixel_format": "yuv420p",
    "colour": "bt709/bt709/bt709",
    "colour_range": "limited",
    "rotation": 0,
}
"""Of every format of ours: what all screens and decoders show alike (ITU-R BT.709)."""


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

    def at(self, moment: Seconds) -> Seconds:
        """Return the moment, counted from the section's start, as one counted from the film's."""
        return Seconds(round(self.start + moment, 3))


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
    expected: Expectation = field(default_factory=Expectation)
    """What is expected beyond that."""
    edit_lists: tuple[EditList, ...] = ()
    """Of the tracks that have one."""

    @property
    def pictured(self) -> bool:
        """Whether there has to be something to see."""
        return self.wanted.pictures is not False

    @property
    def audible(self) -> bool:
        """Whether there has to be sound in the file: Opus comes in with the join, since it fits no grid."""
        mute = self.format is not None and self.format.audio == "opus" and not self.joined
        return self.wanted.sound is not False and not mute

    @property
    def scripted(self) -> bool:
        """Whether a script is known to hold the film against."""
        return all(section.text is not None for section in self.sections)

    @property
    def ordered(self) -> bool:
        """Whether the film was made to our delivery targets, so that each miss is a fault."""
        return self.format is not None

    @property
    def strict(self) -> Severity:
        """What missing a delivery target means: films of others may have other targets."""
        return Severity.REJECT if self.ordered else Severity.WARN

    @property
    def wanted(self) -> Expectation:
        """What is expected of the film, and what its format says where nothing else is."""
        if (ordered := self.format) is None:
            return self.expected
        stated: dict[str, Any] = {"pictures": ordered.pictured, "audio_codec": ordered.audio}
        stated["sample_rate"] = ordered.sample_rate
        if ordered.pictured:
            stated |= {
                "width": ordered.width,
                "height": ordered.height,
                "fps": float(ordered.fps),
                "video_codec": ordered.video,
                **PICTURES,
            }
        return self.expected.model_copy(
            update={name: value for name, value in stated.items() if getattr(self.expected, name) is None}
        )
