"""How each engine of the long tail is reached, and which extra brings its driver."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.util import find_spec
from typing import Final

import sqlalchemy

from adapters.banks.sql.address import Address
from adapters.banks.sql.alchemy import AlchemyEngine, Tail
from adapters.contract import MappingError
from adapters.mapping.model import Mapping
from adapters.mapping.sources import Sql

__all__ = ["TAILS", "open_tail", "write_url"]


@dataclass(frozen=True, slots=True)
class _Way:
    """An engine, the name of its dialect and driver in SQLAlchemy, its module, its options."""

    tail: Tail
    driver: str
    module: str
    options: dict[str, str]


TAILS: Final = {
    "oracle": _Way(
        Tail("oracle", "oracle", before=("SET TRANSACTION READ ONLY",)),
        "oracle+oracledb",
        "oracledb",
        {},
    ),
    "mssql": _Way(
        Tail("tsql", "mssql", before=("SET LOCK_TIMEOUT 30000",)),
        "mssql+pyodbc",
        "pyodbc",
        {"driver": "ODBC Driver 18 for SQL Server", "ApplicationIntent": "ReadOnly"},
    ),
    "trino": _Way(Tail("trino", "trino"), "trino", "trino", {}),
    "clickhouse": _Way(
        Tail("clickhouse", "clickhouse", named=True),
        "clickhousedb+connect",
        "clickhouse_connect",
        # Else a join that finds nothing gives empty texts and zeros, which would be values.
        {"readonly": "2", "max_execution_time": "30", "join_use_nulls": "1"},
    ),
}
"""By the word for the engine in a mapping, which is the name of the extra too."""


def open_tail(mapping: Mapping, sql: Sql, address: Address) -> AlchemyEngine:
    """Open the engine of a bank; it has no connection yet.

    Raises:
        MappingError: The engine's driver is not installed.
    """
    way = TAILS[sql.engine]
    if find_spec(way.module) is None:
        told = mapping.origin().tell(("sql", "engine"))
        raise MappingError(
            f"{told}: {sql.engine} needs its driver: pip install 'kalkan[{sql.engine}]'"
        )
    return AlchemyEngine(write_url(sql, address), way.tail, sql.pool)


def write_url(sql: Sql, address: Address) -> sqlalchemy.URL:
    """Write an address as SQLAlchemy has it; the mapping's own options come last."""
    way, database = TAILS[sql.engine], address.database
    service = {"service_name": database} if sql.engine == "oracle" else {}
    return sqlalchemy.URL.create(
        way.driver,
        username=address.user,
        password=address.password or None,
        host=address.host,
        port=address.port,
        database=None if service else database,
        query={**way.options, **service, **sql.options},
    )
