"""The long tail of engines, through SQLAlchemy in worker threads: Oracle, SQL Server, and others.

It costs more than the engines of our own and stops less surely: a driver that cannot cancel runs
on until its own limit, while the caller and the next question go on. What the statements say is
proved word for word by tests; the servers themselves were not run, as the documentation says.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any, Final, TypeVar

import sqlalchemy
from sqlalchemy import types
from sqlalchemy.exc import DBAPIError, NoSuchTableError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from adapters.banks.sql.types import ColumnType, Family
from adapters.contract import AdapterError, BankFaultError, BankTimeoutError, BankUnavailableError
from adapters.mapping.scalars import Scalar
from adapters.mapping.statements import Dialect

__all__ = ["AlchemyEngine", "Tail"]

_T = TypeVar("_T")

_SPARE: Final = 3
"""Threads for each connection: one may still wait for a driver that cannot cancel."""

_AGAIN_S: Final = 0.05
_CLOSE_S: Final = 5.0

_FAMILIES: Final[tuple[tuple[type[types.TypeEngine[Any]], Family], ...]] = (
    (types.Boolean, "boolean"),
    (types.Integer, "integer"),
    (types.Numeric, "number"),
    (types.DateTime, "instant"),
    (types.Date, "date"),
    (types.Uuid, "uuid"),
)


@dataclass(frozen=True, slots=True)
class Tail:
    """What is particular about one of these engines.

    Attributes:
        dialect: What its statements are written in.
        name: What people call it.
        before: Statements before each of ours, such as one that makes a transaction read-only.
        named: Whether values are bound by name (`p1`, `p2`) instead of by their order.
    """

    dialect: Dialect
    name: str
    before: tuple[str, ...] = ()
    named: bool = False


class _Job:
    """One statement that can be stopped from another thread, as far as the driver can."""

    def __init__(self) -> None:
        self.stopped = False
        self._driver: Any = None
        self._lock = threading.Lock()

    @contextmanager
    def on(self, driver: Any) -> Iterator[None]:  # noqa: ANN401 - each driver has its own class
        """Say which connection the statement runs on; afterwards it is another one's.

        Raises:
            BankTimeoutError: The statement was stopped before it began.
        """
        with self._lock:
            if self.stopped:
                raise BankTimeoutError("the bank did not answer in time")
            self._driver = driver
        try:
            yield
        finally:
            with self._lock:
                self._driver = None

    def stop(self) -> None:
        """Cancel the statement where it runs."""
        with self._lock:
            self.stopped = True
            ends = (getattr(self._driver, name, None) for name in ("cancel", "interrupt"))
            end = next(filter(callable, ends), None)
            if end is not None:
                with suppress(Exception):  # whatever a driver raises, the caller has gone on
                    end()


class AlchemyEngine:
    """One database.

    Args:
        url: Where it is, as SQLAlchemy has it.
        tail: What is particular about its engine.
        pool: Connections at most.
    """

    def __init__(self, url: sqlalchemy.URL, tail: Tail, pool: int) -> None:
        self._tail = tail
        self._engine = sqlalchemy.create_engine(
            url, pool_size=pool, max_overflow=pool * (_SPARE - 1), hide_parameters=True
        )
        self._threads = ThreadPoolExecutor(pool * _SPARE, thread_name_prefix=tail.name)
        self._free = asyncio.Semaphore(pool)
        self._jobs: dict[_Job, asyncio.Future[Any]] = {}
        self._pursuers: set[asyncio.Task[None]] = set()
        self._closed = False

    @property
    def dialect(self) -> Dialect:
        """The dialect that statements are written in."""
        return self._tail.dialect

    @property
    def name(self) -> str:
        """What people call it."""
        return self._tail.name

    async def rows(
        self, text: str, values: Sequence[Scalar], timeout_s: float
    ) -> list[tuple[Scalar, ...]]:
        """Run one statement with bound values. Raises as Engine says."""
        job = _Job()
        return await self._run(job, lambda: self._ask(job, text, values), timeout_s)

    async def columns(self, table: str, timeout_s: float) -> Mapping[str, ColumnType]:
        """Return the columns of a table with their types. Raises as Engine says."""
        return await self._run(_Job(), lambda: self._describe(table), timeout_s)

    async def tables(self, timeout_s: float) -> list[str]:
        """Return the names of the tables and views. Raises as Engine says."""
        return await self._run(_Job(), self._list, timeout_s)

    async def _run(self, job: _Job, work: Callable[[], _T], timeout_s: float) -> _T:
        if self._closed:
            raise BankUnavailableError("the bank was closed")
        try:
            async with asyncio.timeout(timeout_s), self._free:
                return await self._work(job, work)
        except TimeoutError:
            raise BankTimeoutError("the bank did not answer in time") from None

    async def _work(self, job: _Job, work: Callable[[], _T]) -> _T:
        """Work in a thread, and leave it to a pursuer where nobody waits any more."""
        loop = asyncio.get_running_loop()
        running = self._jobs[job] = loop.run_in_executor(self._threads, _judged, job, work)
        try:
            return await asyncio.shield(running)
        finally:
            del self._jobs[job]
            if not running.done():
                self._pursue(job, running)

    def _pursue(self, job: _Job, running: asyncio.Future[Any]) -> None:
        job.stopped = True
        pursuer = asyncio.get_running_loop().create_task(_pursue(job, running))
        self._pursuers.add(pursuer)
        pursuer.add_done_callback(self._pursuers.discard)

    def _ask(self, job: _Job, text: str, values: Sequence[Scalar]) -> list[tuple[Scalar, ...]]:
        """Run in a thread; once more where a connection had died while it was idle."""
        try:
            return self._try(job, text, values)
        except DBAPIError as exc:
            if not exc.connection_invalidated or job.stopped:
                raise
            return self._try(job, text, values)

    def _try(self, job: _Job, text: str, values: Sequence[Scalar]) -> list[tuple[Scalar, ...]]:
        bound: Any = tuple(values)
        if self._tail.named:
            bound = {f"p{number}": value for number, value in enumerate(values, start=1)}
        with self._engine.connect() as connection:
            with job.on(connection.connection.dbapi_connection):
                for before in self._tail.before:
                    connection.exec_driver_sql(before)
                found = connection.exec_driver_sql(text, bound).fetchall()
            return [tuple(row) for row in found]

    def _describe(self, table: str) -> dict[str, ColumnType]:
        schema, _, name = table.rpartition(".")
        try:
            found = sqlalchemy.inspect(self._engine).get_columns(name, schema=schema or None)
        except NoSuchTableError:
            return {}
        return {self._spell(str(column["name"])): _read_type(column["type"]) for column in found}

    def _list(self) -> list[str]:
        inspector = sqlalchemy.inspect(self._engine)
        found = (*inspector.get_table_names(), *inspector.get_view_names())
        return [self._spell(name) for name in found]

    def _spell(self, name: str) -> str:
        """Write a name as the engine keeps it: SQLAlchemy makes Oracle's capitals small letters."""
        return name.upper() if self.dialect == "oracle" and name == name.lower() else name

    async def stamp(self) -> str:
        """Return nothing: a server does not tell."""
        return ""

    async def close(self) -> None:
        """Stop what runs, then close; a driver that does not let go is not waited for for long."""
        self._closed = True
        for job, running in self._jobs.items():
            self._pursue(job, running)
        if self._pursuers:
            await asyncio.wait(self._pursuers, timeout=_CLOSE_S)
        done = not self._pursuers
        await asyncio.to_thread(self._threads.shutdown, wait=done, cancel_futures=True)
        await asyncio.to_thread(self._engine.dispose)


