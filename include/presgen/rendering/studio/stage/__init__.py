"""The stage: who presents, and how they move with the voice."""

from __future__ import annotations

from presgen.rendering.studio.stage.motion import BELOW, TO_THE_LEFT
from presgen.rendering.studio.stage.performance import perform
from presgen.rendering.studio.stage.pose import REST, Mouth, Pose
from presgen.rendering.studio.stage.presenter import Box, Drawn, Presenter
from presgen.rendering.studio.stage.presenters import presenters

__all__ = [
    "BELOW",
    "REST",
    "TO_THE_LEFT",
    "Box",
    "Drawn",
    "Mouth",
    "Pose",
    "Presenter",
    "perform",
    "presenters",
]
