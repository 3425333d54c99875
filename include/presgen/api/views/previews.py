"""A section heard or seen before anything is ordered."""

from __future__ import annotations

from typing import Annotated

from pydantic import ConfigDict, Field

from presgen.api.views.base import View
from presgen.api.views.orders import Name, ScriptRequest
from presgen.model.base import Seconds
from presgen.previewing import PreviewKind

_SCRIPT = ScriptRequest.model_config["json_schema_extra"]["examples"][0]  # type: ignore[index]


class PreviewRequest(ScriptRequest):
    """One section of what `POST /generate-script` writes of the same fields."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{**_SCRIPT, "section": "deep-dive-ports"}]}  # type: ignore[dict-item]
    )

    section: Annotated[str, Field(min_length=1, max_length=200)]
    """The slug of the section. Of a record's script, only sections that hold no learner data."""
    format: Name | None = None
    """Whose proportions a film has; None: the deployment's main one."""


class PreviewView(View):
    """A preview, to be had for a day."""

    preview_id: Annotated[str, Field(pattern="^[0-9a-f]{64}$")]
    """The same for equal content."""
    kind: PreviewKind
    section: str
    media_type: str
    url: str
    """Signed for whoever asked."""
    seconds: Seconds
    whole: bool
    """Whether all of the section is there, and not its beginning only."""
    bytes: int
