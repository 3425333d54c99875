"""Sound alone, with chapters, for the way to work."""

from __future__ import annotations

from presgen.media.formats import Format, formats

formats.add("audio", Format(name="audio", width=0, height=0, video="", container="m4a", burned=False))
