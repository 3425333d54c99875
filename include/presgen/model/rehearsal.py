"""What a night would come to, were it run for real."""

from __future__ import annotations

from presgen.model.base import Model, Seconds


class Rehearsal(Model):
    """The account of a dry run: counted after all scripts were written, before anything was made."""

    formats: tuple[str, ...]
    """In which lessons would be made; the first is the main edition's."""
    lessons: int
    """That would be made or made anew."""
    unchanged: int
    """That are published as they would come out, and stay as they are."""
    not_needed: int
    """For learners without a gap."""
    quarantined: int
    """Records that would be set aside."""
    failures: dict[str, int]
    """Cause to number of lessons whose script cannot be written."""
    to_render: int
    """Sections, each once a format, that are not in the store."""
    to_reuse: int
    """Sections of those lessons, each once a format, that are."""
    film: Seconds
    """Of the lessons that would be made, as planned, each counted once, whatever its editions."""
    rendering: Seconds
    """Of the sections to render, as planned."""
    cpu: Seconds | None
    """CPU seconds of all that, as nights before have needed them; None: none has rendered these formats."""
    cost: float | None
    """What they cost at the deployment's price of a CPU hour; None: they are not known, or have no price."""

    @property
    def passed(self) -> bool:
        """Whether every learner who needs a lesson would have a script, and there is a learner at all."""
        told = self.lessons + self.unchanged + self.not_needed
        return not self.failures and bool(told or not self.quarantined)
