"""Follow the log: after it has grown, have the tiles written and a checkpoint signed.

Entries that came meanwhile go into the next checkpoint, so one is made at most every half second
and a busy log is not slowed down. An error breaks the whole ledger: what cannot be proved may not
be answered either.
"""

from __future__ import annotations

import asyncio
import contextlib
import heapq
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from typing import TYPE_CHECKING

from gateway.ledger.errors import LedgerUnavailableError

if TYPE_CHECKING:
    from gateway.ledger.tiles.integrator import Integrator, Published


class Sequencer:
    """The one task that makes checkpoints.

    Args:
        integrator: Does it; nobody else uses it.
        durable: Tells how many entries are durable.
        on_error: Called once, in the event loop, with what went wrong.
        interval_s: Seconds between two checkpoints at least.

    Attributes:
        published: The newest checkpoint, or None if there is none yet.
    """

    def __init__(
        self,
        integrator: Integrator,
        durable: Callable[[], int],
        on_error: Callable[[BaseException], None],
        *,
        interval_s: float,
    ) -> None:
        self.published: Published | None = integrator.published
        self._integrator = integrator
        self._durable = durable
        self._on_error = on_error
        self._interval_s = interval_s
        self._waiting: list[tuple[int, int, asyncio.Future[None]]] = []
        self._order = count()
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="checkpoints")
        self._grown = asyncio.Event()
        self._grown.set()  # a crash may have left entries that are in no tile
        self._closing = asyncio.Event()
        self._ended = False
        self._task = asyncio.create_task(self._run(), name="ledger-sequencer")

    @property
    def size(self) -> int:
        """How many entries the newest checkpoint covers."""
        return self.published.tree.size if self.published is not None else 0

    def wake(self) -> None:
        """Say that the log has grown."""
        self._grown.set()

    async def covered(self, index: int) -> None:
        """Wait until a checkpoint covers an entry.

        Raises:
            LedgerUnavailableError: None ever will.
        """
        if index < self.size:
            return
        if self._ended:
            raise LedgerUnavailableError("the ledger makes no checkpoints any more")
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        heapq.heappush(self._waiting, (index, next(self._order), done))
        await done

    async def close(self, *, finish: bool) -> None:
        """Make a last checkpoint, if the ledger is whole, and stop."""
        if not finish:
            self._ended = True
        self._closing.set()
        self._grown.set()
        await asyncio.wait({self._task})
        self._end()
        self._thread.shutdown(wait=False)

    async def _run(self) -> None:
        try:
            while not self._closing.is_set():
                await self._grown.wait()
                self._grown.clear()
                await self._advance()
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._closing.wait(), self._interval_s)
            await self._advance()
        except Exception as error:  # noqa: BLE001 - whatever it is, no checkpoint comes any more
            self._end()
            self._on_error(error)

    async def _advance(self) -> None:
        size = self._durable()
        if size > self.size and not self._ended:
            loop = asyncio.get_running_loop()
            job = loop.run_in_executor(self._thread, self._integrator.advance, size)
            self.published = await job
            self._resolve()

    def _resolve(self) -> None:
        while self._waiting and self._waiting[0][0] < self.size:
            _, _, done = heapq.heappop(self._waiting)
            if not done.done():  # its caller may have been cancelled
                done.set_result(None)

    def _end(self) -> None:
        self._ended = True
        for _, _, done in self._waiting:
            if not done.done():
                error = LedgerUnavailableError("the ledger makes no checkpoints any more")
                done.set_exception(error)
        self._waiting.clear()
