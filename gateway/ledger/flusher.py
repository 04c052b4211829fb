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
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from gateway.ledger.errors import LedgerBusyError, LedgerUnavailableError
from gateway.ledger.worker import Worker

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


class _Group(NamedTuple):
    """Entries that one caller wants to have in the log."""

    entries: Sequence[bytes]
    size_bytes: int
    done: asyncio.Future[int]


class Flusher:
    """The one that writes. Make it in the event loop of those that call it.

    Args:
        writer: The end of the ledger; nobody else uses it.
        limits: How large things may become.
        on_broken: Called once, in the event loop, when the flusher breaks.
    """

    def __init__(self, writer: Writer, limits: Limits, on_broken: OnBroken) -> None:
        self._writer = writer
        self._limits = limits
        self._on_broken = on_broken
        self._loop = asyncio.get_running_loop()
        self._worker = Worker("ledger")
        self._waiting: deque[_Group] = deque()
        self._waiting_bytes = 0
        self._writing: list[_Group] = []
        self._is_busy = False
        self._began = 0.0
        self._watch: asyncio.TimerHandle | None = None
        self._idle = asyncio.Event()
        self._closing = False
        self._cause: BaseException | None = None
        self._stalled = False
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
        done: asyncio.Future[int] = self._loop.create_future()
        self._waiting.append(_Group(entries, size_bytes, done))
        self._waiting_bytes += size_bytes
        if not self._is_busy:
            self._write_batch()
        return done

    def fail(self, cause: BaseException) -> None:
        """Break for a reason from outside: what is written can no longer be proved."""
        self._break(cause)

    async def close(self) -> None:
        """Write what waits, then close the files.

        Raises:
            LedgerUnavailableError: The files could not be closed in order.
        """
        self._closing = True
        while self._is_busy and not self._stalled:
            self._idle.clear()
            await self._idle.wait()
        if not self._stalled:  # else the thread may never come back, and it still uses the files
            await self._close_writer()
        self._worker.end()
        if self._watch is not None:
            self._watch.cancel()

    async def _close_writer(self) -> None:
        closed: asyncio.Future[int | BaseException] = self._loop.create_future()
        self._worker.do(self._close_files, closed.set_result)
        if isinstance(error := await asyncio.shield(closed), BaseException):
            self._worker.end()
            raise LedgerUnavailableError("the ledger could not be closed in order") from error

    def _close_files(self) -> int:
        self._writer.close(clean=not self.broken)
        return 0

    def _write_batch(self) -> None:
        self._is_busy = True
        self._writing = self._take_batch()
        entries = [entry for group in self._writing for entry in group.entries]
        self._began = self._loop.time()
        if self._watch is None:
            self._look_again_in(self._limits.stall_s)
        self._worker.do(partial(self._writer.commit, entries), self._on_written)

    def _take_batch(self) -> list[_Group]:
        batch: list[_Group] = []
        size_bytes = 0
        while self._waiting and size_bytes < self._limits.batch_bytes:
            group = self._waiting.popleft()
            size_bytes += group.size_bytes
            batch.append(group)
        self._waiting_bytes -= size_bytes
        return batch

    def _on_written(self, end: int | BaseException) -> None:
        if isinstance(end, BaseException):
            self._break(end)
        elif not self.broken:
            self._resolve(end)
        # Those that wake now write again at once: later, they are all in the next batch.
        self._loop.call_soon(self._go_on)

    def _go_on(self) -> None:
        if self._waiting:
            self._write_batch()
        else:
            self._is_busy = False
            self._idle.set()

    def _look_again_in(self, seconds: float) -> None:
        self._watch = self._loop.call_later(seconds, self._look_after)

    def _look_after(self) -> None:
        """Look whether the batch takes too long: one timer for many of them."""
        self._watch = None
        left = self._began + self._limits.stall_s - self._loop.time()
        if self._is_busy and left > 0:
            self._look_again_in(left)
        elif self._is_busy:
            self._stalled = True
            self._break(TimeoutError("a write or sync took too long"))
            self._idle.set()

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
        self._loop.call_soon(self._on_broken, self._unavailable())

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
