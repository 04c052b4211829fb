"""Take rows out of entries: an attribute is a column, one of several values is a `many` table."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping as Table
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from adapters.banks.ldap.filters import is_attribute
from adapters.contract import MappingError
from adapters.mapping.fields import DateField
from adapters.mapping.model import Mapping, columns_of
from adapters.mapping.records import Row
from adapters.mapping.scalars import Scalar

__all__ = ["VALUE", "Entry", "Shape", "read_time"]

Entry = Table[str, Sequence[bytes]]
"""An entry: its attributes by name, small letters and capitals alike, each with its values."""

VALUE: Final = "value"
"""The one column of a `many` table."""

_TIME: Final = re.compile(
    r"(?P<day>\d{8})(?P<hour>\d\d)(?P<minute>\d\d)?(?P<second>\d\d)?(?:[.,]\d+)?Z"
)


@dataclass(frozen=True, slots=True)
class _Child:
    table: str
    attribute: str

    @property
    def column(self) -> str:
        return f"{self.table}.{VALUE}"


class Shape:
    """What a mapping takes out of each entry, worked out once.

    Args:
        mapping: A mapping of kind ldap.

    Raises:
        MappingError: A column is not the name of an attribute.
    """

    def __init__(self, mapping: Mapping) -> None:
        self._mapping = mapping
        self._children = tuple(
            _Child(child.table, child.path or child.table) for child in mapping.children
        )
        self._base = tuple(
            dict.fromkeys(
                use.column for use in mapping.columns() if mapping.child_of(use.column) is None
            )
        )
        self._times = _list_times(mapping)
        self._verify()

    @property
    def attributes(self) -> tuple[str, ...]:
        """The attributes that records are made of."""
        return tuple(dict.fromkeys((*self._base, *(c.attribute for c in self._children))))

    def attribute_of(self, column: str) -> str:
        """Return the attribute that a column stands for."""
        found = {child.column: child.attribute for child in self._children}
        return found.get(column, column)

    def read(self, entry: Entry, faults: Counter[str]) -> tuple[Row, Table[str, Sequence[Row]]]:
        """Return the row of an entry and the rows of its `many` tables.

        Args:
            entry: The entry.
            faults: Counts columns of one value that hold several; the first is taken.
        """
        base: dict[str, Scalar] = {}
        for column in self._base:
            values = entry.get(column, ())
            if len(values) > 1:
                faults[column] += 1
            base[column] = self._decode(column, values[0]) if values else None
        children = {
            child.table: [
                {child.column: self._decode(child.column, value)}
                for value in entry.get(child.attribute, ())
            ]
            for child in self._children
        }
        return base, children

    def _decode(self, column: str, value: bytes) -> Scalar:
        """Decode a value; what is not UTF-8 stays as it is, and is counted where it is read."""
        try:
            text = value.decode("utf-8")
        except UnicodeDecodeError:
            return value
        return read_time(text) or text if column in self._times else text

    def _verify(self) -> None:
        for use in self._mapping.columns():
            table = self._mapping.child_of(use.column)
            if table is not None and use.column != f"{table}.{VALUE}":
                self._refuse(use.place, f"an attribute has values alone; write {table}.{VALUE}")
            if table is None and not is_attribute(use.column):
                self._refuse(use.place, "write the name of an attribute")
        for number, child in enumerate(self._children):
            if not is_attribute(child.attribute):
                key = "path" if self._mapping.children[number].path else "table"
                self._refuse(("many", number, key), "write the name of an attribute")

    def _refuse(self, place: tuple[str | int, ...], text: str) -> None:
        raise MappingError(f"{self._mapping.origin().tell(place)}: {text}")


def _list_times(mapping: Mapping) -> frozenset[str]:
    """Return the columns in which the directory's own way to write a time is understood."""
    dates = [
        c for block in mapping.fields if isinstance(block, DateField) for c in columns_of(block)
    ]
    instant = mapping.record.as_of_column
    return frozenset((*dates, *((instant,) if instant is not None else ())))


def read_time(text: str) -> datetime | None:
    """Read a GeneralizedTime of UTC, such as `20260101120000Z` (RFC 4517, 3.3.13)."""
    found = _TIME.fullmatch(text)
    if found is None:
        return None
    day, hour = found["day"], int(found["hour"])
    minute, second = int(found["minute"] or 0), int(found["second"] or 0)
    try:
        return datetime(int(day[:4]), int(day[4:6]), int(day[6:]), hour, minute, second, tzinfo=UTC)
    except ValueError:
        return None
