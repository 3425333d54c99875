"""1920 x 1080 at 30 frames a second, for large screens."""

from __future__ import annotations

from presgen.media.formats import Format, formats

formats.add("landscape-1080p", Format(name="landscape-1080p", width=1920, height=1080))
