"""Write grids into one SQLite file that is either there whole or not at all.

The file is written under a temporary name, synced, and renamed over the old one; whoever still
reads the old one keeps reading it.
"""

from __future__ import annotations

import os
import sqlite3
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Final

from adapters.banks.files.cells import Grid, Row, render_cell
from adapters.contract import BankFaultError
from adapters.matching.documents import normalise_number

__all__ = [
    "META",
    "Loaded",
    "add_index",
    "build_store",
    "quote",
    "read_meta",
    "write_grid",
    "write_meta",
]

META: Final = "kalkan_loaded"
"""The table that tells what was loaded."""

ROW_LIMIT: Final = 50_000_000
"""Rows of one table at most."""

RAGGED_FEW: Final = 10
RAGGED_SHARE: Final = 0.01
"""Rows with too few or too many cells are left out and counted, these few or this share of all;
above both the file is not what its mapping says."""

_BATCH: Final = 5_000


@dataclass(frozen=True, slots=True)
class Wording:
    """How a bank writes: texts that mean "no value", and columns of numbers to be normalised."""

    empty: frozenset[str] = frozenset()
    numbers: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Loaded:
    """How much of a table was loaded: rows that are in it, and ragged rows that are not."""

    rows: int
    ragged: int


def build_store(target: Path, fill: Callable[[sqlite3.Connection], None]) -> None:
    """Have a new SQLite file filled and put it in the place of the old one.

    Raises:
        BankFaultError: As `fill` raises; the old file is then untouched.
    """
    target.parent.mkdir(mode=0o700, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=f"{target.stem}.", suffix=".part")
    os.close(handle)
    part = Path(name)
    try:
        with closing(sqlite3.connect(part)) as connection:
            connection.execute("PRAGMA journal_mode = OFF")
            connection.execute("PRAGMA synchronous = OFF")
            connection.execute(f"CREATE TABLE {META} (name TEXT PRIMARY KEY, value TEXT)")
            fill(connection)
            connection.commit()
            connection.execute("ANALYZE")
        _sync(part)
        part.replace(target)
        _sync(target.parent)
    finally:
        part.unlink(missing_ok=True)


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def quote(name: str) -> str:
    """Quote the name of a table or column for SQLite."""
    return '"' + name.replace('"', '""') + '"'


def write_grid(
    connection: sqlite3.Connection, table: str, *, grid: Grid, wording: Wording
) -> Loaded:
    """Create a table and fill it.

    Args:
        connection: The file that is being built.
        table: The name of the table.
        grid: Its columns and rows.
        wording: How the bank writes.

    Raises:
        BankFaultError: A cell or the table is too large, or too many rows are ragged.
    """
    columns = ", ".join(f"{quote(name)} TEXT" for name in grid.columns)
    connection.execute(f"CREATE TABLE {quote(table)} ({columns})")
    marks = ", ".join("?" * len(grid.columns))
    statement = f"INSERT INTO {quote(table)} VALUES ({marks})"  # noqa: S608 - names are quoted
    numbers = [place for place, name in enumerate(grid.columns) if name in wording.numbers]
    total = good = 0
    for batch in _batches(grid.rows):
        rows = [
            _render_row(row, wording.empty, numbers)
            for row in batch
            if len(row) == len(grid.columns)
        ]
        connection.executemany(statement, rows)
        total, good = total + len(batch), good + len(rows)
        if total > ROW_LIMIT:
            raise BankFaultError(f"the table has more than {ROW_LIMIT} rows")
    loaded = Loaded(good, total - good)
    _verify_ragged(loaded, len(grid.columns))
    return loaded


def _verify_ragged(loaded: Loaded, width: int) -> None:
    total = loaded.rows + loaded.ragged
    few = max(RAGGED_FEW, total * RAGGED_SHARE)
    if loaded.ragged > few or (loaded.ragged and not loaded.rows):
        raise BankFaultError(
            f"{loaded.ragged} of {total} rows do not have {width} cells as the header or the "
            "mapping says; is the delimiter right?"
        )


def _batches(rows: Iterable[Row]) -> Iterator[Sequence[Row]]:
    source = iter(rows)
    while batch := list(islice(source, _BATCH)):
        yield batch


def _render_row(row: Row, empty: frozenset[str], numbers: Sequence[int]) -> list[str | None]:
    texts = [render_cell(cell) for cell in row]
    if empty:
        texts = [None if text in empty else text for text in texts]
    for place in numbers:
        texts[place] = normalise_number(texts[place] or "") or None
    return texts


def add_index(connection: sqlite3.Connection, table: str, *, columns: Sequence[str]) -> None:
    """Index columns of a table together."""
    name = quote(f"by {table} {' '.join(columns)}")
    chosen = ", ".join(quote(column) for column in columns)
    connection.execute(f"CREATE INDEX IF NOT EXISTS {name} ON {quote(table)} ({chosen})")


def write_meta(connection: sqlite3.Connection, name: str, *, value: str) -> None:
    """Note something about the load."""
    connection.execute(f"INSERT INTO {META} VALUES (?, ?)", (name, value))  # noqa: S608 - a constant


def read_meta(target: Path) -> dict[str, str]:
    """Read the notes of a file that was loaded; empty where there is none that can be read."""
    if not target.is_file():
        return {}
    try:
        with closing(sqlite3.connect(f"{target.absolute().as_uri()}?mode=ro", uri=True)) as opened:
            return dict(opened.execute(f"SELECT name, value FROM {META}"))  # noqa: S608 - a constant
    except sqlite3.DatabaseError:
        return {}
