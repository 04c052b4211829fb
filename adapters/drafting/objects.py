"""Make tables of objects: dotted paths are columns, lists inside objects are tables of their own.

JSON objects, lines of JSON and XML elements are looked at alike; each comes here as a dictionary.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Final

from adapters.drafting.guess import PLAIN
from adapters.drafting.shape import Column
from adapters.mapping.objects import walk_values
from adapters.mapping.scalars import read_text

__all__ = ["Spread", "spread"]

_COLUMNS: Final = 300
"""Paths that are looked at in one kind of object; more is no record but a document."""


@dataclass(slots=True)
class Spread:
    """What is in objects of one kind.

    Attributes:
        count: How many objects were seen.
        values: For each path the value of each object; empty where it has none.
        lists: For each path of a list what is in its items.
    """

    count: int = 0
    values: dict[str, list[str]] = field(default_factory=dict)
    lists: dict[str, Spread] = field(default_factory=dict)

    def columns(self, listed: dict[str, tuple[str, ...]] | None = None) -> tuple[Column, ...]:
        """Return the paths as columns; `listed` holds values that were declared beforehand."""
        known = listed or {}
        names = dict.fromkeys((*self.values, *known))
        return tuple(
            Column(name, tuple(self.values.get(name, ())), listed=known.get(name, ()))
            for name in names
        )

    def add(self, item: Any) -> None:  # noqa: ANN401 - decoded JSON
        """Add one object, or one plain value of a list."""
        told = item if isinstance(item, dict) else {PLAIN: item}
        for path, value in walk_values(told):
            if isinstance(value, list):
                inner = self.lists.setdefault(path, Spread())
                for each in value:
                    inner.add(each)
            elif path in self.values or len(self.values) < _COLUMNS:
                held = self.values.setdefault(path, [])
                held += [""] * (self.count - len(held))
                held.append(_read(value))
        self.count += 1
        for known in self.values.values():
            known.extend([""] * (self.count - len(known)))


def spread(items: Iterable[Any]) -> Spread:
    """Look at objects of one kind."""
    found = Spread()
    for item in items:
        found.add(item)
    return found


def _read(value: object) -> str:
    try:
        return read_text(value)
    except ValueError:
        return ""
