"""The API's routes, one module a topic."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator

from fastapi import APIRouter


def routers() -> Iterator[APIRouter]:
    """Return the router of every module in this folder, in the order of their names."""
    for module in sorted(pkgutil.iter_modules(__path__), key=lambda found: found.name):
        router: APIRouter = importlib.import_module(f"{__name__}.{module.name}").router
        yield router
