"""Take rows out of JSON objects: a column is a dotted path, a list of objects is a child table."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from collections.abc import Mapping as Table
from dataclasses import dataclass
from typing import Any

from adapters.contract import BankFaultError
from adapters.mapping.model import Mapping
from adapters.mapping.records import Row

__all__ = ["PLAIN", "Json", "Shape", "find_value", "list_objects", "walk_values"]

Json = Any
"""What a service sent, decoded: nothing about it is known."""

PLAIN = "value"
"""The one column of a list that holds plain values instead of objects."""

_DEEP = 6
Steps = tuple[str, ...]


def find_value(value: Json, steps: Sequence[str]) -> Json:
    """Follow a path into an object; None where it leads nowhere."""
    for step in steps:
        if not isinstance(value, dict):
            return None
        value = value.get(step)
    return value


def walk_values(item: dict[str, Json], above: Steps = ()) -> Iterator[tuple[str, Json]]:
    """Yield the dotted path and the value of all that is in an object; lists are not opened."""
    for key, value in item.items():
        steps = (*above, str(key))
        if isinstance(value, dict) and len(steps) < _DEEP:
            yield from walk_values(value, steps)
        elif not isinstance(value, dict):
            yield ".".join(steps), value


def list_objects(answer: Json, path: str) -> list[dict[str, Json]]:
    """Find the list of objects in an answer.

    Args:
        answer: The answer.
        path: The dotted path to the list; empty where the answer itself is the list.

    Raises:
        BankFaultError: There is no list of objects.
    """
    found = find_value(answer, path.split(".") if path else ())
    if not isinstance(found, list) or not all(isinstance(item, dict) for item in found):
        raise BankFaultError("the answer has no list of objects where `rows` says; check the path")
    return found


@dataclass(frozen=True, slots=True)
class _Child:
    table: str
    path: Steps
    columns: tuple[tuple[str, Steps], ...]

    def rows(self, record: dict[str, Json]) -> list[Row]:
        found = find_value(record, self.path)
        items = found if isinstance(found, list) else [] if found is None else [found]
        return [self._row(item) for item in items]

    def _row(self, item: Json) -> Row:
        whole = item if isinstance(item, dict) else {PLAIN: item}
        return {column: find_value(whole, steps) for column, steps in self.columns}


class Shape:
    """What a mapping takes out of each object, worked out once."""

    def __init__(self, mapping: Mapping) -> None:
        used = dict.fromkeys(use.column for use in mapping.columns())
        self._base = tuple((c, tuple(c.split("."))) for c in used if mapping.child_of(c) is None)
        self._children = tuple(
            _Child(
                child.table,
                tuple((child.path or child.table).split(".")),
                tuple(
                    (c, tuple(c.removeprefix(f"{child.table}.").split(".")))
                    for c in used
                    if mapping.child_of(c) == child.table
                ),
            )
            for child in mapping.children
        )

    def read(self, record: dict[str, Json]) -> tuple[Row, Table[str, Sequence[Row]]]:
        """Return the row of a record and the rows of its child tables."""
        base = {column: find_value(record, steps) for column, steps in self._base}
        return base, {child.table: child.rows(record) for child in self._children}
