"""Whether the service can do its work, and what the caller may do with it."""

from __future__ import annotations

from presgen.api.views.base import View


class Part(View):
    """One thing that the service needs."""

    name: str
    well: bool
    detail: str
    """What is wrong; empty: nothing is."""


class Health(View):
    """Whether the service can do its work."""

    well: bool
    version: str
    parts: tuple[Part, ...]


class Me(View):
    """The caller, and what the caller may do."""

    user: str
    """A digest that tells callers apart; no name."""
    may_order: bool
    """Whether videos may be ordered, and sections approved and retired."""
    may_operate: bool
    """Whether everybody's videos may be seen and acted on."""
