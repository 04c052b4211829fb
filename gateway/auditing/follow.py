"""Follow a ledger for an auditor: what is there, then each entry as it comes.

A follower has no end of its own, so each look gives its caller the chance to end it, few may follow
at a time, and a server that stops ends them all.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator, Callable, Iterator
from contextlib import contextmanager
from itertools import islice
from typing import TYPE_CHECKING, Final

from gateway.errors import OverloadedError
from gateway.ledger.read import POLL_S
from gateway.ledger.segments import Walk, find_position

if TYPE_CHECKING:
    from pathlib import Path

    from gateway.ledger.filter import Stored
    from gateway.ledger.frames import Frame

MAX_FOLLOWERS: Final = 64
_CHUNK: Final = 1_024
"""Entries that are looked at in one go off the event loop."""

Numbered = tuple[int, bytes]


class Following:
    """Lets callers follow one ledger until its server stops.

    Args:
        folder: The ledger.
        draining: Is set when the server stops.
        most: How many may follow at a time.
    """

    def __init__(self, folder: Path, draining: asyncio.Event, most: int = MAX_FOLLOWERS) -> None:
        self._folder = folder
        self._draining = draining
        self._most = most
        self._count = 0

    @contextmanager
    def place(self) -> Iterator[None]:
        """Take one of the places, and give it back.

        Raises:
            OverloadedError: All are taken.
        """
        if self._count >= self._most:
            raise OverloadedError("too many follow this ledger", limit=f"{self._most} callers")
        self._count += 1
        try:
            yield
        finally:
            self._count -= 1

    async def entries(
        self, keeps: Callable[[Stored], bool], start: int
    ) -> AsyncGenerator[Numbered | None, None]:
        """Yield what is kept from an index on, and None after each look; end with the server.

        Raises:
            LedgerCorruptError: The log is damaged or ends before its mark.
        """
        position = await asyncio.to_thread(find_position, self._folder, start)
        while not self._draining.is_set():
            walk = Walk(self._folder, position)
            frames = iter(walk)
            while chunk := await asyncio.to_thread(_take, frames):
                for index, data in chunk:
                    if index >= start and keeps(json.loads(data)):
                        yield index, data
            position = walk.position
            yield None
            await self._pause()

    async def _pause(self) -> None:
        try:
            async with asyncio.timeout(POLL_S):
                await self._draining.wait()
        except TimeoutError:
            return


def _take(frames: Iterator[Frame]) -> list[Numbered]:
    return [(frame.index, frame.entry) for frame in islice(frames, _CHUNK)]
