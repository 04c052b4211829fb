"""What was seen of an unknown bank, whatever it is kept in: tables, columns, a few values."""

from __future__ import annotations

import re
from collections.abc import Container, Sequence
from dataclasses import dataclass, field
from typing import ClassVar

from adapters.drafting.names import name_column
from adapters.mapping.scalars import read_text

__all__ = [
    "SAMPLE",
    "Column",
    "DraftError",
    "Login",
    "Seen",
    "Table",
    "Tie",
    "find_key",
    "make_columns",
]

_GIVEN = frozenset(("document", "national number", "phone", "email", "plate", "vin", "imei"))

SAMPLE = 500
"""Rows of each table that are looked at."""


class DraftError(Exception):
    """What was named cannot be looked at; the text says what to write instead."""

    reason: ClassVar[str] = "DRAFT"


@dataclass(frozen=True, slots=True)
class Login:
    """Whom a server knows us as; the files are relative to the folder of the mapping.

    Attributes:
        password_file: Holds the password of a database or directory, or the token of a service.
        bind: The name that a directory knows us by.
        ca_file: Certificates that the server's own is checked against.
    """

    password_file: str = ""
    bind: str = ""
    ca_file: str = ""


@dataclass(frozen=True, slots=True)
class Column:
    """One column.

    Attributes:
        values: Those of the first rows, as texts; empty where there is none.
        indexed: Whether it is the first column of an index.
        called: Other names that it has, such as the long one of an attribute.
        listed: All values that it may have, where its own declaration lists them.
    """

    name: str
    values: tuple[str, ...] = ()
    indexed: bool = False
    called: tuple[str, ...] = ()
    listed: tuple[str, ...] = ()

    @property
    def texts(self) -> tuple[str, ...]:
        """The values that are there."""
        return tuple(text for text in self.values if text)

    @property
    def words(self) -> tuple[str, ...]:
        """The values that are there or may be there."""
        return self.texts + self.listed


@dataclass(frozen=True, slots=True)
class Tie:
    """A column that refers to a column of another table.

    Attributes:
        more: The other pairs of a key of several columns.
    """

    column: str
    table: str
    target: str
    more: tuple[tuple[str, str], ...] = ()

    @property
    def pairs(self) -> tuple[tuple[str, str], ...]:
        """Each column with the one that it refers to."""
        return ((self.column, self.target), *self.more)


@dataclass(frozen=True, slots=True)
class Table:
    """One table.

    Attributes:
        key: Its primary key where that is one column.
        joint: The columns of its primary key where those are several.
        rows: How many rows it has; counting ends a little above what may be read whole.
        whole: Whether a record is one object or entry, whose columns stand without a table.
        inside: The table in whose records its rows are; empty where it stands for itself.
        path: Where in such a record they are.
        source: Lines of the bank's block that are needed for this table alone.
        asked: Meanings that the bank can be asked for; None where it takes any.
    """

    name: str
    columns: tuple[Column, ...]
    key: str | None = None
    ties: tuple[Tie, ...] = ()
    rows: int = 0
    whole: bool = False
    inside: str = ""
    path: str = ""
    source: tuple[str, ...] = ()
    asked: frozenset[str] | None = None
    joint: tuple[str, ...] = ()

    def full(self, column: str) -> str:
        """Write a column as the mapping does."""
        return column if self.whole else f"{self.name}.{column}"

    def column(self, name: str) -> Column:
        """Return a column by its name.

        Raises:
            KeyError: There is none.
        """
        return {column.name: column for column in self.columns}[name]


@dataclass(frozen=True, slots=True)
class Seen:
    """A bank as it was seen.

    Attributes:
        name: What to call it.
        kind: The kind of bank, such as sql.
        block: The lines of the block that says where it is.
        tables: What is in it.
        notes: What an engineer has to do besides, one sentence each.
    """

    name: str
    kind: str
    block: tuple[str, ...]
    tables: tuple[Table, ...]
    notes: tuple[str, ...] = field(default=())


def find_key(columns: Sequence[Column]) -> str:
    """Find a column with another value in each row; one that is called so comes first."""
    unique = [
        column.name
        for column in columns
        if column.values and len(set(column.texts)) == len(column.values)
    ]
    bare = [name for name in unique if not _means_a_number(name)]
    named = [name for name in bare if re.search(r"(^|[\W_])(id|no|nr|key|ref)$|Id$|ID$", name)]
    return next(iter((*named, *bare, *unique)), "")


def _means_a_number(name: str) -> bool:
    """Tell whether a column holds a number of persons or papers, which may be given twice."""
    named = name_column(name)
    return named is not None and named.meaning in _GIVEN


def make_columns(
    names: Sequence[str], rows: Sequence[Sequence[object]], indexed: Container[str]
) -> tuple[Column, ...]:
    """Make the columns of a table from its first rows; what is no single value is empty."""
    return tuple(
        Column(name, tuple(_read_text(row[place]) for row in rows), name in indexed)
        for place, name in enumerate(names)
    )


def _read_text(value: object) -> str:
    try:
        return read_text(value)
    except ValueError:
        return ""
