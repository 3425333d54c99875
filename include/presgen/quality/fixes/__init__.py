"""What helps against a finding: each file mends one thing, from the sources wherever they are there.

A fix works on a copy of a rejected section and is followed by a full inspection. It is named as the `Remedy`
that findings ask for.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from presgen.media.clip import clip_name
from presgen.media.formats import Format
from presgen.model.lesson import Section
from presgen.model.media import Clip, Narration
from presgen.model.quality import Finding, Remedy, SectionEvidence
from presgen.registry import Registry


@dataclass(frozen=True, slots=True)
class Workpiece:
    """A rejected section on the bench."""

    section: Section
    clip: Clip
    """What the renderer, or the fix before this one, says it made."""
    folder: Path
    """A copy of the clip, its narration and its poster: fixes change the files in place."""
    format: Format
    measured: SectionEvidence | None
    """None: the clip could not be read."""
    narrate: Callable[[Path], Narration | None]
    """Speaks the section by its own voice into ``narration.wav`` in a folder; None: it cannot apart from
    its pictures."""
    render: Callable[[Path], Clip]
    """Renders the section into an empty folder, nothing taken from what was kept."""

    @property
    def path(self) -> Path:
        """The clip."""
        return self.folder / clip_name(self.format)

    @property
    def narration(self) -> Path:
        """The master of the section's sound."""
        return self.folder / "narration.wav"


class Fix(Protocol):
    """Mends a section."""

    thoroughness: int
    """Of several fixes, the most thorough comes first: what it makes anew need not be mended."""
    answers: frozenset[Remedy]
    """Which remedies are not needed any more once it was applied."""

    def __call__(self, work: Workpiece) -> Clip:
        """Change the files in the folder, and return what they are now.

        Raises:
            CannotJoin: what is there cannot be mended this way.
            CorruptMedia: what is there cannot be read.
        """
        ...


fixes: Registry[Fix] = Registry("fix", __name__)


def choose_fixes(findings: Sequence[Finding], tried: Collection[str] = ()) -> tuple[str, ...]:
    """Return the names of the fixes for all findings that reject, the most thorough first.

    A loudness fix would make a clipped narration pass the check of its loudness, so speaking it again goes
    before, and makes the other superfluous. A remedy that was ``tried`` in vain is not tried again: then the
    section is made anew. Where one finding has no remedy, nothing would make the section pass, and nothing
    is returned.
    """
    wanted: set[Remedy] = set()
    for finding in findings:
        if finding.rejects:
            if finding.remedy is None:
                return ()
            wanted.add(Remedy.RENDER_AGAIN if finding.remedy in tried else finding.remedy)
    chosen: list[str] = []
    for name, fix in sorted(fixes, key=lambda each: -each[1].thoroughness):
        if name in wanted:
            chosen.append(name)
            wanted -= fix.answers
    return tuple(chosen)
