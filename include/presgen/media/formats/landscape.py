"""1280 x 720 at 30 frames a second, for laptops."""

from __future__ import annotations

from presgen.media.formats import Format, formats

formats.add("landscape", Format(name="landscape", width=1280, height=720))
