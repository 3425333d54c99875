"""What a good video is: each file states one thing that is true of it, and finds where it is not."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from presgen.model.quality import Finding
from presgen.quality.evidence import Evidence
from presgen.registry import Registry

Check = Callable[[Evidence], Iterable[Finding]]

checks: Registry[Check] = Registry("check", __name__)
