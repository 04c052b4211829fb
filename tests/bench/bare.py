"""The floor of a lookup: bare drivers, read-only and with a limit, given texts and values.

Each is told what the adapter tells its own connections, and then does the least that the driver
can do: one connection, prepared statements, no pool, no deadline on this side.
"""

import asyncio
import sqlite3
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import asyncmy
import asyncpg

from seeds.servers import Server

LIMIT_S = 3

Statement = tuple[str, tuple]
"""A text with the driver's placeholders, and their values."""


class BarePostgres:
    """asyncpg with one connection."""

    def __init__(self, server: Server, database: str) -> None:
        self.server, self.database = server, database

    async def open(self) -> None:
        self.connection = await asyncpg.connect(
            host="127.0.0.1",
            port=self.server.port,
            user=self.server.user,
            database=self.database,
            ssl=False,
            server_settings={
                "default_transaction_read_only": "on",
                "statement_timeout": f"{LIMIT_S * 1000}",
            },
        )

    async def ask(self, statements: Sequence[Statement]) -> None:
        for text, values in statements:
            await self.connection.fetch(text, *values)

    async def close(self) -> None:
        await self.connection.close()


class BareMariadb:
    """asyncmy with one connection and its own prepared statements."""

    def __init__(self, server: Server, database: str) -> None:
        self.server, self.database = server, database
        self.prepared: dict = {}

    async def open(self) -> None:
        self.connection = await asyncmy.connect(
            host="127.0.0.1",
            port=self.server.port,
            user=self.server.user,
            database=self.database,
            charset="utf8mb4",
            autocommit=True,
            init_command=f"SET SESSION tx_read_only = 1, max_statement_time = {LIMIT_S}",
        )

    async def ask(self, statements: Sequence[Statement]) -> None:
        for text, values in statements:
            if text not in self.prepared:
                self.prepared[text] = await self.connection.prepare(text)
            await self.prepared[text].execute(values)

    async def close(self) -> None:
        await self.connection.ensure_closed()


class BareSqlite:
    """sqlite3 in a thread, which runs all statements of a lookup in one go."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.thread = ThreadPoolExecutor(1)

    async def open(self) -> None:
        await self.off_loop(self.connect)

    def connect(self) -> None:
        self.connection = sqlite3.connect(
            f"file:{self.path}?mode=ro", uri=True, isolation_level=None
        )
        self.connection.execute("PRAGMA query_only = ON")

    async def ask(self, statements: Sequence[Statement]) -> None:
        await self.off_loop(self.run, statements)

    def run(self, statements: Sequence[Statement]) -> None:
        end = time.monotonic() + LIMIT_S
        self.connection.set_progress_handler(lambda: time.monotonic() >= end, 1000)
        for text, values in statements:
            self.connection.execute(text, values).fetchall()

    async def off_loop(self, work, *arguments) -> None:
        await asyncio.get_running_loop().run_in_executor(self.thread, work, *arguments)

    async def close(self) -> None:
        await self.off_loop(self.connection.close)
        self.thread.shutdown()
