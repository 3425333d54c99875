"""Make the section anew, from its script."""

from __future__ import annotations

import shutil

from presgen.model.media import Clip
from presgen.model.quality import Remedy
from presgen.quality.fixes import Workpiece, fixes


@fixes.register(Remedy.RENDER_AGAIN)
class RenderAgain:
    """The renderer once more, in an empty folder."""

    thoroughness = 60
    answers = frozenset(Remedy)

    def __call__(self, work: Workpiece) -> Clip:
        """Empty the folder and render into it."""
        for path in work.folder.iterdir():
            if path.is_dir():
                shutil.rmtree(path)
            else:
                path.unlink()
        return work.render(work.folder)
