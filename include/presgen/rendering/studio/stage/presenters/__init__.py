"""Who can be seen: one look a file. A persona names its presenter."""

from __future__ import annotations

from presgen.registry import Registry
from presgen.rendering.studio.stage.look import Look

presenters: Registry[Look] = Registry("presenter", __name__)
