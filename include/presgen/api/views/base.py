"""What all answers and requests share."""

from __future__ import annotations

from pydantic import ConfigDict

from presgen.model.base import Model


class View(Model):
    """A value that the API takes or gives; what is said of its fields is in the API's description, too."""

    model_config = ConfigDict(use_attribute_docstrings=True)
