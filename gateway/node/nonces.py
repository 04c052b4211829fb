"""Nonces that replicas of one node share: each is accepted once per bank, by whichever is asked.

One statement decides: it inserts the nonce, or returns the digest that was there first. While the
store cannot be reached nobody knows, and the bank is not asked.
"""

from __future__ import annotations

import asyncio
import hmac
import logging
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final, Protocol
from urllib.parse import urlsplit

import asyncpg  # type: ignore[import-untyped]  # asyncpg ships no types

from gateway.access.errors import NonceReusedError, NoncesAwayError
from gateway.access.freshness import KEEP
from gateway.clock import Clock
from gateway.errors import SettingsError
from gateway.node.store import open_store

log = logging.getLogger(__name__)

PATIENCE_S: Final = 2.0
"""Seconds that a store may take."""
SLACK: Final = timedelta(seconds=60)
"""How much longer a nonce is kept, for replicas whose clocks differ."""
FORGET_S: Final = 60.0
"""Seconds between two cleanings."""

_TABLE: Final = (
    "CREATE TABLE IF NOT EXISTS kalkan_nonces (bank {text} NOT NULL, nonce {bytes} NOT NULL,"
    " digest {bytes} NOT NULL, until_ms BIGINT NOT NULL, PRIMARY KEY (bank, nonce))"
)
_ADMIT: Final = (
    "INSERT INTO kalkan_nonces AS known (bank, nonce, digest, until_ms) VALUES ({values})"
    " ON CONFLICT (bank, nonce) DO UPDATE SET digest = known.digest RETURNING digest"
)
_FORGET: Final = "DELETE FROM kalkan_nonces WHERE until_ms < {value}"
_Row = tuple[str, bytes, bytes, int]


class Nonces(Protocol):
    """What a node asks of a store."""

    async def admit(self, bank: str, nonce: bytes, digest: bytes, at: datetime) -> None:
        """Admit a query at a bank, or the same bytes again. Raises as `SharedNonces`."""

    async def close(self) -> None:
        """Close the store."""


class _Driver(Protocol):
    """A database that runs the two statements; raises whatever it likes."""

    async def put(self, row: _Row) -> bytes:
        """Insert a row; return the digest that stands."""

    async def forget(self, before_ms: int) -> None:
        """Delete what ended before."""

    async def close(self) -> None:
        """Close all connections."""


class SharedNonces:
    """The nonces of one node, in a database that all its replicas reach."""

    def __init__(self, driver: _Driver, clock: Clock) -> None:
        """Keep them by `driver`; connects when it is first asked."""
        self._driver = driver
        self._clock = clock
        self._forget_at = clock.monotonic() + FORGET_S
        self._forgetting: asyncio.Task[None] | None = None

    async def admit(self, bank: str, nonce: bytes, digest: bytes, at: datetime) -> None:
        """Admit a query at a bank, or the same bytes again.

        Args:
            bank: As MEMBER/bank.
            nonce: 16 bytes.
            digest: SHA-256 of the query's bytes.
            at: The query's time, aware.

        Raises:
            NonceReusedError: The nonce came before with other bytes, here or at another replica.
            NoncesAwayError: The store cannot be reached.
        """
        row = (bank, nonce, digest, _milliseconds(at + KEEP + SLACK))
        try:
            async with asyncio.timeout(PATIENCE_S):
                first = await self._driver.put(row)
        except Exception as exc:  # noqa: BLE001 - whatever a driver raises: nobody knows this nonce
            log.warning("the store of nonces cannot be asked: %s", type(exc).__name__)
            raise NoncesAwayError("the store of nonces cannot be asked") from None
        self._clean()
        if not hmac.compare_digest(first, digest):
            raise NonceReusedError("the nonce was used with other bytes", field="nonce")

    def _clean(self) -> None:
        """Begin to forget what is over, now and then, beside the way of the search."""
        if self._clock.monotonic() >= self._forget_at:
            self._forget_at = self._clock.monotonic() + FORGET_S
            self._forgetting = asyncio.create_task(self._forget())

    async def _forget(self) -> None:
        with suppress(Exception):  # a store that has gone is reported by the next search
            await self._driver.forget(_milliseconds(self._clock.now()))

    async def close(self) -> None:
        """Close the store."""
        if self._forgetting is not None:
            await self._forgetting
        await self._driver.close()


