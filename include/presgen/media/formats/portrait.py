"""720 x 1280 at 30 frames a second, for phones held upright: laid out anew, not cropped."""

from __future__ import annotations

from presgen.media.formats import Format, formats

formats.add("portrait", Format(name="portrait", width=720, height=1280))
