"""SQLite: one connection in each worker thread, opened read-only, stopped within a millisecond.

On the event loop a statement would stall every other bank of the process. A statement is stopped
by `interrupt`, and by a progress handler that watches the deadline: `interrupt` alone is lost when
it comes before the statement has begun.
"""

from __future__ import annotations

import asyncio
import sqlite3
import threading
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final
from urllib.parse import quote

from adapters.banks.sql.types import ColumnType
from adapters.contract import AdapterError, BankFaultError, BankTimeoutError, BankUnavailableError
from adapters.mapping.scalars import Scalar
from adapters.mapping.statements import Dialect

__all__ = ["SqliteEngine"]

_STEPS: Final = 1000
_STATEMENTS: Final = 128
_AWAY: Final = frozenset(
    (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN)
)


class _Job:
    """One statement that can be stopped from another thread."""

    def __init__(self, text: str, values: Sequence[Scalar], timeout_s: float) -> None:
        self.text = text
        self.values = values
        self._deadline = time.monotonic() + timeout_s
        self._stopped = False
        self._lock = threading.Lock()
        self._connection: sqlite3.Connection | None = None

    def over(self) -> bool:
        """Tell SQLite whether to give up; called every few steps of its machine."""
        return self._stopped or time.monotonic() >= self._deadline

    def run(self, connection: sqlite3.Connection) -> list[tuple[Scalar, ...]]:
        """Run in the thread that owns the connection."""
        with self._lock:
            self._connection = connection
        connection.set_progress_handler(self.over, _STEPS)
        try:
            return connection.execute(self.text, self.values).fetchall()
        finally:
            with self._lock:
                self._connection = None

    def stop(self) -> None:
        """Stop it, whether it has begun or not; never another job on the same connection."""
        with self._lock:
            self._stopped = True
            if self._connection is not None:
                self._connection.interrupt()


class _Open:
    """A connection, and which file it was opened on: a bank may be replaced by a newer file."""

    def __init__(self, path: Path) -> None:
        self.identity = _identify(path)
        self.connection = sqlite3.connect(
            f"file:{quote(str(path))}?mode=ro",
            uri=True,
            check_same_thread=False,
            isolation_level=None,
            cached_statements=_STATEMENTS,
        )
        self.connection.execute("PRAGMA query_only = ON")
        self.connection.execute("PRAGMA trusted_schema = OFF")


def _identify(path: Path) -> tuple[int, int]:
    found = path.stat()
    return found.st_dev, found.st_ino


class SqliteEngine:
    """One SQLite file.

    Args:
        path: The file; it may be missing now and come later.
        threads: Statements that run at the same time.
    """

    dialect: Dialect = "sqlite"
    name = "sqlite"

    def __init__(self, path: Path, threads: int) -> None:
        self._path = path
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="sqlite")
        self._local = threading.local()
        self._opened: list[_Open] = []
        self._jobs: set[_Job] = set()
        self._closed = False

    async def rows(
        self, text: str, values: Sequence[Scalar], timeout_s: float
    ) -> list[tuple[Scalar, ...]]:
        """Run one statement with bound values.

        Raises:
            BankTimeoutError: The time was over.
            BankUnavailableError: The file cannot be read now.
            BankFaultError: The bank refused the statement.
        """
        if self._closed:
            raise BankUnavailableError("the bank was closed")
        job = _Job(text, values, timeout_s)
        self._jobs.add(job)
        try:
            async with asyncio.timeout(timeout_s):
                loop = asyncio.get_running_loop()
                return await loop.run_in_executor(self._threads, self._run, job)
        except TimeoutError:
            raise BankTimeoutError("the bank did not answer in time") from None
        finally:
            job.stop()
            self._jobs.discard(job)

    def _run(self, job: _Job) -> list[tuple[Scalar, ...]]:
        if job.over():
            raise BankTimeoutError("the bank did not answer in time")
        try:
            return job.run(self._connect())
        except (sqlite3.Error, OSError, OverflowError) as exc:
            raise _judge(exc) from None

    def _connect(self) -> sqlite3.Connection:
        """Return this thread's connection; a new one where the file was replaced."""
        opened: _Open | None = getattr(self._local, "opened", None)
        if opened is None or opened.identity != _identify(self._path):
            if opened is not None:
                opened.connection.close()
                self._opened.remove(opened)
            self._local.opened = None
            opened = _Open(self._path)
            self._local.opened = opened
            self._opened.append(opened)
        return opened.connection

    async def columns(self, table: str, timeout_s: float) -> Mapping[str, ColumnType]:
        """Return the columns of a table with their types. Raises as Engine says."""
        found = await self.rows("SELECT name, type FROM pragma_table_info(?)", (table,), timeout_s)
        return {str(name): _read_affinity(str(declared)) for name, declared in found}

    async def tables(self, timeout_s: float) -> list[str]:
        """Return the names of the tables and views. Raises as Engine says."""
        text = "SELECT name FROM sqlite_master WHERE type IN ('table', 'view')"
        return [str(name) for (name,) in await self.rows(text, (), timeout_s)]

    async def stamp(self) -> str:
        """Return when the file was written last, and its size."""
        return await asyncio.to_thread(self._stamp)

    def _stamp(self) -> str:
        try:
            found = self._path.stat()
        except OSError:
            raise BankUnavailableError("the bank's file is not there") from None
        return f"{found.st_ino}-{found.st_mtime_ns}-{found.st_size}"

    async def close(self) -> None:
        """Stop what runs, then close. Safe to call twice."""
        self._closed = True
        for job in tuple(self._jobs):
            job.stop()
        await asyncio.to_thread(self._threads.shutdown, wait=True)
        while self._opened:
            self._opened.pop().connection.close()


def _read_affinity(declared: str) -> ColumnType:
    """Any declared type makes SQLite compare a text as that type; without one it may be either."""
    return ColumnType("any" if declared.upper() in {"", "BLOB"} else "text")


def _judge(exc: Exception) -> AdapterError:
    code = getattr(exc, "sqlite_errorcode", None)
    if code == sqlite3.SQLITE_INTERRUPT:
        return BankTimeoutError("the bank did not answer in time")
    if isinstance(exc, OSError) or (code is not None and code & 0xFF in _AWAY):
        return BankUnavailableError("the bank's file cannot be read now")
    return BankFaultError("the bank refused a statement of its mapping")
