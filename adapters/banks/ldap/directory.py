"""Ask a directory from the event loop: sessions in worker threads, stopped when nobody waits.

A session with which anything went wrong is not used again. One that turns out to have been cut off
while it was idle is replaced once, within the same call.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator
from concurrent.futures import ThreadPoolExecutor

from adapters.banks.ldap.session import Address, Page, Query, Session
from adapters.contract import BankTimeoutError, BankUnavailableError

__all__ = ["Directory"]


class Directory:
    """One directory.

    Args:
        address: Where it is.
        pool: Sessions at most; a scan of all entries has one of its own beside them.
    """

    def __init__(self, address: Address, pool: int) -> None:
        self._address = address
        self._free = asyncio.Semaphore(pool)
        self._threads = ThreadPoolExecutor(pool + 2, thread_name_prefix="ldap")
        self._idle: list[Session] = []
        self._busy: set[Session] = set()
        self._closed = False

    async def page(self, query: Query, size: int, timeout_s: float) -> Page:
        """Find the first page of entries.

        Args:
            query: What is searched.
            size: Entries in the page at most.
            timeout_s: When to give up, in seconds from now.

        Raises:
            BankTimeoutError: The time was over; the directory was told.
            BankUnavailableError: The directory cannot be reached or does not serve now.
            BankFaultError: It refused us or the search.
        """
        until = time.monotonic() + timeout_s
        try:
            async with asyncio.timeout(timeout_s), self._free:
                return await self._try(query, size, until)
        except TimeoutError:
            raise BankTimeoutError("the directory did not answer in time") from None

    async def _try(self, query: Query, size: int, until: float) -> Page:
        while True:
            session = self._idle.pop() if self._idle else Session(self._address)
            used = session.used
            try:
                page = await self._run(session, query, size, until)
            except BankUnavailableError:
                if not used:
                    raise
                continue
            self._idle.append(session)
            return page

    async def pages(self, query: Query, size: int, timeout_s: float) -> AsyncGenerator[Page]:
        """Find all entries, page by page, in a session of its own. Raises as `page`.

        Args:
            query: What is searched.
            size: Entries in a page at most.
            timeout_s: When to give up a page.
        """
        session = Session(self._address)
        try:
            after = b""
            while True:
                until = time.monotonic() + timeout_s
                page = await self._run(session, query, size, until, after=after)
                yield page
                after = page.more
                if not after:
                    return
        finally:
            session.stop()

    async def _run(
        self, session: Session, query: Query, size: int, until: float, *, after: bytes = b""
    ) -> Page:
        """Run in a thread; stop the session where it fails or nobody waits any more."""
        if self._closed:
            raise BankUnavailableError("the bank was closed")
        self._busy.add(session)
        loop = asyncio.get_running_loop()
        work = loop.run_in_executor(
            self._threads, lambda: session.search(query, size, until, after=after)
        )
        try:
            async with asyncio.timeout(until - time.monotonic()):
                return await work
        except BaseException:
            session.stop()
            raise
        finally:
            self._busy.discard(session)

    async def close(self) -> None:
        """Stop what runs, then close. Safe to call twice."""
        self._closed = True
        for session in self._busy:
            session.stop()
        idle, self._idle = self._idle, []
        loop = asyncio.get_running_loop()
        if idle:
            await asyncio.gather(*(loop.run_in_executor(None, session.close) for session in idle))
        await asyncio.to_thread(self._threads.shutdown, wait=True, cancel_futures=True)
