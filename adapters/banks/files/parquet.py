"""Read Parquet through DuckDB, which is told to open this one file and nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import duckdb

from adapters.banks.files.cells import Grid, Row, name_columns
from adapters.contract import BankFaultError

__all__ = ["read_parquet"]

_BATCH: Final = 2_000
_NUMBERS: Final = ("DECIMAL", "FLOAT", "DOUBLE")
_UNREADABLE: Final = ("STRUCT", "MAP", "UNION", "BLOB")


def read_parquet(path: Path) -> Grid:
    """Read a Parquet file; nested and binary columns are left out.

    Raises:
        BankFaultError: It is no Parquet file, or it has no column that can be read.
    """
    connection = _connect(path)
    try:
        described = connection.execute("DESCRIBE SELECT * FROM read_parquet(?)", [str(path)])
        types = {str(name): str(kind) for name, kind, *_ in described.fetchall()}
    except duckdb.Error:
        connection.close()
        raise BankFaultError("the file is not Parquet") from None
    readable = [name for name, kind in types.items() if _is_readable(kind)]
    if not readable:
        connection.close()
        raise BankFaultError("the file has no column of text, numbers or dates")
    chosen = ", ".join(_select_column(name, types[name]) for name in readable)
    return Grid(name_columns(readable), _read_rows(connection, path, chosen))


def _connect(path: Path) -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect(":memory:", config={"threads": "1"})
    quoted = str(path).replace("'", "''")
    for setting in (
        f"allowed_paths = ['{quoted}']",
        "enable_external_access = false",
        "autoinstall_known_extensions = false",
        "autoload_known_extensions = false",
        "TimeZone = 'UTC'",
        "lock_configuration = true",
    ):
        connection.execute(f"SET {setting}")
    return connection


def _is_readable(kind: str) -> bool:
    return not kind.startswith(_UNREADABLE) and not kind.endswith("]")


def _select_column(name: str, kind: str) -> str:
    """Have DuckDB write everything but fractions as text: its text of dates is ISO 8601."""
    quoted = '"' + name.replace('"', '""') + '"'
    return quoted if kind.startswith(_NUMBERS) else f"CAST({quoted} AS VARCHAR)"


def _read_rows(connection: duckdb.DuckDBPyConnection, path: Path, chosen: str) -> Iterator[Row]:
    statement = f"SELECT {chosen} FROM read_parquet(?)"  # noqa: S608 - column names are quoted
    try:
        found = connection.execute(statement, [str(path)])
        while batch := found.fetchmany(_BATCH):
            yield from batch
    except duckdb.Error:
        raise BankFaultError("the file cannot be read to its end") from None
    finally:
        connection.close()
