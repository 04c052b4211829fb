"""Tables of the synthetic banks: how they are described, and how SQLite gets them.

A bank's tables are described once, in the bank's own words, and written to whichever engine the
federation runs on. Rows stream through small buffers, so memory stays the same for any number.
"""

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

Row = tuple[Any, ...]
"""One row, in the order of its table's columns."""

Spread = Callable[[Any], Iterator[tuple[str, Row]]]
"""Spreads one entry over the tables of its bank: names of tables and rows."""

_BATCH = 5_000
_SQLITE_TYPES = {"key": "TEXT PRIMARY KEY", "text": "TEXT", "int": "INTEGER", "date": "TEXT"}


@dataclass(frozen=True, slots=True)
class Table:
    """Describe one table.

    ``spec`` lists the columns with commas between: a name, then key, text, int or date, then
    perhaps the word index. Dates are ISO texts in rows; servers get them as native dates.
    """

    name: str
    spec: str

    @property
    def columns(self) -> tuple[tuple[str, str], ...]:
        """Return names and types of the columns."""
        words = (column.split() for column in self.spec.split(","))
        return tuple((name, kind) for name, kind, *_ in words)

    @property
    def indexed(self) -> tuple[str, ...]:
        """Return the columns that have an index."""
        words = (column.split() for column in self.spec.split(","))
        return tuple(parts[0] for parts in words if parts[-1] == "index")


@dataclass(frozen=True, slots=True)
class Layout:
    """Describe the database of one bank.

    ``file`` is the name of the embedded database, ``fixed`` holds the rows of its code tables.
    """

    file: str
    tables: tuple[Table, ...]
    spread: Spread
    fixed: Mapping[str, tuple[Row, ...]] = field(default_factory=dict)


def batch_rows(layout: Layout, entries: Iterable[Any]) -> Iterator[tuple[Table, list[Row]]]:
    """Spread the entries and return their rows in batches, table by table."""
    tables = {table.name: table for table in layout.tables}
    for name, rows in layout.fixed.items():
        yield tables[name], list(rows)
    stream = iter(entries)
    while chunk := list(islice(stream, _BATCH)):
        buffers: dict[str, list[Row]] = {name: [] for name in tables}
        for entry in chunk:
            for name, row in layout.spread(entry):
                buffers[name].append(row)
        yield from ((tables[name], rows) for name, rows in buffers.items() if rows)


def write_sqlite(folder: Path, layout: Layout, entries: Iterable[Any]) -> None:
    """Write a bank as an SQLite database; equal entries make equal bytes."""
    path = folder / layout.file
    path.unlink(missing_ok=True)
    with closing(sqlite3.connect(path, isolation_level=None)) as database:
        database.execute("PRAGMA journal_mode = OFF")
        database.execute("PRAGMA synchronous = OFF")
        database.execute("BEGIN")
        for table in layout.tables:
            database.execute(create_table(table, _SQLITE_TYPES))
        for table, rows in batch_rows(layout, entries):
            database.executemany(_insert(table), rows)
        for statement in create_indexes(layout):
            database.execute(statement)
        database.execute("COMMIT")


def create_table(table: Table, types: Mapping[str, str]) -> str:
    """Return the statement that makes a table, with an engine's own types."""
    columns = ", ".join(f'"{name}" {types[kind]}' for name, kind in table.columns)
    return f'CREATE TABLE "{table.name}" ({columns})'


def create_indexes(layout: Layout) -> Iterator[str]:
    """Return the statements that make a database's indexes."""
    for table in layout.tables:
        for number, column in enumerate(table.indexed, start=1):
            name = f"{table.name}_{number}"
            yield f'CREATE INDEX "{name}" ON "{table.name}" ("{column}")'


def _insert(table: Table) -> str:
    marks = ", ".join("?" for _ in table.columns)
    return f'INSERT INTO "{table.name}" VALUES ({marks})'  # noqa: S608 - names of this file's tables
