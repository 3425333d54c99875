"""The voice: what a section says, as sound, with the time of every word and phoneme."""

from __future__ import annotations

from presgen.rendering.studio.voice.narration import fingerprint, narrate

__all__ = ["fingerprint", "narrate"]
