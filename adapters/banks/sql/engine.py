"""What the adapter needs of a database: read-only statements that can be stopped."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from adapters.banks.sql.types import ColumnType
from adapters.mapping.scalars import Scalar
from adapters.mapping.statements import Dialect

__all__ = ["MAX_STATEMENT_S", "Engine", "choose_limit"]

MAX_STATEMENT_S = 30
"""No statement runs longer on a server, whatever becomes of us; the longest deadline there is."""

_LIMITS = (1, 3, 10, MAX_STATEMENT_S)


def choose_limit(present: int, timeout_s: float) -> int:
    """Return the limit that a session shall have for a statement, in seconds.

    It is the server's second net, for when our own cancelling does not reach it: one of a few round
    values, never shorter than the deadline. Telling a session a new one costs as much as a short
    statement, so that the next wider one is kept.

    Args:
        present: The limit that the session has, in seconds.
        timeout_s: What is left until the deadline.
    """
    fits = [limit for limit in _LIMITS if limit >= timeout_s] or [MAX_STATEMENT_S]
    return present if present in fits[:2] else fits[0]


class Engine(Protocol):
    """One database. Connections are made when they are first needed.

    All methods raise BankUnavailableError, BankTimeoutError or BankFaultError, never a driver's
    own error. When the task is cancelled, or the time is over, the statement is stopped.
    """

    @property
    def dialect(self) -> Dialect:
        """The dialect that statements are written in."""
        ...

    @property
    def name(self) -> str:
        """What people call it."""
        ...

    async def rows(
        self, text: str, values: Sequence[Scalar], timeout_s: float
    ) -> list[tuple[Scalar, ...]]:
        """Run one statement with bound values."""
        ...

    async def columns(self, table: str, timeout_s: float) -> Mapping[str, ColumnType]:
        """Return the columns of a table with their types; empty where there is no such table."""
        ...

    async def tables(self, timeout_s: float) -> list[str]:
        """Return the names of the tables and views, to suggest one."""
        ...

    async def stamp(self) -> str:
        """Return a text that changes with the data, where the engine can tell; else empty."""
        ...

    async def close(self) -> None:
        """Give back all connections. Safe to call twice."""
        ...
