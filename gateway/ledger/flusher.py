"""Group commit: write what many callers wait for with one sync.

While one batch is being synced the next one gathers, so the batch grows with the load and no
timer is needed. Callers get their answer only after the sync. A caller that goes away takes its
future with it and leaves its entries.

Fail-stop: the first error, or a batch that takes longer than the limit, breaks the flusher for
ever; all that wait and all that come later get the same error.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gateway.ledger.errors import LedgerBusyError, LedgerUnavailableError

if TYPE_CHECKING:
    from gateway.ledger.writer import Writer

OnBroken = Callable[[LedgerUnavailableError], None]


@dataclass(frozen=True, slots=True)
class Limits:
    """How large things may become.

    Attributes:
        segment_bytes: A segment ends before it would become larger than this.
        batch_bytes: A batch ends with the group that reaches this.
        waiting_bytes: More than this is not let wait; twice this for what ends a search, so that
            an overload refuses new searches before it loses the end of old ones.
        stall_s: Seconds after which a write or sync counts as failed.
        checkpoint_s: Seconds between two checkpoints at least, while the log grows.
    """

    segment_bytes: int = 64 << 20
    batch_bytes: int = 4 << 20
    waiting_bytes: int = 16 << 20
    stall_s: float = 10.0
    checkpoint_s: float = 0.5


@dataclass(slots=True)
class _Group:
    """Entries that one caller wants to have in the log."""

    entries: Sequence[bytes]
    size_bytes: int
    done: asyncio.Future[int]


class Flusher:
    """The one task that writes.

    Args:
        writer: The end of the ledger; nobody else uses it.
        limits: How large things may become.
        on_broken: Called once, in the event loop, when the flusher breaks.
    """

    def __init__(self, writer: Writer, limits: Limits, on_broken: OnBroken) -> None:
        self._writer = writer
        self._limits = limits
        self._on_broken = on_broken
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="ledger")
        self._waiting: deque[_Group] = deque()
        self._waiting_bytes = 0
        self._writing: list[_Group] = []
        self._wake = asyncio.Event()
        self._closing = False
        self._cause: BaseException | None = None
        self._stalled = False
        self._task = asyncio.create_task(self._run(), name="ledger-flusher")
        self._task.add_done_callback(self._on_task_end)
        self.on_grown: Callable[[], None] = _nothing
        """Called in the event loop after each batch that became durable."""

    @property
    def broken(self) -> bool:
        """Whether nothing will be written any more because of an error."""
        return self._cause is not None

    @property
    def stalled(self) -> bool:
        """Whether the thread is perhaps still writing after its time was over."""
        return self._stalled

    @property
    def waiting_bytes(self) -> int:
        """Bytes that wait to be written."""
        return self._waiting_bytes

    def submit(self, entries: Sequence[bytes], *, may_exceed: bool) -> asyncio.Future[int]:
        """Queue entries that stay together and in order; the result is the index of the first.

        Args:
            entries: Stored bytes, at least one.
            may_exceed: Whether twice the limit holds: for what ends a search.

        Raises:
            LedgerUnavailableError: The flusher is broken or closed.
            LedgerBusyError: Too much is waiting.
        """
        self._require_open()
        size_bytes = sum(map(len, entries))
        limit = self._limits.waiting_bytes * (2 if may_exceed else 1)
        if self._waiting_bytes + size_bytes > limit:
            raise LedgerBusyError(f"more than {limit} bytes wait to be written")
        done: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        self._waiting.append(_Group(entries, size_bytes, done))
        self._waiting_bytes += size_bytes
        self._wake.set()
        return done

    def fail(self, cause: BaseException) -> None:
        """Break for a reason from outside: what is written can no longer be proved."""
        self._break(cause)
        self._wake.set()

    async def close(self) -> None:
        """Write what waits, then close the files.

        Raises:
            LedgerUnavailableError: The files could not be closed in order.
        """
        self._closing = True
        self._wake.set()
        await asyncio.wait({self._task})
        if self._stalled:  # the thread may never come back, and it still uses the files
            self._thread.shutdown(wait=False)
            return
        loop = asyncio.get_running_loop()
        try:
            await loop.run_in_executor(self._thread, self._close_writer)
        except OSError as error:
            raise LedgerUnavailableError("the ledger could not be closed in order") from error
        finally:
            self._thread.shutdown(wait=False)

    def _close_writer(self) -> None:
        self._writer.close(clean=not self.broken)

    async def _run(self) -> None:
        while not self.broken and (self._waiting or not self._closing):
            if self._waiting:
                await self._write_batch()
            else:
                self._wake.clear()
                await self._wake.wait()

    async def _write_batch(self) -> None:
        self._writing = self._take_batch()
        entries = [entry for group in self._writing for entry in group.entries]
        loop = asyncio.get_running_loop()
        job = loop.run_in_executor(self._thread, self._writer.commit, entries)
        await asyncio.wait({job}, timeout=self._limits.stall_s)
        if not job.done():
            self._stalled = True
            job.add_done_callback(_forget)
            self._break(TimeoutError("a write or sync took too long"))
        elif (error := job.exception()) is not None:
            self._break(error)
        else:
            self._resolve(job.result())

    def _take_batch(self) -> list[_Group]:
        batch: list[_Group] = []
        size_bytes = 0
        while self._waiting and size_bytes < self._limits.batch_bytes:
            group = self._waiting.popleft()
            size_bytes += group.size_bytes
            batch.append(group)
        self._waiting_bytes -= size_bytes
        return batch

    def _resolve(self, first: int) -> None:
        for group in self._writing:
            if not group.done.done():  # its caller may have been cancelled
                group.done.set_result(first)
            first += len(group.entries)
        self._writing = []
        self.on_grown()

    def _break(self, cause: BaseException) -> None:
        if self.broken:
            return
        self._cause = cause
        for group in (*self._writing, *self._waiting):
            if not group.done.done():
                group.done.set_exception(self._unavailable())
        self._writing = []
        self._waiting.clear()
        self._waiting_bytes = 0
        # Later, by the loop: an error in the callback is the loop's to report, not the callers'.
        self._task.get_loop().call_soon(self._on_broken, self._unavailable())

    def _on_task_end(self, task: asyncio.Task[None]) -> None:
        error = asyncio.CancelledError() if task.cancelled() else task.exception()
        if error is not None and not self.broken:
            self._stalled = bool(self._writing)
            self._break(error)

    def _require_open(self) -> None:
        if self.broken:
            raise self._unavailable()
        if self._closing:
            raise LedgerUnavailableError("the ledger is closed")

    def _unavailable(self) -> LedgerUnavailableError:
        # One object for each caller: a shared one would collect the traces of all of them.
        error = LedgerUnavailableError("the ledger cannot write; nothing may be answered")
        error.__cause__ = self._cause
        return error


def _nothing() -> None:
    """Do nothing: nobody follows the log."""


def _forget(job: asyncio.Future[int]) -> None:
    # The callers have their error; asyncio would complain of an error that nobody looks at.
    if not job.cancelled():
        job.exception()
