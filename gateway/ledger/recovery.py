"""Bring a ledger back after whatever ended its last writer.

Every frame is read and checked. A torn end is copied aside, then cut off. What lies beyond the mark
was perhaps never synced, or its sync failed and the system only remembers it: it is written
again in place and synced, so that nothing is built upon bytes that exist in memory alone.
Searches that have an intent and no end are handed over to be closed.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gateway.ledger.disk import write_all
from gateway.ledger.entry import parse_entry
from gateway.ledger.kinds import CLOSING, OPENING, Side
from gateway.ledger.segments import Position, Walk, segment_path

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from gateway.ledger.disk import Disk
    from gateway.ledger.entry import Entry
    from gateway.ledger.frames import Frame


@dataclass(frozen=True, slots=True)
class Recovered:
    """What was found.

    Attributes:
        position: The end of the log.
        orphans: Intents of searches that never ended, in their order.
        torn: Where the torn end was copied to, or None.
    """

    position: Position
    orphans: tuple[Entry, ...]
    torn: Path | None


def recover(
    directory: Path, disk: Disk, watch: Callable[[Frame, Position], None] | None = None
) -> Recovered:
    """Check the whole log and make its end one that can be written on.

    Args:
        directory: Where the ledger is.
        disk: The file layer.
        watch: Is given each frame and the place after it, so that the log is read once.

    Raises:
        LedgerCorruptError: The log is damaged; nothing was changed.
        EntryRejectedError: An open intent is not an entry of this version; nothing was changed.
        OSError: The log cannot be read or its end not be repaired.
    """
    walk = Walk(directory)
    searches = _Searches()
    unproved: Position | None = None
    before = walk.position
    for frame in walk:
        if unproved is None and frame.index >= walk.durable:
            unproved = before
        searches.note(frame)
        if watch is not None:
            watch(frame, walk.position)
        before = walk.position
    orphans = searches.list_orphans()
    torn = _cut_tail(walk, disk) if walk.tail else None
    if unproved is not None:
        _settle(directory, disk, unproved, walk.position)
    return Recovered(walk.position, orphans, torn)


class _Searches:
    """The searches that are open at a point of the log."""

    def __init__(self) -> None:
        self._open: dict[tuple[str, ...], bytes] = {}

    def note(self, frame: Frame) -> None:
        loaded = json.loads(frame.entry)
        # A node has an intent for each of its banks, and each of them has its own end.
        banks = loaded.get("banks", ()) if loaded.get("side") == Side.NODE else ()
        search = (loaded.get("search_id", ""), *banks)
        if loaded["kind"] in OPENING:
            self._open[search] = frame.entry
        elif loaded["kind"] in CLOSING:
            self._open.pop(search, None)

    def list_orphans(self) -> tuple[Entry, ...]:
        return tuple(map(parse_entry, self._open.values()))


def _cut_tail(walk: Walk, disk: Disk) -> Path:
    torn = _copy_aside(walk, disk)
    fd = disk.open(segment_path(walk.directory, walk.position.segment), os.O_WRONLY)
    try:
        disk.truncate(fd, walk.position.offset)
        disk.fdatasync(fd)
    finally:
        disk.close(fd)
    return torn


def _copy_aside(walk: Walk, disk: Disk) -> Path:
    torn = _free_name(walk.directory, walk.position.next_index)
    fd = disk.open(torn, os.O_WRONLY | os.O_CREAT | os.O_EXCL)
    try:
        write_all(disk, fd, walk.tail)
        disk.fdatasync(fd)
    finally:
        disk.close(fd)
    disk.fsync_dir(walk.directory)
    return torn


def _free_name(directory: Path, index: int) -> Path:
    # The same index can be torn twice: by a crash, and by another before anything was written.
    path = directory / f"torn-{index}.bin"
    number = 1
    while path.exists():
        path = directory / f"torn-{index}-{number}.bin"
        number += 1
    return path


def _settle(directory: Path, disk: Disk, begin: Position, end: Position) -> None:
    # Segments before the last were synced before the next began.
    offset = begin.offset if begin.segment == end.segment else 0
    path = segment_path(directory, end.segment)
    data = path.read_bytes()[offset : end.offset]
    fd = disk.open(path, os.O_WRONLY)
    try:
        os.lseek(fd, offset, os.SEEK_SET)
        write_all(disk, fd, data)
        disk.fdatasync(fd)
    finally:
        disk.close(fd)
