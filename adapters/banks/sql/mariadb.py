"""MariaDB through asyncmy: prepared at the server, read-only, killed there when cancelled.

asyncmy's cursors write values into the text of a statement. Its prepared statements do not: the
text goes to the server alone and the values follow in binary form, so those are what is used here.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from typing import Any, ClassVar, Final

import asyncmy
from asyncmy import errors

from adapters.banks.sql.address import Address
from adapters.banks.sql.engine import MAX_STATEMENT_S, choose_limit
from adapters.banks.sql.server import Rows, ServerEngine
from adapters.contract import AdapterError, BankFaultError, BankTimeoutError, BankUnavailableError
from adapters.mapping.scalars import Scalar
from adapters.mapping.statements import Dialect

__all__ = ["MariadbEngine"]

_CANCELLED: Final = frozenset((1317, 1969, 3024))
_FAULTS: Final = frozenset((1054, 1064, 1142, 1143, 1146, 1210, 1267, 1305, 1345, 1370, 1792))
_STATEMENTS: Final = 256


class _Held:
    """A connection with its prepared statements, and the limit of its session in seconds."""

    def __init__(self, connection: Any) -> None:  # noqa: ANN401 - a class of Cython
        self.connection = connection
        self.limit = MAX_STATEMENT_S
        self.running = False
        self._prepared: OrderedDict[str, Any] = OrderedDict()

    async def prepare(self, text: str) -> Any:  # noqa: ANN401 - a class of Cython
        """Return a statement, prepared now or before."""
        found = self._prepared.get(text)
        if found is None:
            found = self._prepared[text] = await self.connection.prepare(text)
            if len(self._prepared) > _STATEMENTS:
                _, oldest = self._prepared.popitem(last=False)
                await oldest.close()
        self._prepared.move_to_end(text)
        return found


class MariadbEngine(ServerEngine[_Held]):
    """One MariaDB database.

    Args:
        address: Where it is.
        pool: Connections at most.
    """

    dialect: Dialect = "mysql"
    name = "mariadb"
    columns_text: ClassVar[str] = (
        "SELECT column_name, CONCAT_WS('|', data_type, character_set_name)"
        " FROM information_schema.columns"
        " WHERE table_name = ? AND table_schema = CASE ? WHEN '' THEN DATABASE() ELSE ? END"
    )
    tables_text: ClassVar[str] = (
        "SELECT table_name FROM information_schema.tables WHERE table_schema = DATABASE()"
    )

    def __init__(self, address: Address, pool: int) -> None:
        super().__init__(pool)
        self._address = address

    async def _open(self, setup: str | None) -> Any:  # noqa: ANN401 - a class of Cython
        address = self._address
        return await asyncmy.connect(
            host=address.host,
            port=address.port,
            user=address.user,
            password=address.password,
            database=address.database,
            ssl=address.tls,
            charset="utf8mb4",
            autocommit=True,
            init_command=setup,
        )

    async def _connect(self) -> _Held:
        setup = f"SET SESSION tx_read_only = 1, max_statement_time = {MAX_STATEMENT_S}"
        return _Held(await self._open(setup))

    async def _ask(
        self, connection: _Held, text: str, values: Sequence[Scalar], timeout_s: float
    ) -> Rows:
        limit = choose_limit(connection.limit, timeout_s)
        connection.running = True
        if connection.limit != limit:
            await connection.connection.query(f"SET SESSION max_statement_time = {limit:d}")
            connection.limit = limit
        statement = await connection.prepare(text)
        found = await statement.execute(tuple(values))
        connection.running = False
        return list(found.rows or ())

    async def _stop(self, connection: _Held) -> None:
        """Kill the connection at the server from a second one, then close it.

        The server does not notice that a client has gone before it has the whole answer. Killing
        the connection rather than its query cannot miss: nothing else will ever run on it.
        """
        if not connection.running:
            await connection.connection.ensure_closed()
            return
        thread = int(connection.connection.thread_id())
        connection.connection.close()
        second = await self._open(None)
        try:
            await second.query(f"KILL CONNECTION {thread:d}")
        finally:
            await second.ensure_closed()

    def _judge(self, exc: BaseException) -> AdapterError | None:
        if isinstance(exc, OSError):
            return BankUnavailableError("the bank's server cannot be reached")
        if not isinstance(exc, errors.MySQLError):
            return None
        code = exc.args[0] if exc.args else 0
        if code in _CANCELLED:
            return BankTimeoutError("the bank did not answer in time")
        if code in _FAULTS or not isinstance(exc, errors.OperationalError | errors.InterfaceError):
            return BankFaultError("the bank refused a statement of its mapping")
        return BankUnavailableError("the bank's server does not serve now")
