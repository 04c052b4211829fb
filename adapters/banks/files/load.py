"""Load the files of a bank into one SQLite file, or keep the one that is there.

The file is made again when a source, the mapping or this loader has changed. What was loaded is
noted in it: `read_counts` tells an engineer how many rows were left out because they were ragged.
"""

from __future__ import annotations

import hashlib
import json
import logging
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path, PurePosixPath
from typing import Final

from adapters.banks.files.cells import Grid, Row
from adapters.banks.files.columns import index_columns, require_column, require_columns
from adapters.banks.files.formats import open_grid
from adapters.banks.files.split import compile_pattern, split_text
from adapters.banks.files.store import (
    Loaded,
    Wording,
    build_store,
    quote,
    read_meta,
    write_grid,
    write_meta,
)
from adapters.contract import BankFaultError, BankUnavailableError, MappingError
from adapters.mapping.locate import Location
from adapters.mapping.model import Mapping
from adapters.mapping.sources import Files, FileSplit, FileTable

__all__ = ["load_files", "read_counts"]

_log = logging.getLogger(__name__)

_VERSION: Final = "1"
"""Raise it when the same sources make another SQLite file."""

_ROWS: Final = 256
_STEPS: Final = 10_000
_GIVEN_UP: Final = "the load was given up"
_MARK: Final = "mark"
_COUNT: Final = "count "


def load_files(mapping: Mapping, folder: Path, stopped: Callable[[], bool] = lambda: False) -> Path:
    """Load the files of a bank, unless that has been done.

    Args:
        mapping: A mapping of kind files.
        folder: The bank's folder, which the paths of the mapping are relative to.
        stopped: Asked again and again whether to give up.

    Returns:
        The SQLite file: `.loaded/<bank id>.sqlite` in the folder.

    Raises:
        MappingError: A file, sheet or column of the mapping is not there.
        BankFaultError: A file is broken or not what the mapping says.
        BankUnavailableError: It was given up.
    """
    mark = _mark_sources(mapping, folder)
    target = folder / ".loaded" / f"{mapping.bank.id}.sqlite"
    if read_meta(target).get(_MARK) == mark:
        return target
    try:
        build_store(target, partial(_fill, mapping, folder, mark, stopped))
    except sqlite3.OperationalError:
        if not stopped():
            raise
        raise BankUnavailableError(_GIVEN_UP) from None
    return target


def read_counts(target: Path) -> dict[str, Loaded]:
    """Tell how much of each table was loaded."""
    return {
        name.removeprefix(_COUNT): Loaded(**json.loads(value))
        for name, value in read_meta(target).items()
        if name.startswith(_COUNT)
    }


def _files(mapping: Mapping) -> Files:
    if mapping.files is None:
        raise MappingError(f"{mapping.origin().tell(('bank', 'kind'))}: write a [files] block")
    return mapping.files


def _mark_sources(mapping: Mapping, folder: Path) -> str:
    """Write down all that decides what is loaded: sizes, times, mapping, version."""
    parts = [_VERSION, mapping.model_dump_json(by_alias=True)]
    for number, table in enumerate(_files(mapping).tables):
        with _place(mapping, ("files", "table", number, "path")):
            status = _find_file(folder, table.path).stat()
        parts.append(f"{table.path} {status.st_size} {status.st_mtime_ns}")
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def _find_file(folder: Path, path: str) -> Path:
    relative = PurePosixPath(path)
    if relative.is_absolute() or ".." in relative.parts:
        raise MappingError("write a path inside the bank's folder")
    found = folder / relative
    if not found.is_file():
        raise MappingError(f'there is no file "{path}" in the bank\'s folder')
    return found


@contextmanager
def _place(mapping: Mapping, place: Location) -> Iterator[None]:
    """Say in an error which key of which mapping file it is about."""
    try:
        yield
    except (MappingError, BankFaultError) as exc:
        raise type(exc)(f"{mapping.origin().tell(place)}: {exc}") from exc


def _fill(
    mapping: Mapping,
    folder: Path,
    mark: str,
    stopped: Callable[[], bool],
    connection: sqlite3.Connection,
) -> None:
    # Rows are watched where they are read; this watches indexes and splits.
    connection.set_progress_handler(stopped, _STEPS)
    known: dict[str, tuple[str, ...]] = {}
    for number, table in enumerate(_files(mapping).tables):
        with _place(mapping, ("files", "table", number)):
            known[table.table] = _load_table(
                connection, mapping, table, folder=folder, stopped=stopped
            )
    for number, split in enumerate(_files(mapping).splits):
        with _place(mapping, ("files", "split", number)):
            known[split.table] = _load_split(connection, mapping, split, known)
    require_columns(mapping, known)
    for number, column in enumerate(_files(mapping).normalise):
        with _place(mapping, ("files", "normalise", number)):
            require_column(column, known)
    index_columns(connection, mapping)
    write_meta(connection, _MARK, value=mark)


def _wording(files: Files, table: str) -> Wording:
    split = (column.rpartition(".") for column in files.normalise)
    numbers = frozenset(name for owner, _, name in split if owner == table)
    return Wording(frozenset(files.empty), numbers)


def _watch(rows: Iterator[Row], stopped: Callable[[], bool]) -> Iterator[Row]:
    """Pass rows on until the load is given up; that ends who reads them, DuckDB too.

    Raises:
        BankUnavailableError: It was given up.
    """
    for number, row in enumerate(rows):
        if number % _ROWS == 0 and stopped():
            raise BankUnavailableError(_GIVEN_UP)
        yield row


def _load_table(
    connection: sqlite3.Connection,
    mapping: Mapping,
    table: FileTable,
    *,
    folder: Path,
    stopped: Callable[[], bool],
) -> tuple[str, ...]:
    files = _files(mapping)
    grid = open_grid(files, table, path=_find_file(folder, table.path))
    grid = Grid(grid.columns, _watch(grid.rows, stopped))
    loaded = write_grid(connection, table.table, grid=grid, wording=_wording(files, table.table))
    if loaded.ragged:
        _log.warning(
            "bank %s, table %s: %d ragged rows left out of %d",
            mapping.bank.id,
            table.table,
            loaded.ragged,
            loaded.rows + loaded.ragged,
        )
    note = json.dumps({"rows": loaded.rows, "ragged": loaded.ragged})
    write_meta(connection, f"{_COUNT}{table.table}", value=note)
    return grid.columns


def _load_split(
    connection: sqlite3.Connection,
    mapping: Mapping,
    split: FileSplit,
    known: dict[str, tuple[str, ...]],
) -> tuple[str, ...]:
    table, _, column = split.source.rpartition(".")
    if table not in known or not {column, split.parent} <= set(known[table]):
        raise MappingError("from and parent: write columns of a table that is loaded before")
    statement = (
        f"SELECT {quote(split.parent)}, {quote(column)} FROM {quote(table)} "  # noqa: S608 - quoted
        f"WHERE {quote(column)} IS NOT NULL ORDER BY rowid"
    )
    pattern = compile_pattern(split.pattern)
    rows = (
        (parent, *values)
        for parent, text in connection.execute(statement)
        for values in split_text(pattern, text)
    )
    grid = Grid(("_parent", *pattern.groupindex), rows)
    write_grid(connection, split.table, grid=grid, wording=_wording(_files(mapping), split.table))
    return grid.columns