class _Sqlite:
    """A file on this machine; one thread, because SQLite has one writer anyhow."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._worker = ThreadPoolExecutor(1, thread_name_prefix="nonces")
        self._connection: sqlite3.Connection | None = None

    async def put(self, row: _Row) -> bytes:
        found = await self._run(_ADMIT.format(values="?, ?, ?, ?"), row)
        return bytes(found[0][0])

    async def forget(self, before_ms: int) -> None:
        await self._run(_FORGET.format(value="?"), (before_ms,))

    async def close(self) -> None:
        loop = asyncio.get_running_loop()
        await loop.run_in_executor(self._worker, self._close)
        self._worker.shutdown(wait=False)

    async def _run(self, statement: str, values: tuple[Any, ...]) -> list[Any]:
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._worker, self._execute, statement, values)

    def _execute(self, statement: str, values: tuple[Any, ...]) -> list[Any]:
        try:
            connection = self._connection or self._connect()
            return connection.execute(statement, values).fetchall()
        except sqlite3.Error:
            self._close()  # the next search opens it anew
            raise

    def _connect(self) -> sqlite3.Connection:
        # What a loss of power takes from here each replica learns again from its own ledger.
        self._connection = open_store(self._path, PATIENCE_S / 2)
        self._connection.execute(_TABLE.format(text="TEXT", bytes="BLOB"))
        return self._connection

    def _close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None


class _Postgres:
    """A PostgreSQL database."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._pool: asyncpg.Pool[Any] | None = None
        self._opening = asyncio.Lock()

    async def put(self, row: _Row) -> bytes:
        pool = await self._open()
        return bytes(await pool.fetchval(_ADMIT.format(values="$1, $2, $3, $4"), *row))

    async def forget(self, before_ms: int) -> None:
        pool = await self._open()
        await pool.execute(_FORGET.format(value="$1"), before_ms)

    async def close(self) -> None:
        if self._pool is not None:
            self._pool.terminate()

    async def _open(self) -> asyncpg.Pool[Any]:
        async with self._opening:
            if self._pool is None:
                pool = await asyncpg.create_pool(self._url, min_size=1, max_size=4)
                try:
                    await _make_table(pool)
                except BaseException:
                    pool.terminate()  # the next search opens it anew
                    raise
                self._pool = pool
            return self._pool


async def _make_table(pool: asyncpg.Pool[Any]) -> None:
    """Make the table; replicas that begin at once may all be about to, and one of them does.

    PostgreSQL tells the others of the table, of the type of its rows, or of an entry in its index.
    """
    made = (asyncpg.DuplicateTableError, asyncpg.DuplicateObjectError, asyncpg.UniqueViolationError)
    with suppress(*made):
        await pool.execute(_TABLE.format(text="TEXT", bytes="BYTEA"))


def open_nonces(url: str, folder: Path, clock: Clock) -> SharedNonces | None:
    """Open the store that a setting names; None where it names none.

    Args:
        url: "sqlite:///file", relative to `folder`, or "postgresql://user@host/database".
        folder: The folder of the settings.
        clock: Tells the time.

    Raises:
        SettingsError: It is neither, or holds a password.
    """
    if not url:
        return None
    parts = urlsplit(url)
    if parts.scheme == "sqlite" and not parts.netloc and len(parts.path) > 1:
        return SharedNonces(_Sqlite(folder / parts.path[1:]), clock)
    if parts.scheme in {"postgresql", "postgres"} and parts.hostname:
        if parts.password is not None:
            raise SettingsError("nonces: holds a password; name a file with ?passfile=PATH")
        return SharedNonces(_Postgres(url), clock)
    raise SettingsError("nonces: write sqlite:///FILE or postgresql://USER@HOST/DATABASE")


def _milliseconds(at: datetime) -> int:
    return int(at.timestamp() * 1000)
