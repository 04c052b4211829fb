"""PostgreSQL through asyncpg: prepared statements, read-only, stopped at the server."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Final

import asyncpg  # type: ignore[import-untyped] # asyncpg ships no types

from adapters.banks.sql.address import Address
from adapters.banks.sql.engine import MAX_STATEMENT_S, choose_limit
from adapters.banks.sql.server import Rows, ServerEngine
from adapters.contract import AdapterError, BankFaultError, BankTimeoutError, BankUnavailableError
from adapters.mapping.scalars import Scalar
from adapters.mapping.statements import Dialect

__all__ = ["PostgresEngine"]

_AWAY: Final = ("08", "28", "3D", "53", "57", "58")
"""Classes of SQLSTATE that say "not now": connection, login, database, resources, operator, I/O."""

_CANCELLED: Final = "57014"
_STATEMENTS: Final = 256


@dataclass(slots=True)
class _Held:
    """A connection, and the limit that its session has, in seconds."""

    connection: asyncpg.Connection[Any]
    limit: int


class PostgresEngine(ServerEngine[_Held]):
    """One PostgreSQL database.

    Args:
        address: Where it is.
        pool: Connections at most.
    """

    dialect: Dialect = "postgres"
    name = "postgres"
    columns_text: ClassVar[str] = (
        "SELECT column_name::text, data_type || '|' || current_setting('server_encoding')"
        " FROM information_schema.columns"
        " WHERE table_name = $1 AND ($2 <> '' AND table_schema = $3"
        " OR $2 = '' AND table_schema::name = ANY (current_schemas(false)))"
    )
    tables_text: ClassVar[str] = (
        "SELECT CASE WHEN table_schema::name = ANY (current_schemas(false)) THEN table_name::text"
        " ELSE table_schema || '.' || table_name END FROM information_schema.tables"
        " WHERE table_schema <> 'information_schema' AND table_schema NOT LIKE 'pg\\_%'"
    )

    def __init__(self, address: Address, pool: int) -> None:
        super().__init__(pool)
        self._address = address

    async def _connect(self) -> _Held:
        address = self._address
        connection = await asyncpg.connect(
            host=address.host,
            port=address.port,
            user=address.user,
            password=address.password or None,
            database=address.database,
            ssl=address.tls if address.tls is not None else False,
            statement_cache_size=_STATEMENTS,
            server_settings={
                "application_name": "kalkan",
                "default_transaction_read_only": "on",
                "statement_timeout": f"{MAX_STATEMENT_S * 1000}",
            },
        )
        return _Held(connection, MAX_STATEMENT_S)

    async def _ask(
        self, connection: _Held, text: str, values: Sequence[Scalar], timeout_s: float
    ) -> Rows:
        limit = choose_limit(connection.limit, timeout_s)
        if connection.limit != limit:
            set_limit = "SELECT set_config('statement_timeout', $1, false)"
            await connection.connection.fetchval(set_limit, f"{limit * 1000}")
            connection.limit = limit
        return [tuple(row) for row in await connection.connection.fetch(text, *values)]

    async def _stop(self, connection: _Held) -> None:
        """Close, which waits until the server has acknowledged what asyncpg cancelled."""
        await connection.connection.close()

    def _judge(self, exc: BaseException) -> AdapterError | None:
        if isinstance(exc, asyncpg.PostgresError):
            state = exc.sqlstate or ""
            if state == _CANCELLED:
                return BankTimeoutError("the bank did not answer in time")
            if state.startswith(_AWAY):
                return BankUnavailableError("the bank's server does not serve now")
            return BankFaultError("the bank refused a statement of its mapping")
        if isinstance(exc, asyncpg.DataError | asyncpg.InternalClientError):
            return BankFaultError("the bank's columns do not fit its mapping")
        if isinstance(exc, OSError | asyncpg.InterfaceError):
            return BankUnavailableError("the bank's server cannot be reached")
        return None
