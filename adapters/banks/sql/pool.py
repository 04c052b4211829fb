"""A few bare connections to one server.

The drivers' own pools reset a connection after each use, which costs more than the statement did.
Ours only read, one statement at a time, so there is nothing to reset; a connection with which
anything went wrong is not used again.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

__all__ = ["Pool"]

_C = TypeVar("_C")


class Pool(Generic[_C]):
    """Holds at most `size` connections.

    Args:
        size: Connections at most.
        connect: Makes one.
    """

    def __init__(self, size: int, connect: Callable[[], Awaitable[_C]]) -> None:
        self._free = asyncio.Semaphore(size)
        self._connect = connect
        self._idle: list[_C] = []

    async def take(self) -> tuple[_C, bool]:
        """Take a connection, and tell whether it was used before; wait where all are taken."""
        await self._free.acquire()
        try:
            if self._idle:
                return self._idle.pop(), True
            return await self._connect(), False
        except BaseException:
            self._free.release()
            raise

    def give(self, connection: _C) -> None:
        """Give a connection back."""
        self._idle.append(connection)
        self._free.release()

    def drop(self) -> None:
        """Say that a connection that was taken does not come back."""
        self._free.release()

    def empty(self) -> list[_C]:
        """Take out all connections that wait, to close them."""
        idle, self._idle = self._idle, []
        return idle
