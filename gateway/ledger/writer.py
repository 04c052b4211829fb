"""Put batches of entries into the segments so that they outlast a power cut.

All of this blocks and runs in one thread, the ledger's own. After any error the writer is not
used again: after a failed sync the system may have dropped the bytes and say of the next sync
that all is well.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gateway.ledger.disk import write_all
from gateway.ledger.frames import encode_frame, frame_digest
from gateway.ledger.segments import Position, segment_path

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from gateway.ledger.disk import Disk
    from gateway.ledger.mark import Mark


@dataclass(frozen=True, slots=True)
class Place:
    """Where a writer writes and through what.

    Attributes:
        directory: Where the ledger is.
        disk: The file layer.
        segment_bytes: A segment ends before it would become larger than this.
    """

    directory: Path
    disk: Disk
    segment_bytes: int


class Writer:
    """The end of a ledger.

    Args:
        place: Where to write.
        position: The end of the log as recovery found it.
        mark: The mark, open.

    Raises:
        OSError: The segment cannot be opened.
    """

    def __init__(self, place: Place, position: Position, mark: Mark) -> None:
        self._place = place
        self._position = position
        self._mark = mark
        self._fd = self._open_segment(position.segment)

    @property
    def position(self) -> Position:
        """The end of what is durable."""
        return self._position

    def commit(self, entries: Sequence[bytes]) -> int:
        """Write one batch, wait until it is durable and return the index of its first entry.

        Raises:
            OSError: Not durable, or it is not known; use this writer no more.
        """
        first = self._position.next_index
        data, last_digest = _encode_batch(entries, self._position)
        if self._position.offset and self._position.offset + len(data) > self._place.segment_bytes:
            self._roll()
        write_all(self._place.disk, self._fd, data)
        self._place.disk.fdatasync(self._fd)
        self._position = Position(
            self._position.segment,
            self._position.offset + len(data),
            first + len(entries),
            last_digest,
        )
        self._mark.write(self._position.next_index)
        return first

    def close(self, *, clean: bool) -> None:
        """Close the files; sync the mark too if all went well.

        Raises:
            OSError: The mark could not be synced or a file not be closed.
        """
        try:
            if clean:
                self._mark.sync()
        finally:
            self._mark.close()
            self._place.disk.close(self._fd)

    def _roll(self) -> None:
        # Everything in the old segment is synced: that was the end of the last commit.
        self._place.disk.close(self._fd)
        self._position = self._position._replace(segment=self._position.segment + 1, offset=0)
        self._fd = self._open_segment(self._position.segment)

    def _open_segment(self, number: int) -> int:
        path = segment_path(self._place.directory, number)
        fd = self._place.disk.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        self._place.disk.fsync_dir(self._place.directory)
        return fd


def _encode_batch(entries: Sequence[bytes], position: Position) -> tuple[bytes, bytes]:
    frames = []
    previous = position.previous
    for number, entry in enumerate(entries):
        frame = encode_frame(
            entry, position.next_index + number, position=number, previous=previous
        )
        previous = frame_digest(frame)
        frames.append(frame)
    return b"".join(frames), previous
