"""Makes the files of this folder again from upstream's package, the only argument."""

import sys
from pathlib import Path

from presgen.rendering.studio.voice.packs import unpack

unpack(Path(sys.argv[1]), Path(__file__).parent)
