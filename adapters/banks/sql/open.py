"""Open a bank in a database. A mistake in the mapping stops it; a bank that is down may come."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import Final

from adapters.banks.sql.adapter import SqlAdapter
from adapters.banks.sql.address import read_address, read_sqlite_path
from adapters.banks.sql.engine import Engine
from adapters.banks.sql.functions import FunctionAdapter
from adapters.banks.sql.mariadb import MariadbEngine
from adapters.banks.sql.postgres import PostgresEngine
from adapters.banks.sql.sqlite import SqliteEngine
from adapters.contract import BankFaultError, BankTimeoutError, BankUnavailableError, MappingError
from adapters.mapping.model import Mapping

__all__ = ["choose_engine", "open_database", "open_sql"]

_CHECK_S: Final = 5.0
_THREADS: Final = 4


async def open_sql(mapping: Mapping, folder: Path) -> SqlAdapter | FunctionAdapter:
    """Open a bank of kind sql.

    Args:
        mapping: Its mapping.
        folder: The bank's folder; a SQLite file and a password file are relative to it.

    Raises:
        MappingError: The mapping names a table or column that is not in the bank, says more in a
            `where` than it may, or an address that is none.
    """
    return await _open(mapping, choose_engine(mapping, folder))


async def open_database(mapping: Mapping, database: Path) -> SqlAdapter | FunctionAdapter:
    """Open a bank whose files were loaded into a SQLite file. Raises as open_sql."""
    return await _open(mapping, SqliteEngine(database, _THREADS))


def choose_engine(mapping: Mapping, folder: Path) -> Engine:
    """Return the engine of a bank of kind sql; it has no connection yet.

    Raises:
        MappingError: There is no `[sql]` block, or its address is none.
    """
    sql = mapping.sql
    if sql is None:
        raise MappingError(f"{mapping.origin().tell(('bank', 'kind'))}: write a [sql] block")
    if sql.engine == "sqlite":
        return SqliteEngine(read_sqlite_path(sql, folder), sql.pool)
    address = read_address(mapping, sql, folder)
    if sql.engine == "postgres":
        return PostgresEngine(address, sql.pool)
    if sql.engine == "mariadb":
        return MariadbEngine(address, sql.pool)
    from adapters.banks.sql.tails import open_tail  # SQLAlchemy is slow to import

    return open_tail(mapping, sql, address)


async def _open(mapping: Mapping, engine: Engine) -> SqlAdapter | FunctionAdapter:
    """Check the mapping now where the bank can be asked, else before its first answer."""
    try:
        kind = FunctionAdapter if mapping.functions else SqlAdapter
        adapter = kind(mapping, engine)
        with suppress(BankUnavailableError, BankTimeoutError, BankFaultError):
            await adapter.check(_CHECK_S)
    except BaseException:
        await engine.close()
        raise
    return adapter
