"""What PostgreSQL and MariaDB have in common: a pool, a deadline, one more try, a clean stop."""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Coroutine, Mapping, Sequence
from contextlib import suppress
from typing import Any, ClassVar, Final, Generic, TypeVar

from adapters.banks.sql.pool import Pool
from adapters.banks.sql.types import ColumnType, read_declared
from adapters.contract import AdapterError, BankTimeoutError, BankUnavailableError
from adapters.mapping.scalars import Scalar
from adapters.mapping.statements import Dialect

__all__ = ["Rows", "ServerEngine"]

_C = TypeVar("_C")

Rows = list[tuple[Scalar, ...]]
"""What a statement gives."""

_STOP_S: Final = 2.0


class ServerEngine(ABC, Generic[_C]):
    """A database server; subclasses know the driver.

    Args:
        pool: Connections at most.
    """

    dialect: Dialect
    name: str
    columns_text: ClassVar[str]
    tables_text: ClassVar[str]

    def __init__(self, pool: int) -> None:
        self._pool: Pool[_C] = Pool(pool, self._connect)
        self._stopping: set[asyncio.Task[None]] = set()
        self._closed = False

    @abstractmethod
    async def _connect(self) -> _C:
        """Make one read-only connection."""

    @abstractmethod
    async def _ask(
        self, connection: _C, text: str, values: Sequence[Scalar], timeout_s: float
    ) -> Rows:
        """Run one statement on a connection."""

    @abstractmethod
    async def _stop(self, connection: _C) -> None:
        """Stop what runs on a connection and close it."""

    @abstractmethod
    def _judge(self, exc: BaseException) -> AdapterError | None:
        """Say what a driver's error means; None where it is not the driver's."""

    async def rows(self, text: str, values: Sequence[Scalar], timeout_s: float) -> Rows:
        """Run one statement with bound values.

        Raises:
            BankTimeoutError: The time was over.
            BankUnavailableError: The server cannot be reached or does not serve now.
            BankFaultError: The bank refused the statement.
        """
        if self._closed:
            raise BankUnavailableError("the bank was closed")
        try:
            async with asyncio.timeout(timeout_s):
                return await self._try(text, values, timeout_s)
        except TimeoutError:
            raise BankTimeoutError("the bank did not answer in time") from None

    async def _try(self, text: str, values: Sequence[Scalar], timeout_s: float) -> Rows:
        """Try once more with a new connection where an old one turns out to be dead."""
        while True:
            used = False
            try:
                connection, used = await self._pool.take()
                return await self._run(connection, text, values, timeout_s)
            except Exception as exc:
                error = self._judge(exc)
                if error is None:
                    raise
                if not (used and isinstance(error, BankUnavailableError)):
                    raise error from None
                self._retire(self._pool.empty())

    async def _run(
        self, connection: _C, text: str, values: Sequence[Scalar], timeout_s: float
    ) -> Rows:
        try:
            found = await self._ask(connection, text, values, timeout_s)
        except BaseException:
            self._pool.drop()
            self._retire([connection])
            raise
        self._pool.give(connection)
        return found

    def _retire(self, connections: Sequence[_C]) -> None:
        """Stop connections beside the caller: its cancelling ends at once, the server's follows."""
        for connection in connections:
            self._begin(self._stop_quietly(connection))

    def _begin(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._stopping.add(task)
        task.add_done_callback(self._stopping.discard)

    async def _stop_quietly(self, connection: _C) -> None:
        try:
            async with asyncio.timeout(_STOP_S):
                await self._stop(connection)
        except Exception as exc:
            if self._judge(exc) is None and not isinstance(exc, TimeoutError):
                raise

    async def columns(self, table: str, timeout_s: float) -> Mapping[str, ColumnType]:
        """Return the columns of a table with their types. Raises as Engine says."""
        schema, _, name = table.rpartition(".")
        found = await self.rows(self.columns_text, (name, schema, schema), timeout_s)
        return {str(column): read_declared(str(declared)) for column, declared in found}

    async def tables(self, timeout_s: float) -> list[str]:
        """Return the names of the tables and views that we may read. Raises as Engine says."""
        return [str(name) for (name,) in await self.rows(self.tables_text, (), timeout_s)]

    async def stamp(self) -> str:
        """Return nothing: a server does not tell."""
        return ""

    async def close(self) -> None:
        """Close all connections and wait for what is being stopped. Safe to call twice."""
        self._closed = True
        self._retire(self._pool.empty())
        with suppress(asyncio.CancelledError):
            await asyncio.gather(*self._stopping)
