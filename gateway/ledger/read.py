"""Read a ledger without its writer: for the auditor, the command line and the checks.

Nothing here takes the lock or writes. Beside a running writer a reader sees whole entries only; it
stops where the writer is in the middle of one.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from itertools import islice
from pathlib import Path
from typing import Final

from gateway.ledger.entry import Entry, parse_entry
from gateway.ledger.errors import EntryRejectedError, LedgerCorruptError
from gateway.ledger.frames import Frame
from gateway.ledger.segments import Walk, find_position

Sleep = Callable[[float], Awaitable[None]]

POLL_S: Final = 0.5
"""Seconds between two looks at a ledger that is followed."""

_AT_ONCE: Final = 256
"""Entries that are read in one go off the event loop."""


def read_stored(directory: Path, start: int = 0) -> Iterator[tuple[int, bytes]]:
    """Yield the index and the stored bytes of each entry from `start` on.

    Raises:
        LedgerCorruptError: The log is damaged or ends before its mark.
    """
    for frame in Walk(directory, find_position(directory, start)):
        if frame.index >= start:
            yield frame.index, frame.entry


def read_entries(directory: Path, start: int = 0) -> Iterator[tuple[int, Entry]]:
    """Yield the index and the entry of each entry from `start` on.

    Raises:
        LedgerCorruptError: The log is damaged, ends before its mark, or holds what is no entry.
    """
    for index, stored in read_stored(directory, start):
        yield index, _parse(directory, index, stored)


async def follow(
    directory: Path, start: int = 0, *, sleep: Sleep = asyncio.sleep
) -> AsyncIterator[tuple[int, Entry]]:
    """Yield entries from `start` on, and then each new one as it comes; never ends by itself.

    Args:
        directory: Where the ledger is.
        start: Index of the first entry wanted.
        sleep: Waits for a number of seconds between two looks.

    Raises:
        LedgerCorruptError: As `read_entries`.
    """
    position = await asyncio.to_thread(find_position, directory, start)
    while True:
        walk = Walk(directory, position)
        frames = iter(walk)
        while entries := await asyncio.to_thread(_take, directory, frames):
            for index, entry in entries:
                if index >= start:
                    yield index, entry
        position = walk.position
        await sleep(POLL_S)


def check_chain(directory: Path) -> int:
    """Check every frame from the first to the last and return how many entries there are.

    Raises:
        LedgerCorruptError: A frame is damaged, missing, moved or exchanged, or the log ends
            before its mark. Names file and offset.
    """
    return sum(1 for _ in Walk(directory))


def _take(directory: Path, frames: Iterator[Frame]) -> list[tuple[int, Entry]]:
    some = islice(frames, _AT_ONCE)
    return [(frame.index, _parse(directory, frame.index, frame.entry)) for frame in some]


def _parse(directory: Path, index: int, stored: bytes) -> Entry:
    try:
        return parse_entry(stored)
    except EntryRejectedError as error:
        raise LedgerCorruptError(f"{directory}: entry {index} is not an entry") from error
