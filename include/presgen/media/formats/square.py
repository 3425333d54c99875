"""1080 x 1080 at 30 frames a second, for feeds and learning platforms' tiles."""

from __future__ import annotations

from presgen.media.formats import Format, formats

formats.add("square", Format(name="square", width=1080, height=1080))
