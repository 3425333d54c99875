"""Members of a family (readers, renderers, checks …) found by name because they lie in its folder."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterator
from typing import Generic, TypeVar, cast

from presgen.errors import UnknownName

T = TypeVar("T")
Decorated = TypeVar("Decorated")


class Registry(Generic[T]):
    """The members of one family, by name.

    A member registers itself with ``@family.register("name")``. The modules of ``package`` are imported at
    the first look-up, so a new file in the folder is all it takes to add a member.
    """

    def __init__(self, kind: str, package: str) -> None:
        """Look for members, each a ``kind`` (a singular noun), in the folder with that dotted name."""
        self.kind = kind
        self._package = package
        self._members: dict[str, T] = {}
        self._loaded = False

    def register(self, name: str) -> Callable[[Decorated], Decorated]:
        """Register the decorated function, or an instance of the decorated class.

        Raises:
            ValueError: the name is taken by another member.
        """

        def add(member: Decorated) -> Decorated:
            self.add(name, cast(T, member() if isinstance(member, type) else member))
            return member

        return add

    def add(self, name: str, member: T) -> None:
        """Register a plain value, such as an output format.

        Raises:
            ValueError: the name is taken by another member.
        """
        if name in self._members:
            raise ValueError(f"Two {self.kind}s are called {name!r}.")
        self._members[name] = member

    def __getitem__(self, name: str) -> T:
        """Return the member called ``name``.

        Raises:
            UnknownName: no member has that name.
        """
        self._load()
        try:
            return self._members[name]
        except KeyError:
            raise UnknownName(self.kind, name, self.names()) from None

    def names(self) -> tuple[str, ...]:
        """Return all names, sorted."""
        self._load()
        return tuple(sorted(self._members))

    def __iter__(self) -> Iterator[tuple[str, T]]:
        """Iterate over (name, member), sorted by name."""
        self._load()
        return iter(sorted(self._members.items(), key=lambda pair: pair[0]))

    def _load(self) -> None:
        if self._loaded:
            return
        package = importlib.import_module(self._package)
        for module in pkgutil.iter_modules(package.__path__):
            importlib.import_module(f"{self._package}.{module.name}")
        self._loaded = True
