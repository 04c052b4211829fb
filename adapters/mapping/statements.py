"""One statement, compiled: its text with the driver's placeholders, and what belongs in each.

The order of nodes in a tree is not the order of the text, so placeholders are rendered as unique
words and replaced in the finished text. Values are always bound; no value ever becomes text.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from sqlglot import exp

from adapters.contract import MappingError
from adapters.mapping.keys import name_slots
from adapters.mapping.scalars import Scalar

__all__ = [
    "MAX_LIST",
    "MAX_TUPLES",
    "Dialect",
    "Statement",
    "beyond",
    "listed",
    "listed_together",
    "pad",
    "render",
    "slot",
]

Dialect = Literal["sqlite", "postgres", "mysql", "oracle", "tsql", "trino", "clickhouse"]
"""The dialects of sqlglot that banks are spoken to in."""

MAX_LIST: Final = 1024
"""Values in one list; the lengths are padded to powers of two so that texts stay finite."""

MAX_TUPLES: Final = 256
"""Keys of several columns in one list: SQL Server takes 2,100 values in a statement."""

_ROWS: Final = frozenset(("sqlite", "postgres"))
"""Dialects whose indexes serve `(a, b) > (1, 2)`; that of MariaDB serves `a > 1 OR ...` alone."""

_WORD: Final = re.compile(r"kalkan_slot_([a-z]+)_(\d+)_")

Slot = tuple[str, int]
"""One placeholder: the name of its list, and which value of it."""


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement.

    Attributes:
        text: What the driver is given, with its own placeholders: `$1`, `:1`, `{p1:String}`, `?`.
        slots: Which value each placeholder takes, in the driver's order.
        columns: What each column of a row is, as the mapping writes it.
    """

    text: str
    slots: tuple[Slot, ...]
    columns: tuple[str, ...]

    def bind(self, values: Mapping[str, Sequence[Scalar]]) -> tuple[Scalar, ...]:
        """Put values in order; a list that is shorter than its slots repeats its last value."""
        return tuple(
            values[name][min(number, len(values[name]) - 1)] for name, number in self.slots
        )


def pad(length: int) -> int:
    """Return the power of two that a list of this length is padded to.

    Raises:
        ValueError: The length is not 1 to MAX_LIST.
    """
    if not 1 <= length <= MAX_LIST:
        raise ValueError(f"a list has 1 to {MAX_LIST} values")
    return 1 << (length - 1).bit_length()


def slot(name: str, number: int = 0) -> exp.Expr:
    """Return the placeholder of one value."""
    return exp.var(f"kalkan_slot_{name}_{number}_")


def listed(column: exp.Expr, name: str, size: int) -> exp.Expr:
    """Return `column IN (...)` with placeholders for `size` values."""
    return exp.In(this=column, expressions=[slot(name, number) for number in range(size)])


def listed_together(columns: Sequence[exp.Expr], name: str, size: int) -> exp.Expr:
    """Return what holds where columns have one of `size` keys together.

    Of several columns it is `a = ? AND b = ? OR ...`: an index on both serves in each engine, which
    `(a, b) IN (...)` has not everywhere.
    """
    if len(columns) == 1:
        return listed(columns[0], name, size)
    names = name_slots(name, len(columns))
    keys = (
        exp.and_(
            *(_equal(c, slot(n, place)) for c, n in zip(columns, names, strict=True)), copy=False
        )
        for place in range(size)
    )
    return exp.paren(exp.or_(*keys, copy=False), copy=False)


def beyond(columns: Sequence[exp.Expr], name: str, dialect: Dialect) -> exp.Expr:
    """Return what holds where columns together come after a key, in the order of all of them."""
    names = name_slots(name, len(columns))
    if len(columns) == 1:
        return exp.GT(this=columns[0], expression=slot(name))
    if dialect in _ROWS:
        key = exp.Tuple(expressions=[slot(each) for each in names])
        return exp.GT(this=exp.Tuple(expressions=[*columns]), expression=key)
    # A placeholder is in a statement once, so each use of a value has a number of its own.
    ways = exp.or_(*_ways_beyond(columns, names))
    first = exp.GTE(this=columns[0].copy(), expression=slot(name, len(columns)))
    return exp.and_(first, ways)


def _ways_beyond(columns: Sequence[exp.Expr], names: Sequence[str]) -> Iterator[exp.Expr]:
    for place, column in enumerate(columns):
        same = [_equal(columns[n], slot(names[n], place)) for n in range(place)]
        greater = exp.GT(this=column.copy(), expression=slot(names[place], place))
        yield exp.and_(*same, greater)


def _equal(column: exp.Expr, value: exp.Expr) -> exp.Expr:
    return exp.EQ(this=column.copy(), expression=value)


def render(tree: exp.Expr, dialect: Dialect, columns: tuple[str, ...]) -> Statement:
    """Write a tree in a dialect and number its placeholders.

    Raises:
        MappingError: A name or a text of the mapping looks like a placeholder.
    """
    text = tree.sql(dialect=dialect, comments=False)
    placed = [(found.group(1), int(found.group(2))) for found in _WORD.finditer(text)]
    meant = [
        (found.group(1), int(found.group(2)))
        for node in tree.find_all(exp.Var)
        if (found := _WORD.fullmatch(node.name)) is not None
    ]
    if Counter(placed) != Counter(meant) or len(set(placed)) != len(placed):
        raise MappingError("take kalkan_slot_ out of the names and texts of the mapping")
    numbers = iter(range(1, len(placed) + 1))
    finished = _WORD.sub(lambda found: _mark(dialect, found.group(1), next(numbers)), text)
    return Statement(finished, tuple(placed), columns)


def _mark(dialect: Dialect, name: str, number: int) -> str:
    """Return a placeholder as the driver of a dialect wants it."""
    if dialect == "postgres":
        return f"${number}"
    if dialect == "oracle":
        return f":{number}"
    if dialect == "clickhouse":
        return f"{{p{number}:{'Int64' if name == 'limit' else 'String'}}}"
    return "?"