async def _pursue(job: _Job, running: asyncio.Future[Any]) -> None:
    """Stop a statement again and again: a driver may not hear it before the statement began."""
    while not running.done():
        await asyncio.to_thread(job.stop)
        await asyncio.wait({running}, timeout=_AGAIN_S)
    with suppress(asyncio.CancelledError):
        running.exception()  # nobody else will ask for it


def _judged(job: _Job, work: Callable[[], _T]) -> _T:
    """Work, and turn what the driver raises into an error of the contract."""
    if job.stopped:
        raise BankTimeoutError("the bank did not answer in time")
    try:
        return work()
    except (SQLAlchemyError, OSError, OverflowError) as exc:
        raise _judge(exc, stopped=job.stopped) from None


def _judge(exc: Exception, *, stopped: bool) -> AdapterError:
    if stopped:
        return BankTimeoutError("the bank did not answer in time")
    if isinstance(exc, OSError | PoolTimeoutError):
        return BankUnavailableError("the bank's server cannot be reached")
    if isinstance(exc, sqlalchemy.exc.OperationalError | sqlalchemy.exc.InterfaceError):
        return BankUnavailableError("the bank's server does not serve now")
    if isinstance(exc, DBAPIError) and exc.connection_invalidated:
        return BankUnavailableError("the bank's server broke off")
    return BankFaultError("the bank refused a statement of its mapping")


def _read_type(declared: types.TypeEngine[Any]) -> ColumnType:
    """Read the type of a column; what is not known here is compared as text."""
    for kind, family in _FAMILIES:
        if isinstance(declared, kind):
            small = isinstance(declared, types.SmallInteger)
            return ColumnType(family, 16 if small else 64)
    return ColumnType("text")
